import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import type { PastImport } from '#contract/imports.ts'
import { type ProblemError, problemOf } from '../lib/call.ts'
import { useTask } from '../lib/task.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from './announcer.tsx'
import { DataTable } from './data-table.tsx'
import { useProblemText } from './problem-text.ts'
import { Empty, Failure, Waiting } from './states.tsx'

/** Files that have been let in, each of which can be taken back; what is not is said. */
export function ImportHistory<R extends PastImport, A>(props: {
  query: UseQueryResult<{ rows: R[] }, ProblemError>
  caption: string
  empty: string
  /** The list is of everybody's files, and not only of one's own. */
  ofAll: boolean
  result: (row: R) => string
  undo: (importId: string) => Promise<A>
  undone: (answer: A) => string
}) {
  const { t, ago } = useTexts()
  const problemText = useProblemText()
  const { query } = props
  const [said, setSaid] = useState<string | null>(null)
  const undo = useTask(props.undo, {
    rereads: true,
    done: answer => {
      setSaid(props.undone(answer))
      announce(props.undone(answer))
    },
  })
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Waiting />
  return (
    <section className="stack">
      <h2 className="section">{t('fileImport.history')}</h2>
      {said && <p role="status">{said}</p>}
      {undo.error && <p role="alert">{problemText(problemOf(undo.error))}</p>}
      <DataTable
        caption={props.caption}
        columns={[
          { key: 'name', label: t('fileImport.file'), cell: row => row.name },
          { key: 'at', label: t('fileImport.when'), rank: 2, cell: row => ago(row.at) },
          ...(props.ofAll
            ? [{ key: 'by', label: t('fileImport.by'), rank: 1 as const, cell: (row: R) => row.by }]
            : []),
          {
            key: 'result',
            label: t('fileImport.result'),
            cell: row => (
              <>
                {props.result(row)}
                {row.undoneAt && <div className="meta">{t('fileImport.undoneAt', { when: ago(row.undoneAt) })}</div>}
              </>
            ),
          },
          {
            key: 'undo',
            label: t('fileImport.undo'),
            cell: row =>
              row.undoneAt === null && (
                <Button
                  size="xs"
                  variant="default"
                  loading={undo.isPending}
                  aria-label={t('fileImport.undoOf', { name: row.name })}
                  onClick={() => undo.mutate(row.id)}
                >
                  {t('fileImport.undo')}
                </Button>
              ),
          },
        ]}
        rows={query.data.rows}
        rowKey={row => row.id}
        empty={<Empty title={props.empty} />}
      />
    </section>
  )
}
