import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { RunDetail } from '#contract/feeds.ts'
import { approveRun, rejectRun } from '#contract/runs.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import type { da } from '../../texts/da.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'

type Guard = keyof typeof da.sync.guard

/** What the brake holds back, and for those who may: let it through or not, with the reason on record. */
export function HeldBack(props: { run: RunDetail }) {
  const { t, number } = useTexts()
  const may = useMay()
  const { run } = props
  const [deciding, setDeciding] = useState<'approve' | 'reject' | null>(null)
  if (run.heldBack.length === 0) return null
  const open = run.state === 'held' && run.heldHash !== null
  return (
    <Card
      tone={open ? 'wait' : 'plain'}
      title={t('sync.heldTitle')}
      aside={<IconHandStop size={20} aria-hidden style={{ color: 'var(--app-wait)' }} />}
    >
      <div className="stack">
        <p>{t(run.state === 'rejected' ? 'sync.shapeHelp' : 'sync.heldHelp')}</p>
        <ul style={{ margin: 0, paddingLeft: 18, fontSize: '0.875rem' }}>
          {run.heldBack.map(one => (
            <li key={`${one.guard}${one.part}`}>
              {t('sync.heldLine', {
                what: `${t(`sync.guard.${one.guard as Guard}`, { defaultValue: one.guard })} (${one.part})`,
                count: one.count,
                limit: number(one.limit),
              })}
            </li>
          ))}
        </ul>
        {open && may('run.approve') && (
          <Group gap={8}>
            <Button onClick={() => setDeciding('approve')}>{t('sync.approve')}</Button>
            <Button variant="outline" color="red" onClick={() => setDeciding('reject')}>
              {t('sync.reject')}
            </Button>
          </Group>
        )}
      </div>
      {deciding && <Decide run={run} kind={deciding} onClose={() => setDeciding(null)} />}
    </Card>
  )
}

function Decide(props: { run: RunDetail; kind: 'approve' | 'reject'; onClose: () => void }) {
  const { t } = useTexts()
  const { run, kind } = props
  const [short, setShort] = useState(false)
  const done = () => {
    announce(t(kind === 'approve' ? 'sync.approved' : 'sync.rejectedDone'))
    props.onClose()
  }
  const approve = useCommand(approveRun, done)
  const reject = useCommand(rejectRun, done)
  const command = kind === 'approve' ? approve : reject
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim()
    setShort(reason.length < 5)
    if (reason.length >= 5) command.mutate({ params: { runId: run.id }, body: { hash: run.heldHash ?? '', reason } })
  }
  return (
    <Modal opened onClose={props.onClose} title={t(kind === 'approve' ? 'sync.approve' : 'sync.reject')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <p>{t(kind === 'approve' ? 'sync.approveConfirm' : 'sync.rejectConfirm', { count: run.held })}</p>
          <Textarea
            name="reason"
            data-autofocus
            label={t('sync.reason')}
            rows={3}
            maxLength={500}
            error={
              short ? t('problem.reason-needed') : command.error ? t(`problem.${problemOf(command.error).code}`) : null
            }
          />
          <Button type="submit" color={kind === 'approve' ? 'petrol' : 'red'} loading={command.isPending}>
            {t(kind === 'approve' ? 'sync.approve' : 'sync.reject')}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
