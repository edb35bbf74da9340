import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { keepActivity, retireActivity } from '#contract/activities.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import type { Activity } from './activity-side.tsx'

/** Rights rest on the activity: what one has asked for, another agrees to or drops. */
export function Retirement({ activity }: { activity: Activity }) {
  const { t, date } = useTexts()
  const [agreeing, setAgreeing] = useState(false)
  const params = { activityId: activity.id }
  const drop = useCommand(keepActivity, () => announce(t('retirement.dropped')))
  const agree = useCommand(retireActivity, () => {
    announce(t('activity.done.retired'))
    setAgreeing(false)
  })
  const { retirement } = activity
  if (!retirement) return null
  const may = activity.allowed.retire
  return (
    <Card title={t('retirement.title')} tone="wait">
      <p>
        {t('retirement.text', {
          ...{ date: date(retirement.from), rights: retirement.rights, reason: retirement.reason },
        })}
      </p>
      {retirement.own && <p className="meta">{t('retirement.own')}</p>}
      {may && (
        <Group gap={8} mt={8} className="no-print">
          {!retirement.own && <Button onClick={() => setAgreeing(true)}>{t('retirement.agree')}</Button>}
          <Button variant="default" loading={drop.isPending} onClick={() => drop.mutate({ params, body: {} })}>
            {t('retirement.drop')}
          </Button>
        </Group>
      )}
      {drop.error && <p role="alert">{t(`problem.${problemOf(drop.error).code}`)}</p>}
      {agreeing && (
        <ReasonDialog
          title={t('retirement.agree')}
          busy={agree.isPending}
          error={agree.error ? t(`problem.${problemOf(agree.error).code}`) : null}
          onClose={() => setAgreeing(false)}
          onConfirm={reason => agree.mutate({ params, body: { from: retirement.from, reason } })}
        >
          <p>{t('activity.dialog.retireHelp')}</p>
        </ReasonDialog>
      )}
    </Card>
  )
}
