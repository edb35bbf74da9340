import { Button, TextInput, UnstyledButton } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { QueryInput } from '#contract/endpoint.ts'
import { listDraftChoices } from '#contract/what-if.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/hits.module.css'

export type Chosen = { key: string; name: string }
export type ChoiceKind = QueryInput<typeof listDraftChoices>['kind']

/** A field and what it finds, each a button; `made` are units that the draft itself makes. */
export function ChoicePicker(props: {
  id: string
  kind: ChoiceKind
  label: string
  value: Chosen | null
  made?: readonly Chosen[]
  onChange: (next: Chosen | null) => void
}) {
  const { t } = useTexts()
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 180)
    return () => clearTimeout(timer)
  }, [text])
  const searching = props.value === null && asked.length > 0
  const query = useCall(
    listDraftChoices,
    { query: { kind: props.kind, text: asked } },
    { enabled: searching, keep: true },
  )
  // What was found for another text must not be picked for this one.
  const found = searching && asked === text.trim() && !query.isPlaceholderData ? query.data : undefined
  const fits = (one: Chosen) => one.name.toLocaleLowerCase('da').includes(asked.toLocaleLowerCase('da'))
  const hits = found && [
    ...(props.made ?? []).filter(fits).map(one => ({ ...one, note: null as string | null })),
    ...found.rows,
  ]
  const pick = (next: Chosen | null) => {
    setText('')
    setAsked('')
    props.onChange(next)
    // The button that was pressed is gone; the field stays.
    setTimeout(() => document.getElementById(props.id)?.focus(), 0)
  }
  if (props.value !== null)
    return (
      <div className={classes.picker}>
        <TextInput id={props.id} readOnly label={props.label} value={props.value.name} />
        <div>
          <Button variant="default" size="xs" onClick={() => pick(null)}>
            {t('drafts.field.other')}
          </Button>
        </div>
      </div>
    )
  return (
    <div className={classes.picker}>
      <TextInput
        id={props.id}
        type="search"
        label={props.label}
        value={text}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        onChange={event => setText(event.currentTarget.value)}
      />
      {hits && hits.length === 0 && (
        <p role="status" className="meta">
          {t('drafts.field.none')}
        </p>
      )}
      {hits && hits.length > 0 && (
        <ul className={classes.hits}>
          {hits.map(hit => (
            <li key={hit.key}>
              <UnstyledButton className={classes.hit} onClick={() => pick({ key: hit.key, name: hit.name })}>
                <span>
                  {hit.name} {hit.note && <span className="meta">{hit.note}</span>}
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
