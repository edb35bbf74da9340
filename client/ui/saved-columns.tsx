import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { SavedColumns as Saved } from '#contract/imports.ts'
import { type ProblemError, problemOf } from '../lib/call.ts'
import { useTask } from '../lib/task.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from './announcer.tsx'
import { Confirm } from './confirm.tsx'
import { DataTable } from './data-table.tsx'
import { Failure, Waiting } from './states.tsx'

/** Columns that were saved under a name: called something else, or forgotten. */
export function SavedColumns(props: {
  query: UseQueryResult<Saved, ProblemError>
  rename: (given: { name: string; to: string }) => Promise<unknown>
  forget: (given: { name: string }) => Promise<unknown>
}) {
  const { t, ago } = useTexts()
  const { query } = props
  const [asking, setAsking] = useState<{ what: 'rename' | 'delete'; name: string } | null>(null)
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Waiting />
  const close = () => setAsking(null)
  return (
    <section className="stack">
      <h2 className="section">{t('fileImport.saved')}</h2>
      <p className="dim">{t('fileImport.savedHelp')}</p>
      {query.data.rows.length === 0 ? (
        <p>{t('fileImport.savedEmpty')}</p>
      ) : (
        <DataTable
          caption={t('fileImport.saved')}
          columns={[
            { key: 'name', label: t('fileImport.savedName'), cell: row => row.name },
            {
              key: 'read',
              label: t('fileImport.savedRead'),
              rank: 2,
              cell: row => t('fileImport.savedReadOf', { read: row.read, headings: row.headings }),
            },
            {
              key: 'at',
              label: t('fileImport.savedAt'),
              rank: 1,
              cell: row => [ago(row.at), row.by].filter(Boolean).join(' · '),
            },
            {
              key: 'do',
              label: t('fileImport.savedDo'),
              cell: row => (
                <Group gap={8}>
                  {(['rename', 'delete'] as const).map(what => (
                    <Button
                      key={what}
                      size="xs"
                      variant="default"
                      aria-label={t(`fileImport.${what}Of`, { name: row.name })}
                      onClick={() => setAsking({ what, name: row.name })}
                    >
                      {t(`fileImport.${what}`)}
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
      {asking?.what === 'rename' && <Rename name={asking.name} rename={props.rename} onClose={close} />}
      {asking?.what === 'delete' && <Delete name={asking.name} forget={props.forget} onClose={close} />}
    </section>
  )
}

function Rename(props: {
  name: string
  rename: (given: { name: string; to: string }) => Promise<unknown>
  onClose: () => void
}) {
  const { t } = useTexts()
  const [to, setTo] = useState(props.name)
  const rename = useTask(props.rename, {
    rereads: true,
    done: () => {
      announce(t('fileImport.renamed', { name: props.name }))
      props.onClose()
    },
  })
  const code = rename.error ? problemOf(rename.error).code : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (to.trim() !== '') rename.mutate({ name: props.name, to: to.trim() })
  }
  return (
    <Modal opened onClose={props.onClose} title={t('fileImport.renameOf', { name: props.name })}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <TextInput
            label={t('fileImport.renameTo')}
            value={to}
            maxLength={100}
            autoComplete="off"
            data-autofocus
            error={code === 'conflict' ? t('fileImport.renameTaken') : code && t(`problem.${code}`)}
            onChange={event => setTo(event.currentTarget.value)}
          />
          <Group gap={8}>
            <Button type="submit" loading={rename.isPending}>
              {t('fileImport.rename')}
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

function Delete(props: { name: string; forget: (given: { name: string }) => Promise<unknown>; onClose: () => void }) {
  const { t } = useTexts()
  const forget = useTask(props.forget, {
    rereads: true,
    done: () => {
      announce(t('fileImport.deleted', { name: props.name }))
      props.onClose()
    },
  })
  return (
    <Confirm
      title={t('fileImport.deleteTitle')}
      verb={t('fileImport.delete')}
      cancel={t('do.cancel')}
      danger
      busy={forget.isPending}
      error={forget.error ? t(`problem.${problemOf(forget.error).code}`) : null}
      onConfirm={() => forget.mutate({ name: props.name })}
      onClose={props.onClose}
    >
      <p>{t('fileImport.deleteText', { name: props.name })}</p>
    </Confirm>
  )
}
