import { Link } from '@tanstack/react-router'
import type { ImportFault, ImportPlan } from '#contract/transfer.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { fieldKey, useValueText } from './sheet-value.tsx'

/** Where in the file it stands, as a spreadsheet counts. */
function useWhere() {
  const { t } = useTexts()
  return (one: { sheet: string | null; line: number }) =>
    one.sheet === null
      ? t('transfer.row', { line: one.line })
      : t('transfer.rowIn', { sheet: one.sheet, line: one.line })
}

/** What a file would do, value by value, and every row that cannot be taken. */
export function ImportOutcome(props: { plan: ImportPlan }) {
  const { t, number } = useTexts()
  const { counts, rows, total } = props.plan
  const bad = rows.filter(row => row.op === 'bad')
  const faults = bad.flatMap(row =>
    row.faults.map((fault, at) => ({ row, fault, key: `${row.line}-${row.sheet}-${at}` })),
  )
  return (
    <Card title={t('transfer.outcome')} id="outcome" tone={bad.length > 0 ? 'wait' : 'plain'}>
      <div className="stack">
        <p role="status">
          {t('transfer.counts', {
            new: number(counts.new),
            changed: number(counts.changed),
            unchanged: number(counts.unchanged),
            bad: number(counts.bad),
          })}{' '}
          {counts.skipped > 0 && t('transfer.skipped', { count: counts.skipped })}
        </p>
        {counts.new + counts.changed === 0 && <p>{t('transfer.nothing')}</p>}
        {faults.length > 0 && <Faults faults={faults} />}
        <Changes plan={props.plan} />
        <NotTaken plan={props.plan} />
        {total > rows.length && (
          <p className="meta">{t('transfer.shown', { shown: number(rows.length), total: number(total) })}</p>
        )}
      </div>
    </Card>
  )
}

/** What it is, and what to do. */
function useSaid() {
  const { t } = useTexts()
  return (fault: ImportFault) =>
    t(`transfer.fault.${fault.code}`, {
      column: fault.column ?? '',
      value: fault.value === '' ? '–' : `»${fault.value}«`,
      proposal: fault.proposal ?? '–',
    })
}

function NotTaken(props: { plan: ImportPlan }) {
  const { t, number } = useTexts()
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
          { key: 'where', label: t('transfer.where'), rank: 3, cell: ({ note }) => where(note) },
          { key: 'system', label: t('transfer.system'), cell: ({ note }) => note.system ?? '–' },
          { key: 'what', label: t('transfer.what'), cell: ({ note }) => said(note) },
        ]}
        rows={notTaken.map((note, at) => ({ note, key: String(at) }))}
        rowKey={row => row.key}
        empty={null}
      />
      {notTakenTotal > notTaken.length && (
        <p className="meta">{t('transfer.shown', { shown: number(notTaken.length), total: number(notTakenTotal) })}</p>
      )}
    </section>
  )
}

type FaultLine = { row: ImportPlan['rows'][number]; fault: ImportFault; key: string }
function Faults(props: { faults: FaultLine[] }) {
  const { t } = useTexts()
  const said = useSaid()
  const where = useWhere()
  return (
    <section className="stack">
      <h3 className="section">{t('transfer.bad')}</h3>
      <p className="dim">{t('transfer.badHelp')}</p>
      <DataTable
        caption={t('transfer.badCaption')}
        columns={[
          {
            key: 'where',
            label: t('transfer.where'),
            // Without its name a row is hard to find again, also on a narrow screen.
            cell: ({ fault, row }) => (
              <>
                {where(fault)}
                <div className="meta">{row.name ?? row.key ?? '–'}</div>
              </>
            ),
          },
          {
            key: 'problem',
            label: t('transfer.problem'),
            cell: ({ fault }) => said(fault),
          },
        ]}
        rows={props.faults}
        rowKey={row => row.key}
        empty={null}
      />
    </section>
  )
}

function Changes(props: { plan: ImportPlan }) {
  const { t } = useTexts()
  const text = useValueText()
  const where = useWhere()
  const lines = props.plan.rows
    .filter(row => row.op !== 'bad')
    .flatMap(row => row.changes.map(change => ({ row, change, key: `${row.line}-${row.sheet}-${change.field}` })))
  if (lines.length === 0) return null
  return (
    <section className="stack">
      <h3 className="section">{t('transfer.changes')}</h3>
      <DataTable
        caption={t('transfer.changesCaption')}
        columns={[
          { key: 'what', label: t('transfer.what'), cell: ({ change }) => t(fieldKey(change.field)) },
          {
            key: 'before',
            label: t('transfer.before'),
            cell: ({ change }) => text(change.field, change.before),
          },
          {
            key: 'after',
            label: t('transfer.after'),
            cell: ({ change }) =>
              change.after === null ? <b>{t('transfer.takenAway')}</b> : text(change.field, change.after),
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
