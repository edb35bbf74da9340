import { TextInput, UnstyledButton } from '@mantine/core'
import { IconHierarchy2, IconSearch, IconUser } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { searchAll } from '#contract/home.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import classes from './hits.module.css'

export type Who = { kind: 'person' | 'unit'; id: string; name: string }

/** A field and the people (or units) it finds; each is a button. What is typed may be a name and is sent in a body. */
export function WhoPicker(props: {
  label: string
  hint?: string
  error?: string | undefined
  id?: string
  units?: boolean
  /** Units only. */
  noPeople?: boolean
  onPick: (who: Who) => void
}) {
  const { t } = useTexts()
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 180)
    return () => clearTimeout(timer)
  }, [text])
  const query = useCall(searchAll, { body: { text: asked } }, { enabled: asked.length > 1, keep: true })
  const answer = asked.length > 1 ? query.data : undefined
  const hits: (Who & { note: string | null })[] = [
    ...(props.noPeople ? [] : (answer?.people ?? [])).map(person => ({
      kind: 'person' as const,
      id: person.id,
      name: person.name ?? t('people.protectedPerson'),
      note: [person.title, person.unit].filter(Boolean).join(' · ') || null,
    })),
    ...(props.units ? (answer?.units ?? []) : []).map(unit => ({
      kind: 'unit' as const,
      id: unit.id,
      name: unit.name,
      note: unit.parent,
    })),
  ]
  return (
    <div className={classes.picker}>
      <TextInput
        {...(props.id ? { id: props.id } : {})}
        type="search"
        label={props.label}
        description={props.hint}
        error={props.error}
        value={text}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        leftSection={<IconSearch size={16} aria-hidden />}
        onChange={event => setText(event.currentTarget.value)}
      />
      {answer && hits.length === 0 && (
        <p role="status" className="meta">
          {t('desk.nobodyFound')}
        </p>
      )}
      {hits.length > 0 && (
        <ul className={classes.hits}>
          {hits.map(hit => {
            const Sign = hit.kind === 'person' ? IconUser : IconHierarchy2
            return (
              <li key={hit.id}>
                <UnstyledButton
                  className={classes.hit}
                  onClick={() => {
                    setText('')
                    setAsked('')
                    props.onPick({ kind: hit.kind, id: hit.id, name: hit.name })
                  }}
                >
                  <Sign size={16} aria-hidden />
                  <span>
                    {hit.name}
                    {hit.note && <span className="meta"> {hit.note}</span>}
                  </span>
                </UnstyledButton>
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}
