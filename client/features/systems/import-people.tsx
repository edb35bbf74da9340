import { NativeSelect } from '@mantine/core'
import type { ImportPlan, ImportSettings } from '#contract/transfer.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { WhoPicker } from '../../ui/who-picker.tsx'
import { fieldKey } from './value-text.ts'

export type Decision = { as: ImportSettings['people'][number]['as']; name: string | null }

/** People whom a file names without a number: each is chosen by somebody, kept as text, or skipped. */
export function ImportPeople(props: {
  people: ImportPlan['people']
  decided: ReadonlyMap<string, Decision>
  onDecide: (said: string, decision: Decision) => void
}) {
  const { t } = useTexts()
  return (
    <Card title={t('transfer.people')} id="people">
      <div className="stack">
        <p className="dim">{t('transfer.peopleHelp')}</p>
        <DataTable
          caption={t('transfer.peopleCaption')}
          columns={[
            {
              key: 'said',
              label: t('transfer.said'),
              cell: row => (
                <>
                  {row.said}
                  <div className="meta">
                    {[...row.fields.map(field => t(fieldKey(field))), t('transfer.times', { count: row.count })].join(
                      ' · ',
                    )}
                  </div>
                </>
              ),
            },
            {
              key: 'who',
              label: t('transfer.who'),
              cell: row => <Choice row={row} decision={props.decided.get(row.said)} onDecide={props.onDecide} />,
            },
          ]}
          rows={props.people}
          rowKey={row => row.said}
          empty={null}
        />
      </div>
    </Card>
  )
}

function Choice(props: {
  row: ImportPlan['people'][number]
  decision: Decision | undefined
  onDecide: (said: string, decision: Decision) => void
}) {
  const { t } = useTexts()
  const { row, decision } = props
  const as = decision?.as ?? 'skip'
  const value = typeof as === 'object' ? as.person : as
  const proposed = row.candidates.map(one => ({
    value: one.person.id,
    label: t('transfer.candidate', {
      name: one.person.name ?? t('people.protectedPerson'),
      title: [one.title, one.unit?.name].filter(Boolean).join(', ') || '–',
      why: t(`transfer.why.${one.why}`),
    }),
  }))
  const other = typeof as === 'object' && !proposed.some(one => one.value === as.person)
  return (
    <div className="stack">
      <NativeSelect
        aria-label={t('transfer.whoIs', { name: row.said })}
        value={value}
        onChange={event => {
          const chosen = event.currentTarget.value
          const next = chosen === 'skip' || chosen === 'words' ? chosen : { person: chosen }
          props.onDecide(row.said, { as: next, name: null })
        }}
        data={[
          { value: 'skip', label: t('transfer.skip') },
          ...proposed,
          ...(other ? [{ value, label: decision?.name ?? '' }] : []),
          { value: 'words', label: t('transfer.asWords') },
        ]}
      />
      <WhoPicker
        label={t('transfer.pick', { name: row.name ?? row.said })}
        onPick={who => props.onDecide(row.said, { as: { person: who.id }, name: who.name })}
      />
    </div>
  )
}
