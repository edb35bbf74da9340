import { cancelAnnouncement } from '#contract/announcements.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'

export function CancelExpected(props: { id: string; onClose: () => void }) {
  const { t } = useTexts()
  const cancel = useCommand(cancelAnnouncement, () => {
    announce(t('expected.cancelled'))
    props.onClose()
  })
  return (
    <ReasonDialog
      danger
      title={t('expected.cancel')}
      busy={cancel.isPending}
      error={cancel.error ? t(`problem.${problemOf(cancel.error).code}`) : null}
      onConfirm={reason => cancel.mutate({ params: { announcementId: props.id }, body: { reason } })}
      onClose={props.onClose}
    >
      <p>{t('expected.cancelConfirm')}</p>
    </ReasonDialog>
  )
}
