import { Button, Group, Modal, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import * as contract from '#contract/activities.ts'
import { type ProblemError, problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import type { Activity } from './activity-side.tsx'
import { ContentDiff } from './content-diff.tsx'

export type Asked = 'propose' | 'withdraw' | 'putInForce' | 'reject' | 'retire' | 'attest' | 'spotCheck' | 'confirm'
type Props = { activity: Activity; onClose: () => void }

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

/** A form in a window: fields by name, one verb, and what was wrong with it. */
function FormDialog(props: {
  title: string
  verb: string
  error: ProblemError | null
  busy: boolean
  wide?: boolean
  onClose: () => void
  onSubmit: (field: (name: string) => string) => void
  children: ReactNode
}) {
  const { t } = useTexts()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    props.onSubmit(name => String(form.get(name) ?? '').trim())
  }
  return (
    <Modal opened onClose={props.onClose} title={props.title} {...(props.wide ? { size: 'xl' } : {})}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          {props.children}
          {props.error && <p role="alert">{t(`problem.${problemOf(props.error).code}`)}</p>}
          <Group gap={8}>
            <Button type="submit" loading={props.busy}>
              {props.verb}
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

function useAct(props: Props, said: string) {
  return () => {
    announce(said)
    props.onClose()
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
  const command = useCommand(contract.retireActivity, useAct(props, t('activity.done.retired')))
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
      />
      <Textarea name="reason" label={t('activity.dialog.reason')} required minLength={5} maxLength={1000} rows={2} />
    </FormDialog>
  )
}

/** One click where nothing has changed; where something has, what it is. */
function AttestDialog(props: Props) {
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
      <Textarea name="note" label={t('activity.dialog.note')} maxLength={1000} rows={2} />
    </FormDialog>
  )
}

function SpotDialog(props: Props) {
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

function ConfirmDialog(props: Props) {
  const { t } = useTexts()
  const taken = props.activity.confirmed !== null
  const title = t(taken ? 'activity.do.unconfirm' : 'activity.do.confirm')
  const command = useCommand(contract.confirmActivity, useAct(props, t('activity.done.confirmed')))
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
