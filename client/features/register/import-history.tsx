import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { deleteRegisterColumns, listRegisterImports, undoRegister } from '#contract/register-transfer.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Empty, Failure, Waiting } from '../../ui/states.tsx'

/** Files that the reader has let in, each of which can be taken back, and columns that were saved under a name. */
export function RegisterImportHistory() {
  const { t, ago } = useTexts()
  const query = useCall(listRegisterImports)
  const [said, setSaid] = useState<string | null>(null)
  const tell = (text: string) => {
    setSaid(text)
    announce(text)
  }
  const undo = useCommand(undoRegister, answer => tell(t('registerTransfer.undone', answer)))
  const forget = useCommand(deleteRegisterColumns, answer => tell(t('registerTransfer.forgotten', answer)))
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Waiting />
  const failed = undo.error ?? forget.error
  return (
    <section className="stack">
      <h2 className="section">{t('registerTransfer.history')}</h2>
      {said && <p role="status">{said}</p>}
      {failed && <p role="alert">{problemOf(failed).detail ?? t(`problem.${problemOf(failed).code}`)}</p>}
      <DataTable
        caption={t('registerTransfer.historyCaption')}
        columns={[
          { key: 'name', label: t('registerTransfer.label'), cell: row => row.name },
          { key: 'at', label: t('registerTransfer.when'), rank: 2, cell: row => ago(row.at) },
          {
            key: 'result',
            label: t('registerTransfer.result'),
            cell: row => (
              <>
                {t('registerTransfer.resultText', { drafts: row.drafts, proposals: row.proposals, left: row.left })}
                {row.undoneAt && (
                  <div className="meta">{t('registerTransfer.undoneAt', { when: ago(row.undoneAt) })}</div>
                )}
              </>
            ),
          },
          {
            key: 'undo',
            label: t('registerTransfer.undo'),
            cell: row =>
              row.undoneAt === null && (
                <Button
                  size="xs"
                  variant="default"
                  loading={undo.isPending}
                  aria-label={t('registerTransfer.undoOf', { name: row.name })}
                  onClick={() => undo.mutate({ params: { importId: row.id }, body: {} })}
                >
                  {t('registerTransfer.undo')}
                </Button>
              ),
          },
        ]}
        rows={query.data.rows}
        rowKey={row => row.id}
        empty={<Empty title={t('registerTransfer.historyEmpty')} />}
      />
      <h2 className="section">{t('registerTransfer.saved')}</h2>
      <p className="dim">{t('registerTransfer.savedHelp')}</p>
      {query.data.saved.length === 0 ? (
        <p>{t('registerTransfer.savedEmpty')}</p>
      ) : (
        <Group gap={8}>
          {query.data.saved.map(name => (
            <Button
              key={name}
              size="xs"
              variant="default"
              loading={forget.isPending}
              onClick={() => forget.mutate({ body: { name } })}
            >
              {t('registerTransfer.forget', { name })}
            </Button>
          ))}
        </Group>
      )}
    </section>
  )
}
