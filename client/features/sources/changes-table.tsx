import type { SourceVersion } from '#contract/sources.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'

type Change = SourceVersion['changes'][number]

/** Settings before and after, by their place in the declaration. */
export function ChangesTable(props: { changes: Change[] }) {
  const { t } = useTexts()
  if (props.changes.length === 0) return <p className="dim">{t('sources.nothingChanged')}</p>
  const columns: Column<Change>[] = [
    {
      key: 'where',
      label: t('sources.setting'),
      cell: row => (
        <code style={{ overflowWrap: 'anywhere' }}>{row.where.replace(/^\//, '').replaceAll('/', '.')}</code>
      ),
    },
    {
      key: 'before',
      label: t('sources.before'),
      cell: row => row.before !== null && <del style={{ color: 'var(--app-bad)' }}>{row.before}</del>,
    },
    {
      key: 'after',
      label: t('sources.after'),
      cell: row =>
        row.after !== null && <ins style={{ color: 'var(--app-ok)', textDecoration: 'none' }}>{row.after}</ins>,
    },
  ]
  return (
    <DataTable
      caption={t('sources.changesCaption')}
      columns={columns}
      rows={props.changes}
      rowKey={row => row.where}
      empty={null}
    />
  )
}
