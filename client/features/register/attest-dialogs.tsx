import { SegmentedControl, Textarea } from '@mantine/core'
import { useState } from 'react'
import { confirmActivity } from '#contract/activities.ts'
import * as contract from '#contract/activity-versions.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { ContentDiff } from './content-diff.tsx'
import { type DialogProps, useAct } from './form-dialog.tsx'

/** One click where nothing has changed; where something has, what it is. */
export function AttestDialog(props: DialogProps) {
  const { t, date } = useTexts()
  const { activity, onClose } = props
  const { shown, changedSince } = activity
  const params = { activityId: activity.id, versionId: shown?.versionId ?? '' }
  const diff = useCall(
    contract.getVersion,
    { params, query: { against: changedSince?.versionId } },
    { enabled: changedSince !== null },
  )
  const command = useCommand(contract.attestActivity, answer => {
    announce(t('activity.done.attested', { date: date(answer.attestDue) }))
    onClose()
  })
  return (
    <FormDialog
      title={t('activity.do.attest')}
      verb={t('activity.do.attest')}
      wide={changedSince !== null}
      busy={command.isPending}
      error={command.error}
      onClose={onClose}
      onSubmit={field =>
        command.mutate({
          params: { activityId: activity.id },
          body: { versionId: params.versionId, note: field('note') || null },
        })
      }
    >
      <p>{t('activity.dialog.attestHelp', { number: shown?.number ?? 0 })}</p>
      {changedSince && <p>{t('activity.dialog.attestChanged', { number: changedSince.number })}</p>}
      {diff.data && <ContentDiff changes={diff.data.changes} names={diff.data.names} />}
      <Textarea name="note" label={t('activity.dialog.note')} maxLength={1000} rows={2} data-autofocus />
    </FormDialog>
  )
}

export function SpotDialog(props: DialogProps) {
  const { t } = useTexts()
  const [asItIs, setAsItIs] = useState('yes')
  const command = useCommand(contract.spotCheckActivity, useAct(props, t('activity.done.spotChecked')))
  return (
    <ReasonDialog
      title={t('activity.do.spotCheck')}
      busy={command.isPending}
      error={command.error ? t(`problem.${problemOf(command.error).code}`) : null}
      onClose={props.onClose}
      onConfirm={note =>
        command.mutate({
          params: { activityId: props.activity.id },
          body: { versionId: props.activity.shown?.versionId ?? '', asItIs: asItIs === 'yes', note },
        })
      }
    >
      <p>{t('activity.dialog.spotHelp')}</p>
      <SegmentedControl
        value={asItIs}
        onChange={setAsItIs}
        aria-label={t('activity.do.spotCheck')}
        data={[
          { value: 'yes', label: t('activity.dialog.asItIs') },
          { value: 'no', label: t('activity.dialog.notAsItIs') },
        ]}
      />
    </ReasonDialog>
  )
}

export function ConfirmDialog(props: DialogProps) {
  const { t } = useTexts()
  const taken = props.activity.confirmed !== null
  const title = t(taken ? 'activity.do.unconfirm' : 'activity.do.confirm')
  const command = useCommand(confirmActivity, useAct(props, t('activity.done.confirmed')))
  return (
    <ReasonDialog
      title={title}
      busy={command.isPending}
      error={command.error ? t(`problem.${problemOf(command.error).code}`) : null}
      onClose={props.onClose}
      onConfirm={note =>
        command.mutate({ params: { activityId: props.activity.id }, body: { confirmed: !taken, note } })
      }
    >
      <p>{t('activity.dialog.confirmHelp')}</p>
    </ReasonDialog>
  )
}
