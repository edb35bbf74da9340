import { Button, Stack } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { approveRules, type listRulesChanges } from '#contract/rules.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Guards } from './guards.tsx'

export type RulesChange = ResponseOf<typeof listRulesChanges>['rows'][number]

/** A change of rules that waits: who made it, what it does, which guard holds it, and for a second person the button. */
export function HeldChange(props: { change: RulesChange; may: boolean }) {
  const { t, instant, number } = useTexts()
  const { change } = props
  const { counts } = change
  const who = useWho()
  const [asked, setAsked] = useState(false)
  const approve = useCommand(approveRules, () => {
    setAsked(false)
    announce(t('changes.approved'))
  })
  const code = approve.error ? problemOf(approve.error).code : null
  return (
    <Card
      tone="wait"
      level={3}
      title={t('changes.by', { who: who(change.createdBy), when: instant(change.createdAt) })}
      aside={<IconHandStop size={20} aria-hidden style={{ color: 'var(--app-wait)' }} />}
    >
      <Stack gap={12}>
        <Facts
          columns
          facts={[
            ...(['rules', 'roles', 'mappings'] as const).map(key => ({
              label: t(`import.${key}`),
              value: t('changes.counts', counts[key]),
            })),
            { label: t('changes.columns.people'), value: number(counts.people) },
            { label: t('import.gains'), value: `+${number(counts.gains)}` },
            { label: t('import.losses'), value: `−${number(counts.losses)}` },
            ...(counts.withheld > 0 ? [{ label: t('import.withheld'), value: number(counts.withheld) }] : []),
          ]}
        />
        <Guards heldBack={counts.heldBack} />
        {change.own ? (
          <p className="dim">{t('changes.own')}</p>
        ) : props.may ? (
          <div>
            <Button onClick={() => setAsked(true)}>{t('changes.approve')}</Button>
          </div>
        ) : (
          <p className="dim">{t('changes.notYours')}</p>
        )}
      </Stack>
      {asked && (
        <Confirm
          title={t('changes.approve')}
          verb={t('changes.approve')}
          cancel={t('do.cancel')}
          busy={approve.isPending}
          error={code === null ? null : code === 'plan-stale' ? t('changes.stale') : t(`problem.${code}`)}
          onConfirm={() => approve.mutate({ params: { planId: change.id } })}
          onClose={() => setAsked(false)}
        >
          <p>{t('changes.by', { who: who(change.createdBy), when: instant(change.createdAt) })}</p>
          <p>
            {t('changes.confirmPeople', { count: counts.people, gains: counts.gains, losses: counts.losses })}{' '}
            {t('changes.confirm')}
          </p>
        </Confirm>
      )}
    </Card>
  )
}

/** Who changed rules: a name, or in words that it was the set-up or the command line. */
export function useWho(): (name: string) => string {
  const { t } = useTexts()
  return name => (name === 'set-up' ? t('audit.job.set-up') : name === 'cli' ? t('audit.cli') : name)
}
