import { type GuardLimit, getGuards } from '#contract/held.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { GuardsInForce } from './guards-in-force.tsx'

/** What the guards let through today: as set, as learned from earlier runs, and which of the two is in force. */
export function LearnedLimits(props: { sourceKey: string }) {
  const { t, number } = useTexts()
  const query = useCall(getGuards, { params: { sourceKey: props.sourceKey } })
  const say = (value: number | null) => (value === null ? '–' : number(value))
  const columns: Column<GuardLimit>[] = [
    { key: 'kind', label: t('sources.learned.columns.kind'), cell: row => t(`sync.record.${row.kind}`) },
    { key: 'op', label: t('sources.learned.columns.op'), cell: row => t(`sync.op.${row.op}`) },
    {
      key: 'population',
      label: t('sources.learned.columns.population'),
      number: true,
      rank: 1,
      cell: row => number(row.population),
    },
    {
      key: 'ceiling',
      label: t('sources.learned.columns.ceiling'),
      number: true,
      rank: 3,
      cell: row =>
        row.on ? (
          <>
            {say(row.ceiling)}
            {row.percent !== null && (
              <div className="meta">
                {t('sources.learned.share', { percent: number(row.percent), floor: say(row.floor) })}
              </div>
            )}
          </>
        ) : (
          t('sources.learned.off')
        ),
    },
    {
      key: 'usual',
      label: t('sources.learned.columns.usual'),
      rank: 2,
      cell: row => (
        <span className="meta">
          {row.usual === null
            ? t('sources.learned.tooFew')
            : t('sources.learned.usual', { usual: number(row.usual), count: row.runs })}
        </span>
      ),
    },
    {
      key: 'inForce',
      label: t('sources.learned.columns.inForce'),
      number: true,
      cell: row => <b>{row.on ? say(row.inForce) : t('sources.learned.off')}</b>,
    },
  ]
  return (
    <Answer query={query}>
      {guards => (
        <div className="stack">
          {guards.locked && <p>{t('sources.learned.locked')}</p>}
          <p className="dim">{t('sources.guardsHelp')}</p>
          <DataTable
            caption={t('sources.learned.caption')}
            columns={columns}
            rows={guards.limits}
            rowKey={row => `${row.kind}${row.op}`}
            empty={<Empty title={t('sources.learned.empty')} />}
          />
          <GuardsInForce guards={guards} />
        </div>
      )}
    </Answer>
  )
}
