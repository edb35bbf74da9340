import { Button, Group, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { type listOrders, wakeConnector } from '#contract/orders.ts'
import { useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'

type System = ResponseOf<typeof listOrders>['systems'][number]

/** Systems whose orders do not get through, with what they said last. */
export function Troubled(props: { systems: System[] }) {
  const { t, instant } = useTexts()
  const may = useMay()
  const wake = useCommand(wakeConnector, () => announce(t('orders.woken')))
  if (props.systems.length === 0) return null
  return (
    <Card tone="wait" title={t('orders.troubled')}>
      <Stack gap={8}>
        {props.systems.map(one => (
          <Group key={one.system.id} gap={12}>
            <Link to="/systems/$systemId/orders" params={{ systemId: one.system.id }} className="link">
              {one.system.name}
            </Link>
            {one.parked > 0 && <span>{t('orders.parkedCount', { count: one.parked })}</span>}
            {one.late > 0 && <span>{t('orders.lateCount', { count: one.late })}</span>}
            {one.restsUntil && (
              <span className="meta">
                {t('orders.rests', { when: instant(one.restsUntil), why: one.lastFailure ?? '' })}
              </span>
            )}
            {one.restsUntil && may('order.act') && (
              <Button
                size="xs"
                variant="default"
                aria-label={`${t('orders.wake')}: ${one.system.name}`}
                onClick={() => wake.mutate({ params: { systemId: one.system.id }, body: {} })}
              >
                {t('orders.wake')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Card>
  )
}
