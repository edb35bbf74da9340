import type { RunDetail } from '#contract/feeds.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'

type Line = { key: string; what: string; now: string; median: string; differs: boolean }

/** This run beside the middle of the last ten: what is unlike them stands out. */
export function RunCompared(props: { run: RunDetail }) {
  const { t, number, duration } = useTexts()
  const { compared } = props.run
  if (compared.runs === 0) return null
  const lines: Line[] = compared.byKind.flatMap(one =>
    one.counts
      .filter(count => count.now > 0 || (count.median ?? 0) > 0)
      .map(count => ({
        key: `${one.kind}${count.name}`,
        what: `${t(`sync.record.${one.kind}`)}, ${t(`sync.columns.${count.name}`).toLowerCase()}`,
        now: number(count.now),
        median: count.median === null ? '–' : number(count.median),
        differs: count.median !== null && Math.abs(count.now - count.median) > Math.max(10, count.median * 0.25),
      })),
  )
  const seconds = (value: number | null) => (value === null ? '–' : duration(value * 1000))
  lines.push({
    key: 'seconds',
    what: t('sync.columns.duration'),
    now: seconds(compared.seconds.now),
    median: seconds(compared.seconds.median),
    differs: false,
  })
  const columns: Column<Line>[] = [
    { key: 'what', label: t('sync.what'), cell: row => row.what },
    {
      key: 'now',
      label: t('sync.compared.now'),
      number: true,
      cell: row => (row.differs ? <b>{row.now}</b> : row.now),
    },
    { key: 'median', label: t('sync.compared.median'), number: true, cell: row => row.median },
    {
      key: 'differs',
      label: t('sync.compared.differs'),
      rank: 3,
      cell: row => row.differs && <b>{t('sync.compared.unlike')}</b>,
    },
  ]
  return (
    <details>
      <summary className="section">{t('sync.compared.title', { count: compared.runs })}</summary>
      <DataTable
        caption={t('sync.compared.title', { count: compared.runs })}
        columns={columns}
        rows={lines}
        rowKey={row => row.key}
        empty={null}
      />
    </details>
  )
}
