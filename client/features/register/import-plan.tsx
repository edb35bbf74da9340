import { Link } from '@tanstack/react-router'
import type { RegisterFault, RegisterPlan } from '#contract/register-transfer.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { ContentDiff } from './content-diff.tsx'
import { useRemarkWords } from './remark-words.ts'

type Row = RegisterPlan['rows'][number]

/** Where in the file it stands, as a spreadsheet or the package counts. */
function useWhere(isPackage: boolean) {
  const { t } = useTexts()
  return (one: { sheet: string | null; line: number }) =>
    isPackage
      ? t('registerTransfer.number', { line: one.line })
      : one.sheet === null
        ? t('registerTransfer.row', { line: one.line })
        : t('registerTransfer.rowIn', { sheet: one.sheet, line: one.line })
}

/** What it is, and what to do. */
function useSaid() {
  const { t } = useTexts()
  return (fault: RegisterFault) =>
    t(`registerTransfer.fault.${fault.code}`, {
      column: fault.column ?? '',
      value: fault.value === '' ? '–' : `»${fault.value}«`,
      proposal: fault.proposal ?? '–',
    })
}

/** What a file would do, record by record, and everything that cannot be taken. */
export function RegisterImportPlan(props: { plan: RegisterPlan; isPackage: boolean }) {
  const { t, number } = useTexts()
  const { plan } = props
  const { counts, rows, total } = plan
  const bad = rows.filter(row => row.op === 'bad')
  return (
    <Card title={t('registerTransfer.outcome')} id="outcome" tone={bad.length > 0 ? 'wait' : 'plain'}>
      <div className="stack">
        <p role="status">
          {t('registerTransfer.counts', {
            ...{ new: number(counts.new), changed: number(counts.changed) },
            ...{ unchanged: number(counts.unchanged), bad: number(counts.bad) },
          })}{' '}
          {counts.remarks > 0 && t('registerTransfer.withRemarks', { count: counts.remarks })}
        </p>
        {counts.new + counts.changed === 0 && <p>{t('registerTransfer.nothing')}</p>}
        {bad.length > 0 && <Faults {...props} rows={bad} />}
        <Taken {...props} rows={rows.filter(row => row.op !== 'bad')} />
        {total > rows.length && (
          <p className="meta">{t('registerTransfer.shown', { shown: number(rows.length), total: number(total) })}</p>
        )}
      </div>
    </Card>
  )
}

function Faults(props: { rows: Row[]; isPackage: boolean }) {
  const { t } = useTexts()
  const said = useSaid()
  const where = useWhere(props.isPackage)
  const lines = props.rows.flatMap(row => row.faults.map((fault, at) => ({ row, fault, key: keyOf(row, at) })))
  return (
    <section className="stack">
      <h3 className="section">{t('registerTransfer.bad')}</h3>
      <p className="dim">{t('registerTransfer.badHelp')}</p>
      <DataTable
        caption={t('registerTransfer.badCaption')}
        columns={[
          {
            key: 'where',
            width: '36%',
            label: t('registerTransfer.where'),
            // Without its name a record is hard to find again, also on a narrow screen.
            cell: ({ row, fault }) => (
              <>
                {where(fault)}
                <div className="meta">{[row.ref, row.name].filter(Boolean).join(' ') || '–'}</div>
              </>
            ),
          },
          { key: 'what', label: t('registerTransfer.what'), cell: ({ fault }) => said(fault) },
        ]}
        rows={lines}
        rowKey={line => line.key}
        empty={null}
      />
    </section>
  )
}
const keyOf = (row: Row, at: number) => [row.sheet, row.line, row.ref, at].join(' ')

function Taken(props: { rows: Row[]; plan: RegisterPlan; isPackage: boolean }) {
  const { t } = useTexts()
  const where = useWhere(props.isPackage)
  if (props.rows.length === 0) return null
  return (
    <section className="stack">
      <h3 className="section">{t('registerTransfer.taken')}</h3>
      <DataTable
        caption={t('registerTransfer.takenCaption')}
        columns={[
          {
            key: 'record',
            width: '38%',
            label: t('registerTransfer.record'),
            cell: row => (
              <>
                {row.activityId ? (
                  <Link to="/activities/$activityId" params={{ activityId: row.activityId }} className="link">
                    {row.name}
                  </Link>
                ) : (
                  row.name
                )}
                <div className="meta">
                  {[
                    row.op === 'new'
                      ? t('registerTransfer.isNew')
                      : t('registerTransfer.isChanged', { ref: row.ref ?? '' }),
                    row.found && t(`registerTransfer.foundBy.${row.found}`),
                    where(row),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </div>
              </>
            ),
          },
          {
            key: 'becomes',
            label: t('registerTransfer.becomes'),
            cell: row => row.becomes && t(`registerTransfer.becomesOf.${row.becomes}`),
          },
          { key: 'look', label: t('registerTransfer.look'), cell: row => <Look row={row} plan={props.plan} /> },
        ]}
        rows={props.rows}
        rowKey={row => keyOf(row, 0)}
        empty={null}
      />
    </section>
  )
}

/** What of a record changes, what a colleague would remark on, and what is not taken: each behind its count. */
function Look({ row, plan }: { row: Row; plan: RegisterPlan }) {
  const { t } = useTexts()
  const said = useSaid()
  const words = useRemarkWords()
  const named = Object.entries(plan.names).map(([id, name]) => ({ id, name, key: '' }))
  return (
    <>
      {row.changes.length > 0 && (
        <details>
          <summary>{t('registerTransfer.changesOf', { count: row.changes.length })}</summary>
          <ContentDiff
            changes={row.changes}
            names={{ owner: null, units: named, systems: named }}
            people={plan.names}
          />
        </details>
      )}
      {row.notes.length > 0 && (
        <>
          <div className="meta">{t('registerTransfer.notesOf')}</div>
          <ul>
            {row.notes.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: notes of one plan never change places
              <li key={at}>{said(one)}</li>
            ))}
          </ul>
        </>
      )}
      {row.remarks.length > 0 && (
        <details>
          <summary>{t('registerTransfer.remarksOf', { count: row.remarks.length })}</summary>
          <ul>
            {row.remarks.map(one => (
              <li key={`${one.code} ${one.at}`}>{words(one)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
