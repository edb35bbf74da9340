import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { getActivity, listActivities } from '#contract/activities.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { decidePurposePlan, type listPurposePlans } from '#contract/purpose-plans.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

export type Plan = ResponseOf<typeof listPurposePlans>['plans'][number]
export type PlanRight = Plan['rights'][number]
export type Choice = NonNullable<PlanRight['choice']>
export type Asked = { plan: Plan; right: PlanRight; choice: Choice }

/** One decision about one right of a plan. */
export function PlanDialog({ asked, today, onClose }: { asked: Asked; today: string; onClose: () => void }) {
  const { t } = useTexts()
  const { plan, right, choice } = asked
  const decide = useCommand(decidePurposePlan, () => {
    announce(t('purposePlans.decided'))
    onClose()
  })
  const entitlementId = right.entitlement.id
  const send = (field: (name: string) => string) => {
    const reason = field('reason')
    decide.mutate({
      params: { planId: plan.id },
      body: {
        decisions: [
          choice === 'accept'
            ? { choice, entitlementId, until: field('until'), reason }
            : choice === 'take-away'
              ? { choice, entitlementId, reason }
              : {
                  ...{ choice, entitlementId, activityId: field('activity'), purposeKey: field('purpose') },
                  necessity: field('necessity'),
                },
        ],
      },
    })
  }
  return (
    <FormDialog
      title={t('purposePlans.titleOf', { do: t(`purposePlans.do.${choice}`), right: right.entitlement.name })}
      verb={t(`purposePlans.do.${choice}`)}
      busy={decide.isPending}
      error={decide.error}
      onClose={onClose}
      onSubmit={send}
    >
      {choice === 'bind' && <BindFields />}
      {choice === 'accept' && (
        <>
          <p>{t('purposePlans.acceptHelp')}</p>
          <TextInput type="date" name="until" label={t('purposePlans.until')} min={today} required data-autofocus />
        </>
      )}
      {choice === 'take-away' && <p>{t('purposePlans.takeHelp')}</p>}
      {choice !== 'bind' && (
        <Textarea name="reason" label={t('purposePlans.reason')} required minLength={5} maxLength={500} rows={2} />
      )}
    </FormDialog>
  )
}

function BindFields() {
  const { t } = useTexts()
  const [activityId, setActivityId] = useState('')
  const list = useCall(listActivities, { query: { standing: 'in-force', limit: 200 } })
  const rows = list.data?.rows ?? []
  const chosen = activityId || rows[0]?.id || ''
  const activity = useCall(getActivity, { params: { activityId: chosen } }, { enabled: chosen !== '' })
  const content = activity.data?.shown?.content
  const purposes = content?.kind === 'controller' ? content.purposes : []
  return (
    <>
      <p>{t('purposePlans.bindHelp')}</p>
      <NativeSelect
        name="activity"
        label={t('purposePlans.activity')}
        value={chosen}
        data={rows.map(row => ({ value: row.id, label: `${row.ref} ${row.name}` }))}
        onChange={event => setActivityId(event.currentTarget.value)}
      />
      <NativeSelect
        name="purpose"
        label={t('purposePlans.purpose')}
        data={purposes.map(one => ({ value: one.key, label: one.name }))}
      />
      <Textarea
        name="necessity"
        label={t('purposePlans.necessity')}
        required
        minLength={10}
        maxLength={1000}
        rows={3}
      />
    </>
  )
}
