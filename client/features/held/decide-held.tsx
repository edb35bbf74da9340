import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { approveHeld, rejectHeld } from '#contract/held.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'

/** The question before it: how many, what follows, and the reason on record. */
export function DecideHeld(props: {
  runId: string
  hash: string
  kind: 'approve' | 'reject'
  count: number
  decision: { causes: string[]; rows: number[] }
  onClose: () => void
}) {
  const { t } = useTexts()
  const { kind, count } = props
  const [short, setShort] = useState(false)
  const approve = useCommand(approveHeld, answer => {
    announce(t('held.approvedDone', { count: answer.applied }))
    props.onClose()
  })
  const reject = useCommand(rejectHeld, () => {
    announce(t('held.rejectedDone'))
    props.onClose()
  })
  const command = kind === 'approve' ? approve : reject
  const code = command.error ? problemOf(command.error).code : null
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim()
    setShort(reason.length < 5)
    if (reason.length < 5) return
    command.mutate({ params: { runId: props.runId }, body: { hash: props.hash, reason, ...props.decision } })
  }
  return (
    <Modal opened onClose={props.onClose} title={t(kind === 'approve' ? 'held.approve' : 'held.reject')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <p>
            {t(kind === 'approve' ? 'held.approveConfirm' : 'held.rejectConfirm', { count })}{' '}
            {t(kind === 'approve' ? 'held.approveCheck' : 'held.rejectAgain')}
          </p>
          <Textarea
            name="reason"
            data-autofocus
            label={t('held.reason')}
            description={t('held.reasonHint')}
            rows={3}
            maxLength={500}
            error={
              short
                ? t('held.reasonShort')
                : code === 'plan-stale'
                  ? t('held.stale')
                  : code
                    ? t(`problem.${code}`)
                    : null
            }
          />
          <Group gap={8}>
            <Button type="submit" color={kind === 'approve' ? 'petrol' : 'red'} loading={command.isPending}>
              {t(kind === 'approve' ? 'held.approve' : 'held.reject')}
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
