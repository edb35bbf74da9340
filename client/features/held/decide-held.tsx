import { approveHeld, rejectHeld } from '#contract/held.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'

/** The question before it: how many, and what follows. */
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
  return (
    <ReasonDialog
      title={t(kind === 'approve' ? 'held.approve' : 'held.reject')}
      danger={kind === 'reject'}
      busy={command.isPending}
      error={code === null ? null : code === 'plan-stale' ? t('held.stale') : t(`problem.${code}`)}
      onConfirm={reason =>
        command.mutate({ params: { runId: props.runId }, body: { hash: props.hash, reason, ...props.decision } })
      }
      onClose={props.onClose}
    >
      <p>
        {t(kind === 'approve' ? 'held.approveConfirm' : 'held.rejectConfirm', { count })}{' '}
        {t(kind === 'approve' ? 'held.approveCheck' : 'held.rejectAgain')}
      </p>
    </ReasonDialog>
  )
}
