import { IconHierarchy2, IconUser } from '@tabler/icons-react'
import { searchAll } from '#contract/home.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Finder, useFinding } from './finder.tsx'

export type Who = { kind: 'person' | 'unit'; id: string; name: string }

/** A field and the people (or units) it finds; each is a button. What is typed may be a name and is sent in a body. */
export function WhoPicker(props: {
  label: string
  hint?: string
  error?: string | undefined
  id?: string
  first?: boolean
  units?: boolean
  /** Units only. */
  noPeople?: boolean
  onPick: (who: Who) => void
}) {
  const { t } = useTexts()
  const finding = useFinding()
  const query = useCall(searchAll, { body: { text: finding.asked } }, { enabled: finding.on, keep: true })
  const answer = finding.on ? query.data : undefined
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
  const shown = hits.map(({ note, ...who }) => {
    const Sign = who.kind === 'person' ? IconUser : IconHierarchy2
    return {
      key: who.id,
      who,
      sign: <Sign size={16} aria-hidden />,
      body: (
        <>
          {who.name}
          {note && <span className="meta"> {note}</span>}
        </>
      ),
    }
  })
  return (
    <Finder
      {...{ finding, label: props.label, hint: props.hint, error: props.error, id: props.id, first: props.first }}
      hits={answer && shown}
      none={t('desk.nobodyFound')}
      onPick={hit => props.onPick(hit.who)}
    />
  )
}
