import { IconMinus, IconPencil, IconPlus } from '@tabler/icons-react'
import type { ActivityNames } from '#contract/activities.ts'
import type { ContentChange } from '#contract/activity-versions.ts'
import { useTexts } from '../../texts/i18n.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Status } from '../../ui/status.tsx'
import { entryWords, valueWords } from './content-words.ts'
import { useTerms } from './use-terms.ts'

const SIGNS = { added: ['ok', IconPlus], removed: ['bad', IconMinus], changed: ['info', IconPencil] } as const
/** Fields whose key is the entry itself, or says less than the values do. */
const PLAIN = ['units', 'kle', 'measures']

/** What sets two versions apart, in words: what was, and what is. */
export function ContentDiff(props: {
  changes: readonly ContentChange[]
  names: ActivityNames
  people?: Readonly<Record<string, string>>
}) {
  const texts = useTexts()
  const terms = useTerms()
  const { t, all } = texts
  const words = { texts, terms, names: props.names, ...(props.people ? { people: props.people } : {}) }
  const parts: Record<string, string> = all.activity.diff.parts
  const fields: Record<string, string> = all.activity.diff.fields
  if (props.changes.length === 0) return <p>{t('activity.versions.none')}</p>
  return (
    <DataTable
      caption={t('activity.versions.what')}
      rows={[...props.changes]}
      rowKey={one => [one.field, one.key, one.part].join(' ')}
      cards
      empty={null}
      columns={[
        {
          key: 'field',
          width: '26%',
          label: t('activity.versions.what'),
          cell: one => (
            <>
              <Status tone={SIGNS[one.kind][0]} icon={SIGNS[one.kind][1]} plain>
                {t(`activity.diff.${one.kind}`)}
              </Status>
              <div>
                {fields[one.field] ?? one.field}
                {one.part && `: ${parts[one.part] ?? one.part}`}
              </div>
              {one.key !== null && one.part !== null && !PLAIN.includes(one.field) && (
                <div className="meta">{entryWords(words, one.field, one.key)}</div>
              )}
            </>
          ),
        },
        {
          key: 'before',
          label: t('activity.versions.before'),
          cell: one => (one.before === null ? null : <del>{valueWords(words, one.field, one.part, one.before)}</del>),
        },
        {
          key: 'after',
          label: t('activity.versions.after'),
          cell: one => (one.after === null ? null : <ins>{valueWords(words, one.field, one.part, one.after)}</ins>),
        },
      ]}
    />
  )
}
