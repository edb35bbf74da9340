import { Button, Group } from '@mantine/core'
import { IconCircleCheck, IconHourglass } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { listPurposePlans } from '#contract/purpose-plans.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { type Asked, type Choice, type Plan, PlanDialog, type PlanRight } from './plan-dialog.tsx'

const CHOICES: readonly Choice[] = ['bind', 'accept', 'take-away']

/** Rights that have lost what they were for, with what their owner has decided. Nobody has lost access by it. */
export function PurposePlans({ systemId }: { systemId: string }) {
  const { t } = useTexts()
  const query = useCall(listPurposePlans, { query: { system: systemId } })
  const [asked, setAsked] = useState<Asked | null>(null)
  return (
    <Card title={t('purposePlans.title')}>
      <Answer query={query}>
        {({ plans, today }) =>
          plans.length === 0 ? (
            <Empty title={t('purposePlans.none')} good />
          ) : (
            <div className="stack">
              <p className="meta">{t('purposePlans.help')}</p>
              {plans.map(plan => (
                <OnePlan key={plan.id} plan={plan} onAsk={(right, choice) => setAsked({ plan, right, choice })} />
              ))}
              {asked && <PlanDialog asked={asked} today={today} onClose={() => setAsked(null)} />}
            </div>
          )
        }
      </Answer>
    </Card>
  )
}

function OnePlan({ plan, onAsk }: { plan: Plan; onAsk: (right: PlanRight, choice: Choice) => void }) {
  const { t, date, number } = useTexts()
  const title = t(`purposePlans.cause.${plan.cause}`, {
    ...{ activity: plan.activity ? `${plan.activity.ref} ${plan.activity.name}` : '', date: date(plan.from) },
  })
  return (
    <section>
      <h3 className="section">{title}</h3>
      <DataTable
        caption={title}
        cards
        rows={plan.rights}
        rowKey={right => right.entitlement.id}
        empty={null}
        columns={[
          { key: 'right', label: t('purposePlans.columns.right'), cell: right => right.entitlement.name },
          {
            key: 'people',
            label: t('purposePlans.columns.people'),
            number: true,
            cell: right => number(right.people),
          },
          {
            key: 'decision',
            label: t('purposePlans.columns.decision'),
            cell: right => (
              <>
                <Decision right={right} mine={plan.allowed.decide} />
                {right.open && plan.allowed.decide && (
                  <Group gap={4} mt={4} className="no-print">
                    {CHOICES.map(choice => (
                      <Button
                        key={choice}
                        size="compact-xs"
                        variant="default"
                        aria-label={t('purposePlans.titleOf', {
                          ...{ do: t(`purposePlans.do.${choice}`), right: right.entitlement.name },
                        })}
                        onClick={() => onAsk(right, choice)}
                      >
                        {t(`purposePlans.do.${choice}`)}
                      </Button>
                    ))}
                  </Group>
                )}
              </>
            ),
          },
        ]}
      />
    </section>
  )
}

function Decision({ right, mine }: { right: PlanRight; mine: boolean }) {
  const { t, date } = useTexts()
  const said =
    right.choice === null
      ? t(mine ? 'purposePlans.open' : 'purposePlans.openOther')
      : right.choice === 'accept'
        ? t(right.open ? 'purposePlans.choice.acceptOver' : 'purposePlans.choice.accept', {
            date: right.until ? date(right.until) : '',
          })
        : t(`purposePlans.choice.${right.choice}`)
  return (
    <>
      <Status tone={right.open ? 'wait' : 'ok'} icon={right.open ? IconHourglass : IconCircleCheck} plain>
        {said}
      </Status>
      {right.reason && <div className="meta">{right.reason}</div>}
      {right.draftId && (
        <Link to="/drafts/$draftId" params={{ draftId: right.draftId }} className="link">
          {t('purposePlans.draft')}
        </Link>
      )}
    </>
  )
}
