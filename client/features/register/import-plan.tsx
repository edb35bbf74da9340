import { Link } from '@tanstack/react-router'
import type { RegisterFault, RegisterPlan } from '#contract/register-transfer.ts'
import { useTexts } from '../../texts/i18n.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { FaultTable, ImportOutcome, useFaultText, useWhere } from '../../ui/import-outcome.tsx'
import { ContentDiff } from './content-diff.tsx'
import { useRemarkWords } from './remark-words.ts'

type Row = RegisterPlan['rows'][number]

/** Where in the file it stands, as a spreadsheet or the package counts. */
function useWhereIn(isPackage: boolean) {
  const { t } = useTexts()
  const where = useWhere()
  return (one: { sheet: string | null; line: number }) =>
    isPackage ? t('registerTransfer.number', { line: one.line }) : where(one)
}
const useSaid = () => useFaultText<RegisterFault['code']>(code => `registerTransfer.fault.${code}`)

/** What a file would do, record by record, and everything that cannot be taken. */
export function RegisterImportPlan(props: { plan: RegisterPlan; isPackage: boolean }) {
  const { t } = useTexts()
  const said = useSaid()
  const where = useWhereIn(props.isPackage)
  const { counts, rows, total } = props.plan
  const lines = rows
    .filter(row => row.op === 'bad')
    .flatMap(row =>
      row.faults.map((fault, at) => ({
        ...{ key: keyOf(row, at), where: where(fault) },
        ...{ name: [row.ref, row.name].filter(Boolean).join(' '), text: said(fault) },
      })),
    )
  return (
    <ImportOutcome
      title={t('registerTransfer.outcome')}
      counts={counts}
      also={counts.remarks > 0 && t('registerTransfer.withRemarks', { count: counts.remarks })}
      shown={rows.length}
      total={total}
    >
      <FaultTable help={t('registerTransfer.badHelp')} lines={lines} />
      <Taken {...props} rows={rows.filter(row => row.op !== 'bad')} />
    </ImportOutcome>
  )
}
const keyOf = (row: Row, at: number) => [row.sheet, row.line, row.ref, at].join(' ')

function Taken(props: { rows: Row[]; plan: RegisterPlan; isPackage: boolean }) {
  const { t } = useTexts()
  const where = useWhereIn(props.isPackage)
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
