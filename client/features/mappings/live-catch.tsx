import { useEffect, useState } from 'react'
import type { BodyInput, ResponseOf } from '#contract/endpoint.ts'
import { previewPattern } from '#contract/mappings.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import classes from '../../ui/desk.module.css'
import { Pager } from '../../ui/pager.tsx'

type Input = BodyInput<typeof previewPattern>
type Row = ResponseOf<typeof previewPattern>['rows'][number]
const limit = 12

/**
 * What a pattern catches, those that mappings disagree about first, a page at a time. Asked a moment after the last key,
 * so that one answer stands for a word.
 */
export function LiveCatch(props: { input: Input | null }) {
  const { t, number } = useTexts()
  const [asked, setAsked] = useState({ input: props.input, offset: 0 })
  const now = JSON.stringify(props.input)
  // biome-ignore lint/correctness/useExhaustiveDependencies: compared by what it says, not by being the same object
  useEffect(() => {
    const timer = setTimeout(
      () => setAsked(old => (JSON.stringify(old.input) === now ? old : { input: props.input, offset: 0 })),
      250,
    )
    return () => clearTimeout(timer)
  }, [now])
  const { input, offset } = asked
  const query = useCall(
    previewPattern,
    { body: { ...(input as Input), offset, limit } },
    { enabled: input !== null, keep: true },
  )
  const answer = input ? query.data : undefined
  const columns: Column<Row>[] = [
    {
      key: 'name',
      label: t('mapping.liveColumns.group'),
      cell: row => (
        <>
          {row.name}
          {row.conflict && <div className={classes.wrong}>{t('mapping.issues.conflict')}</div>}
        </>
      ),
    },
    {
      key: 'members',
      label: t('mapping.liveColumns.members'),
      number: true,
      rank: 2,
      cell: row => number(row.members),
    },
    { key: 'gives', label: t('mapping.liveColumns.gives'), cell: row => <Gives row={row} /> },
    { key: 'now', label: t('mapping.liveColumns.now'), rank: 3, cell: row => row.now },
  ]
  return (
    <>
      <div aria-live="polite">
        {answer ? (
          <p>
            <b>{answer.total === 0 ? t('mapping.caughtNone') : t('mapping.caught', { count: answer.total })}</b>
            {(['given', 'taken', 'unknown'] as const)
              .filter(key => answer[key] > 0)
              .map(key => `. ${t(`mapping.${key}`, { count: answer[key] })}`)
              .join('')}
            {answer.conflicts > 0 && `. ${t('mapping.disagree', { count: answer.conflicts })}`}.
          </p>
        ) : (
          <p className="meta">{t('mapping.typing')}</p>
        )}
        {answer?.problem && <p className={classes.wrong}>{t(`mapping.wrong.${answer.problem}`)}</p>}
      </div>
      {answer && answer.rows.length > 0 && (
        <div aria-busy={query.isPlaceholderData || undefined}>
          <DataTable
            caption={t('mapping.liveCaption')}
            columns={columns}
            rows={answer.rows}
            rowKey={row => row.id}
            stale={query.isPlaceholderData}
            empty={null}
          />
          <Pager
            offset={offset}
            limit={limit}
            total={answer.total}
            onMove={next => setAsked({ input, offset: next })}
            hint={false}
            of={t('mapping.liveCaption')}
          />
        </div>
      )}
    </>
  )
}

function Gives(props: { row: Row }) {
  const { t } = useTexts()
  const { gives, known, taken } = props.row
  if (gives === null) return null
  if (taken)
    return (
      <>
        <s>{gives}</s> <span className="meta">{t('mapping.takenRow')}</span>
      </>
    )
  if (known) return gives
  return <span className={classes.wrong}>{`${gives} (${t('mapping.issues.unknown-right')})`}</span>
}
