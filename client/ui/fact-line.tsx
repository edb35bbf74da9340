import { VisuallyHidden } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { fieldText, opText, valueText } from '../texts/field-text.ts'
import { useTexts } from '../texts/i18n.ts'

export type ReadCondition = { field: string; op: string; values: string[]; actual?: string | null }

/** "Stilling er Sagsbehandler": one condition as a sentence. */
export function ConditionText(props: { condition: ReadCondition }) {
  const { t } = useTexts()
  const { field, op, values } = props.condition
  const name = op.replace(/^\$/, '')
  return (
    <span>
      {fieldText(t, field)} {opText(t, field, op, values[0])}
      {name !== 'exists' && (
        <>
          {' '}
          {values.map((value, index) => (
            <span key={value}>
              {index > 0 && (index === values.length - 1 ? ` ${t('op.or')} ` : ', ')}
              <b style={{ fontWeight: 600 }}>{valueText(t, field, value)}</b>
            </span>
          ))}
        </>
      )}
    </span>
  )
}

/** A condition with its mark: met or not met, in icon and word. */
export function FactLine(props: { met: boolean; condition?: ReadCondition; children?: ReactNode }) {
  const { t } = useTexts()
  const { condition } = props
  const Sign = props.met ? IconCheck : IconX
  return (
    <li data-met={props.met ? 'yes' : 'no'}>
      <Sign size={15} stroke={2.2} aria-hidden />
      <VisuallyHidden>{t(props.met ? 'why.met' : 'why.notMet')}: </VisuallyHidden>
      <span>
        {condition ? <ConditionText condition={condition} /> : props.children}
        {condition && !props.met && condition.actual !== undefined && (
          <span className="dim"> ({t('why.actual', { actual: valueText(t, condition.field, condition.actual) })})</span>
        )}
      </span>
    </li>
  )
}
