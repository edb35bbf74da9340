import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { deleteSavedColumns, listSavedColumns, renameSavedColumns } from '#contract/transfer.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Failure, Waiting } from '../../ui/states.tsx'

/** Columns that were saved under a name: called something else, or forgotten. */
export function SavedColumns() {
  const { t, ago } = useTexts()
  const query = useCall(listSavedColumns)
  const [asking, setAsking] = useState<{ what: 'rename' | 'delete'; name: string } | null>(null)
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Waiting />
  const close = () => setAsking(null)
  return (
    <section className="stack">
      <h2 className="section">{t('transfer.saved')}</h2>
      <p className="dim">{t('transfer.savedHelp')}</p>
      {query.data.rows.length === 0 ? (
        <p>{t('transfer.savedEmpty')}</p>
      ) : (
        <DataTable
          caption={t('transfer.savedCaption')}
          columns={[
            { key: 'name', label: t('transfer.savedName'), cell: row => row.name },
            {
              key: 'read',
              label: t('transfer.savedRead'),
              rank: 2,
              cell: row => t('transfer.savedReadOf', { read: row.read, headings: row.headings }),
            },
            {
              key: 'at',
              label: t('transfer.savedAt'),
              rank: 1,
              cell: row => [ago(row.at), row.by].filter(Boolean).join(' · '),
            },
            {
              key: 'do',
              label: t('transfer.savedDo'),
              cell: row => (
                <Group gap={8}>
                  {(['rename', 'delete'] as const).map(what => (
                    <Button
                      key={what}
                      size="xs"
                      variant="default"
                      aria-label={t(`transfer.${what}Of`, { name: row.name })}
                      onClick={() => setAsking({ what, name: row.name })}
                    >
                      {t(`transfer.${what}`)}
                    </Button>
                  ))}
                </Group>
              ),
            },
          ]}
          rows={query.data.rows}
          rowKey={row => row.name}
          empty={null}
        />
      )}
      {asking?.what === 'rename' && <Rename name={asking.name} onClose={close} />}
      {asking?.what === 'delete' && <Delete name={asking.name} onClose={close} />}
    </section>
  )
}

function Rename(props: { name: string; onClose: () => void }) {
  const { t } = useTexts()
  const [to, setTo] = useState(props.name)
  const rename = useCommand(renameSavedColumns, () => {
    announce(t('transfer.renamed', { name: props.name }))
    props.onClose()
  })
  const code = rename.error ? problemOf(rename.error).code : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (to.trim() !== '') rename.mutate({ body: { name: props.name, to: to.trim() } })
  }
  return (
    <Modal opened onClose={props.onClose} title={t('transfer.renameOf', { name: props.name })}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <TextInput
            label={t('transfer.renameTo')}
            value={to}
            maxLength={100}
            autoComplete="off"
            data-autofocus
            error={code === 'conflict' ? t('transfer.renameTaken') : code && t(`problem.${code}`)}
            onChange={event => setTo(event.currentTarget.value)}
          />
          <Group gap={8}>
            <Button type="submit" loading={rename.isPending}>
              {t('transfer.rename')}
            </Button>
            <Button variant="default" onClick={props.onClose}>
              {t('do.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Delete(props: { name: string; onClose: () => void }) {
  const { t } = useTexts()
  const forget = useCommand(deleteSavedColumns, () => {
    announce(t('transfer.deleted', { name: props.name }))
    props.onClose()
  })
  return (
    <Confirm
      title={t('transfer.deleteTitle')}
      verb={t('transfer.delete')}
      cancel={t('do.cancel')}
      danger
      busy={forget.isPending}
      error={forget.error ? t(`problem.${problemOf(forget.error).code}`) : null}
      onConfirm={() => forget.mutate({ body: { name: props.name } })}
      onClose={props.onClose}
    >
      <p>{t('transfer.deleteText', { name: props.name })}</p>
    </Confirm>
  )
}
