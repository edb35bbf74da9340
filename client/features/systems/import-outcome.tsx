import { Link } from '@tanstack/react-router'
import type { ImportFault, ImportPlan } from '#contract/transfer.ts'
import { useTexts } from '../../texts/i18n.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { FaultTable, FirstOf, ImportOutcome, useFaultText, useWhere } from '../../ui/import-outcome.tsx'
import { changeLines } from './value-text.ts'

const useSaid = () => useFaultText<ImportFault['code']>(code => `transfer.fault.${code}`)

/** What a file would do, value by value, and every row that cannot be taken. */
export function SystemImportOutcome({ plan }: { plan: ImportPlan }) {
  const { t } = useTexts()
  const said = useSaid()
  const where = useWhere()
  const { counts, rows, total } = plan
  const lines = rows
    .filter(row => row.op === 'bad')
    .flatMap(row =>
      row.faults.map((fault, at) => ({
        ...{ key: `${row.line}-${row.sheet}-${at}`, where: where(fault) },
        ...{ name: row.name ?? row.key ?? '', text: said(fault) },
      })),
    )
  return (
    <ImportOutcome
      title={t('transfer.outcome')}
      counts={counts}
      also={counts.skipped > 0 && t('transfer.skipped', { count: counts.skipped })}
      shown={rows.length}
      total={total}
    >
      <FaultTable help={t('transfer.badHelp')} lines={lines} />
      <Changes plan={plan} />
      <NotTaken plan={plan} />
    </ImportOutcome>
  )
}

function NotTaken(props: { plan: ImportPlan }) {
  const { t } = useTexts()
  const said = useSaid()
  const where = useWhere()
  const { notTaken, notTakenTotal } = props.plan
  if (notTaken.length === 0) return null
  return (
    <section className="stack">
      <h3 className="section">{t('transfer.notTaken')}</h3>
      <p className="dim">{t('transfer.notTakenHelp')}</p>
      <DataTable
        caption={t('transfer.notTakenCaption')}
        columns={[
          { key: 'where', label: t('fileImport.where'), rank: 3, cell: ({ note }) => where(note) },
          { key: 'system', label: t('transfer.system'), cell: ({ note }) => note.system ?? '–' },
          { key: 'what', label: t('transfer.what'), cell: ({ note }) => said(note) },
        ]}
        rows={notTaken.map((note, at) => ({ note, key: String(at) }))}
        rowKey={row => row.key}
        empty={null}
      />
      <FirstOf shown={notTaken.length} total={notTakenTotal} />
    </section>
  )
}

function Changes(props: { plan: ImportPlan }) {
  const words = useTexts()
  const { t } = words
  const where = useWhere()
  const lines = props.plan.rows
    .filter(row => row.op !== 'bad')
    .flatMap(row =>
      row.changes.flatMap(change =>
        changeLines(words, change).map(line => ({
          row,
          line,
          key: `${row.line}-${row.sheet}-${change.field}-${line.key}`,
        })),
      ),
    )
  if (lines.length === 0) return null
  return (
    <section className="stack">
      <h3 className="section">{t('transfer.changes')}</h3>
      <DataTable
        caption={t('transfer.changesCaption')}
        columns={[
          { key: 'what', label: t('transfer.what'), cell: ({ line }) => line.what },
          {
            key: 'before',
            label: t('transfer.before'),
            cell: ({ line }) => line.before,
          },
          {
            key: 'after',
            label: t('transfer.after'),
            cell: ({ line }) => (line.gone ? <b>{t('transfer.takenAway')}</b> : line.after),
          },
        ]}
        groupOf={({ row }) => ({
          key: `${row.line}-${row.sheet}-${row.key}`,
          label: (
            <>
              {row.system ? (
                <Link to="/systems/$systemId/sheet" params={{ systemId: row.system }} className="link">
                  {row.name}
                </Link>
              ) : (
                row.name
              )}{' '}
              <span className="meta">
                {[
                  t(`transfer.op.${row.op === 'new' ? 'new' : 'changed'}`),
                  row.found && t(`transfer.foundBy.${row.found}`),
                  where(row),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </>
          ),
        })}
        rows={lines}
        rowKey={row => row.key}
        empty={null}
      />
    </section>
  )
}
