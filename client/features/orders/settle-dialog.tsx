import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { settleTasks, type TaskRow } from '#contract/tasks.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'

/** Says that tasks are done, with a note; of a thing that changes hands, its number and who signs. */
export function SettleDialog(props: { tasks: TaskRow[]; onClose: () => void; onDone: () => void }) {
  const { t } = useTexts()
  const { tasks } = props
  const settle = useCommand(settleTasks, answer => {
    announce(
      [
        t('tasks.saidDone', { count: answer.done }),
        ...(answer.second > 0 ? [t('tasks.askedSecond', { count: answer.second })] : []),
      ].join('. '),
    )
    props.onDone()
  })
  const hands = tasks.some(task => task.orders.some(one => one.action === 'hand-out' || one.action === 'take-back'))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    settle.mutate({
      body: {
        tasks: tasks.map(({ id, version }) => ({ id, version })),
        ...(text('note') ? { note: text('note') } : {}),
        ...(hands && text('serial') && text('signature')
          ? { handover: { serial: text('serial'), signature: text('signature') } }
          : {}),
      },
    })
  }
  const code = settle.error ? problemOf(settle.error).code : null
  const wrong =
    code === null
      ? null
      : code === 'conflict'
        ? t('tasks.conflict')
        : code === 'data-invalid'
          ? t('tasks.handHint')
          : t(`problem.${code}`)
  return (
    <Modal opened onClose={props.onClose} title={t('tasks.doneMany', { count: tasks.length })}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          {hands && (
            <>
              <p className="dim">{t('tasks.handHint')}</p>
              <TextInput name="serial" label={t('tasks.serial')} maxLength={100} />
              <TextInput name="signature" label={t('tasks.signature')} maxLength={200} />
            </>
          )}
          <Textarea
            name="note"
            data-autofocus
            label={t('tasks.note')}
            description={t('tasks.noteHint')}
            rows={3}
            maxLength={2000}
          />
          {wrong && (
            <p role="alert" style={{ color: 'var(--mantine-color-error)' }}>
              {wrong}
            </p>
          )}
          <Group gap={8}>
            <Button type="submit" loading={settle.isPending}>
              {t('tasks.done')}
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
