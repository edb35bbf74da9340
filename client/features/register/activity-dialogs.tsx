import { Textarea, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { retireActivity } from '#contract/activities.ts'
import * as contract from '#contract/activity-versions.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { Status } from '../../ui/status.tsx'
import { AttestDialog, ConfirmDialog, SpotDialog } from './attest-dialogs.tsx'
import { type DialogProps, useAct } from './form-dialog.tsx'
import classes from './register.module.css'
import { useRemarkWords } from './remark-words.ts'

export type Asked = 'propose' | 'withdraw' | 'putInForce' | 'reject' | 'retire' | 'attest' | 'spotCheck' | 'confirm'
type Props = DialogProps

/** The question before each act on a record. */
export function ActivityDialog(props: Props & { asked: Asked }) {
  switch (props.asked) {
    case 'propose':
      return <ProposeDialog {...props} />
    case 'withdraw':
      return <WithdrawDialog {...props} />
    case 'putInForce':
      return <PutDialog {...props} />
    case 'reject':
      return <RejectDialog {...props} />
    case 'retire':
      return <RetireDialog {...props} />
    case 'attest':
      return <AttestDialog {...props} />
    case 'spotCheck':
      return <SpotDialog {...props} />
    case 'confirm':
      return <ConfirmDialog {...props} />
  }
}

const ofOpen = ({ activity }: Props) => ({
  params: { activityId: activity.id, versionId: activity.open?.versionId ?? '' },
  lock: activity.open?.lock ?? 0,
})

function ProposeDialog(props: Props) {
  const { t } = useTexts()
  const command = useCommand(contract.proposeVersion, useAct(props, t('activity.done.proposed')))
  const { params, lock } = ofOpen(props)
  const words = useRemarkWords()
  // Of the draft itself: the page behind may show what is in force.
  const draft = useCall(contract.getVersion, { params })
  const musts = (draft.data?.remarks ?? []).filter(one => one.severity === 'must')
  return (
    <FormDialog
      title={t('activity.do.propose')}
      verb={t('activity.do.propose')}
      busy={command.isPending}
      error={command.error}
      onClose={props.onClose}
      onSubmit={field =>
        command.mutate({ params, body: { summary: field('summary'), effectiveOn: field('effectiveOn'), lock } })
      }
    >
      <p>{t('activity.dialog.proposeHelp')}</p>
      {musts.length > 0 && (
        <ul className={classes.list} aria-label={t('activity.must')}>
          {musts.map(one => (
            <li key={`${one.code} ${one.at}`}>
              <Status tone="bad" icon={IconAlertTriangle} plain>
                {t('activity.must')}
              </Status>{' '}
              {words(one)}
            </li>
          ))}
        </ul>
      )}
      <Textarea
        name="summary"
        label={t('activity.dialog.summary')}
        defaultValue={props.activity.open?.summary ?? ''}
        required
        maxLength={1000}
        rows={3}
        data-autofocus
      />
      <TextInput
        type="date"
        name="effectiveOn"
        label={t('activity.dialog.effectiveOn')}
        defaultValue={props.activity.today}
        required
      />
    </FormDialog>
  )
}

function WithdrawDialog(props: Props) {
  const { t } = useTexts()
  const command = useCommand(contract.withdrawVersion, useAct(props, t('activity.done.withdrawn')))
  const { params, lock } = ofOpen(props)
  return (
    <FormDialog
      title={t('activity.do.withdraw')}
      verb={t('activity.do.withdraw')}
      busy={command.isPending}
      error={command.error}
      onClose={props.onClose}
      onSubmit={() => command.mutate({ params, body: { lock } })}
    >
      <p>{t('activity.dialog.withdrawHelp')}</p>
    </FormDialog>
  )
}

function PutDialog(props: Props) {
  const { t } = useTexts()
  const command = useCommand(contract.putInForce, useAct(props, t('activity.done.inForce')))
  const { params, lock } = ofOpen(props)
  return (
    <FormDialog
      title={t('activity.do.putInForce')}
      verb={t('activity.do.putInForce')}
      busy={command.isPending}
      error={command.error}
      onClose={props.onClose}
      onSubmit={field =>
        command.mutate({ params, body: { effectiveOn: field('effectiveOn'), reason: field('reason') || null, lock } })
      }
    >
      <p>{t('activity.dialog.putHelp')}</p>
      <TextInput
        type="date"
        name="effectiveOn"
        label={t('activity.dialog.effectiveOn')}
        defaultValue={props.activity.open?.effectiveOn ?? props.activity.today}
        required
        data-autofocus
      />
      <Textarea
        name="reason"
        label={t('activity.dialog.reason')}
        description={t('activity.dialog.reasonHint')}
        maxLength={1000}
        rows={2}
      />
    </FormDialog>
  )
}

function RejectDialog(props: Props) {
  const { t } = useTexts()
  const command = useCommand(contract.rejectVersion, useAct(props, t('activity.done.rejected')))
  const { params, lock } = ofOpen(props)
  return (
    <ReasonDialog
      title={t('activity.do.reject')}
      busy={command.isPending}
      error={command.error ? t(`problem.${problemOf(command.error).code}`) : null}
      onClose={props.onClose}
      onConfirm={reason => command.mutate({ params, body: { reason, lock } })}
    >
      <p>{t('activity.dialog.rejectHelp')}</p>
    </ReasonDialog>
  )
}

function RetireDialog(props: Props) {
  const { t } = useTexts()
  const command = useCommand(retireActivity, ({ state }) => {
    announce(t(state === 'asked' ? 'retirement.asked' : 'activity.done.retired'))
    props.onClose()
  })
  return (
    <FormDialog
      title={t('activity.do.retire')}
      verb={t('activity.do.retire')}
      busy={command.isPending}
      error={command.error}
      onClose={props.onClose}
      onSubmit={field =>
        command.mutate({
          params: { activityId: props.activity.id },
          body: { from: field('from'), reason: field('reason') },
        })
      }
    >
      <p>{t('activity.dialog.retireHelp')}</p>
      <TextInput
        type="date"
        name="from"
        label={t('activity.dialog.retireFrom')}
        defaultValue={props.activity.today}
        required
        data-autofocus
      />
      <Textarea name="reason" label={t('activity.dialog.reason')} required minLength={5} maxLength={1000} rows={2} />
    </FormDialog>
  )
}
