import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { settleTasks, type TaskRow, uploadEvidence } from '#contract/tasks.ts'
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
  const hands = tasks.flatMap(task =>
    task.orders.filter(one => one.action === 'hand-out' || one.action === 'take-back'),
  )
  const upload = useCommand(uploadEvidence)
  const [only] = tasks.length === 1 ? tasks : []
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const file = form.get('file')
    // Before it is said to be done: what cannot be sent is seen while the task is still open.
    if (only && file instanceof File && file.size > 0) {
      try {
        await upload.mutateAsync({ params: { taskId: only.id }, query: { name: file.name }, file })
      } catch {
        return
      }
    }
    settle.mutate({
      body: {
        tasks: tasks.map(({ id, version }) => ({ id, version })),
        ...(text('note') ? { note: text('note') } : {}),
        ...(hands.length > 0 && text('signature')
          ? {
              handover: {
                things: hands.flatMap(one => (text(one.id) ? [{ order: one.id, serial: text(one.id) }] : [])),
                signature: text('signature'),
                ...(text('on') ? { on: text('on') } : {}),
              },
            }
          : {}),
      },
    })
  }
  const sent = upload.error ? problemOf(upload.error).code : null
  const code = settle.error ? problemOf(settle.error).code : null
  const wrong = sent
    ? sent === 'payload-too-large' || sent === 'data-invalid'
      ? t('tasks.fileWrong')
      : t(`problem.${sent}`)
    : code === null
      ? null
      : code === 'conflict'
        ? t('tasks.conflict')
        : code === 'data-invalid'
          ? t('tasks.handHint')
          : t(`problem.${code}`)
  return (
    <Modal opened onClose={props.onClose} title={t('tasks.doneMany', { count: tasks.length })}>
      <form onSubmit={event => void submit(event)}>
        <Stack gap={16}>
          {hands.length > 0 && (
            <>
              <p className="dim">{t('tasks.handHint')}</p>
              {hands.map(one => (
                <TextInput
                  key={one.id}
                  name={one.id}
                  label={t('tasks.serialOf', { thing: one.what })}
                  maxLength={100}
                />
              ))}
              <TextInput name="signature" label={t('tasks.signature')} maxLength={200} />
              <TextInput name="on" type="date" label={t('tasks.signedOn')} description={t('tasks.signedOnHint')} />
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
          {only && (
            <div>
              <label htmlFor="evidence-file" style={{ display: 'block', fontWeight: 500 }}>
                {t('tasks.file')}
              </label>
              <p className="meta" id="evidence-file-hint">
                {t('tasks.fileHint')}
              </p>
              <input
                id="evidence-file"
                type="file"
                name="file"
                accept=".pdf,.png,.jpg,.jpeg,.xlsx,.txt,.csv"
                aria-describedby="evidence-file-hint"
              />
            </div>
          )}
          {wrong && (
            <p role="alert" style={{ color: 'var(--mantine-color-error)' }}>
              {wrong}
            </p>
          )}
          <Group gap={8}>
            <Button type="submit" loading={settle.isPending || upload.isPending}>
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
