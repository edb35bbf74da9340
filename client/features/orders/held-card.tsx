import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { letGoOrders, type listOrders } from '#contract/orders.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'

type Held = ResponseOf<typeof listOrders>['held'][number]
const CAUSES = ['many-small', 'feed', 'rules', 'mapping', 'date', 'draft', 'merge', 'entitlement'] as const

/** Removals of many people at once, which wait for somebody to have looked. */
export function HeldCard(props: { held: Held[]; may: boolean }) {
  const { t, number, instant } = useTexts()
  const [asked, setAsked] = useState<Held | null>(null)
  const go = useCommand(letGoOrders, () => {
    setAsked(null)
    announce(t('orders.letGone'))
  })
  if (props.held.length === 0) return null
  const code = go.error ? problemOf(go.error).code : null
  return (
    <Card tone="wait" title={t('orders.heldTitle')}>
      <Stack gap={8}>
        <p className="dim">{t('orders.heldHelp')}</p>
        {props.held.map(one => (
          <Group key={one.id} gap={12}>
            <span>
              {t('orders.heldLine', {
                system: one.system.name,
                open: number(one.open),
                people: number(one.people),
                holders: number(one.holders),
              })}
              <span className="meta" style={{ display: 'block' }}>
                {t('orders.heldCause', { cause: t(`orders.heldCauses.${causeOf(one.cause)}`) })}. {instant(one.madeAt)}
              </span>
            </span>
            {props.may && one.own && <span className="meta">{t('orders.heldOwn')}</span>}
            {props.may && !one.own && (
              <Button
                size="xs"
                variant="default"
                aria-label={`${t('orders.letGo')}: ${one.system.name}`}
                onClick={() => setAsked(one)}
              >
                {t('orders.letGo')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {asked && (
        <ReasonDialog
          title={t('orders.letGoTitle', { open: number(asked.open), system: asked.system.name })}
          busy={go.isPending}
          error={code === null ? null : code === 'conflict' ? t('orders.letGoConflict') : t(`problem.${code}`)}
          onConfirm={reason => go.mutate({ params: { holdId: asked.id }, body: { open: asked.open, reason } })}
          onClose={() => setAsked(null)}
        >
          <p>{t('orders.heldHelp')}</p>
        </ReasonDialog>
      )}
    </Card>
  )
}

const causeOf = (cause: string): (typeof CAUSES)[number] | 'other' =>
  CAUSES.find(one => cause.split(' ')[0] === one) ?? 'other'
