import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listImports, undoSystems } from '#contract/transfer.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Empty, Failure, Waiting } from '../../ui/states.tsx'

type Undone = ResponseOf<typeof undoSystems>

/** Files that have been let in; each can be taken back, and what is not is said. */
export function ImportHistory() {
  const { t, ago } = useTexts()
  const query = useCall(listImports)
  const [said, setSaid] = useState<string | null>(null)
  const inWords = ({ undone, removed, kept }: Undone) =>
    [
      t('transfer.undone', { undone, removed }),
      ...(kept.length > 0 ? [t('transfer.kept', { systems: kept.map(one => one.system.name).join(', ') })] : []),
    ].join(' ')
  const undo = useCommand(undoSystems, answer => {
    setSaid(inWords(answer))
    announce(inWords(answer))
  })
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Waiting />
  return (
    <section className="stack">
      <h2 className="section">{t('transfer.before_')}</h2>
      {said && <p role="status">{said}</p>}
      {undo.error && <p role="alert">{problemOf(undo.error).detail ?? t(`problem.${problemOf(undo.error).code}`)}</p>}
      <DataTable
        caption={t('transfer.beforeCaption')}
        columns={[
          { key: 'name', label: t('transfer.file'), cell: row => row.name },
          { key: 'at', label: t('transfer.when'), rank: 2, cell: row => ago(row.at) },
          { key: 'by', label: t('transfer.by'), rank: 1, cell: row => row.by },
          {
            key: 'result',
            label: t('transfer.result'),
            cell: row => (
              <>
                {t('transfer.resultText', { created: row.created, changed: row.changed, left: row.left })}
                {row.undoneAt && <div className="meta">{t('transfer.undoneAt', { when: ago(row.undoneAt) })}</div>}
              </>
            ),
          },
          {
            key: 'undo',
            label: t('transfer.undo'),
            cell: row =>
              row.undoneAt === null && (
                <Button
                  size="xs"
                  variant="default"
                  loading={undo.isPending}
                  aria-label={t('transfer.undoOf', { name: row.name })}
                  onClick={() => undo.mutate({ params: { importId: row.id }, body: {} })}
                >
                  {t('transfer.undo')}
                </Button>
              ),
          },
        ]}
        rows={query.data.rows}
        rowKey={row => row.id}
        empty={<Empty title={t('transfer.beforeEmpty')} />}
      />
    </section>
  )
}
