import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTexts } from '../texts/i18n.ts'

/** On top of a form that was not accepted: what to correct, with links to the fields, and the focus. */
export function ErrorSummary(props: { errors: { field?: string; text: string }[] }) {
  const { t } = useTexts()
  const box = useRef<HTMLDivElement>(null)
  const count = props.errors.length
  useEffect(() => {
    if (count > 0) box.current?.focus()
  }, [count])
  if (count === 0) return null
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      role="alert"
      color="red"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={count > 1 || props.errors[0]?.field ? t('error.summary') : props.errors[0]?.text}
    >
      {(count > 1 || props.errors[0]?.field) && (
        <ul className="error-links">
          {props.errors.map(error => (
            <li key={error.text}>
              {error.field ? (
                <a className="link" href={`#${error.field}`}>
                  {error.text}
                </a>
              ) : (
                error.text
              )}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  )
}
