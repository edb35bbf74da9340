import { TextInput, UnstyledButton } from '@mantine/core'
import { IconKey, IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listEntitlements } from '#contract/entitlements.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import classes from './hits.module.css'

export type PickedRight = Pick<ResponseOf<typeof listEntitlements>['rows'][number], 'id' | 'key' | 'name' | 'system'>

/** A field and the rights it finds by system, name or key; each is a button. */
export function RightPicker(props: {
  label: string
  hint?: string
  id?: string
  /** Only rights of systems that the reader owns. */
  own?: boolean
  except?: string
  onPick: (right: PickedRight) => void
}) {
  const { t } = useTexts()
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 180)
    return () => clearTimeout(timer)
  }, [text])
  const query = useCall(
    listEntitlements,
    { query: { text: asked, limit: 8, ...(props.own ? { own: 'true' } : {}) } },
    { enabled: asked.length > 1, keep: true },
  )
  const rows = asked.length > 1 ? query.data?.rows.filter(row => row.id !== props.except) : undefined
  return (
    <div className={classes.picker}>
      <TextInput
        {...(props.id ? { id: props.id } : {})}
        type="search"
        label={props.label}
        description={props.hint}
        value={text}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        leftSection={<IconSearch size={16} aria-hidden />}
        onChange={event => setText(event.currentTarget.value)}
      />
      {rows?.length === 0 && (
        <p role="status" className="meta">
          {t('groupDesk.nothingFound')}
        </p>
      )}
      {rows && rows.length > 0 && (
        <ul className={classes.hits}>
          {rows.map(row => (
            <li key={row.id}>
              <UnstyledButton
                className={classes.hit}
                onClick={() => {
                  setText('')
                  setAsked('')
                  props.onPick(row)
                }}
              >
                <IconKey size={16} aria-hidden />
                <span>
                  {row.system.name}: {row.name} <span className="meta">{row.key}</span>
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
