import { Button } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import type { ResponseOf } from '#contract/endpoint.ts'
import { orderState } from '#contract/lists.ts'
import { listOrders } from '#contract/orders.ts'
import { listUrl } from '../../lib/list-url.ts'
import { useCall } from '../../lib/query.ts'
import type { ordersSearch } from '../../lib/search.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Column } from '../../ui/data-table.tsx'
import { Choice, Toggle } from '../../ui/filters.tsx'
import { ListFrame } from '../../ui/list-frame.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Empty } from '../../ui/states.tsx'
import { HeldCard } from './held-card.tsx'
import { OrderDialog } from './order-dialog.tsx'
import { Troubled } from './troubled.tsx'

export type OrderRow = ResponseOf<typeof listOrders>['rows'][number]
type Search = z.output<typeof ordersSearch>
const limit = 50

/** Orders of all systems, or of one. */
export function OrderList(props: { search: Search; navigate: (to: never) => unknown; systemId?: string }) {
  const { t, date } = useTexts()
  const { search, systemId } = props
  const url = listUrl(search, props.navigate)
  const [shown, setShown] = useState<string | null>(null)
  const query = useCall(
    listOrders,
    {
      query: {
        ...(search.state ? { state: search.state } : {}),
        ...(search.open ? { open: 'true' } : {}),
        ...(search.person ? { person: search.person } : {}),
        ...(systemId ? { system: systemId } : search.system ? { system: search.system } : {}),
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const columns: Column<OrderRow>[] = [
    {
      key: 'what',
      label: t('orders.columns.what'),
      cell: row => (
        <>
          {t(`orders.action.${row.action}`)} {row.right?.name ?? row.accountType?.name}
          {row.username && <div className="meta">{row.username}</div>}
        </>
      ),
    },
    { key: 'person', label: t('orders.columns.person'), cell: row => <PersonLink person={row.person} /> },
    ...(systemId
      ? []
      : [
          {
            key: 'system',
            label: t('orders.columns.system'),
            rank: 2,
            cell: (row: OrderRow) => row.system.name,
          } as const,
        ]),
    {
      key: 'due',
      label: t('orders.columns.due'),
      cell: row => (
        <span className="nowrap">
          {date(row.dueOn)}
          {row.urgent && <div className="meta">{t('orders.urgent')}</div>}
        </span>
      ),
    },
    {
      key: 'state',
      label: t('orders.columns.state'),
      cell: row => (
        <>
          {t(`orders.state.${row.state}`)}
          {row.held && <div className="meta">{t('orders.heldRow')}</div>}
          {row.waitsForHandover && <div className="meta">{t('orders.handoverRow')}</div>}
          <div className="meta">{t(`orders.cause.${row.cause as 'rule'}`)}</div>
        </>
      ),
    },
    {
      key: 'do',
      label: t('orders.columns.do'),
      rank: 3,
      cell: row => (
        <Button
          variant="default"
          size="xs"
          aria-label={`${t('orders.show')}: ${t(`orders.action.${row.action}`)} ${row.right?.name ?? row.accountType?.name ?? ''}, ${row.person.name ?? ''}`}
          onClick={() => setShown(row.id)}
        >
          {t('orders.show')}
        </Button>
      ),
    },
  ]
  return (
    <>
      {query.data && (
        <HeldCard
          held={query.data.held.filter(one => !systemId || one.system.id === systemId)}
          may={query.data.mayLetGo}
        />
      )}
      {!systemId && query.data && <Troubled systems={query.data.systems} />}
      <ListFrame
        query={query}
        cards
        url={url}
        limit={limit}
        caption={t('orders.caption')}
        columns={columns}
        rowKey={row => row.id}
        filters={
          <>
            <Choice
              label={t('orders.filterState')}
              value={search.state}
              onChange={state => url.change({ state })}
              options={orderState.options.map(value => ({ value, label: t(`orders.state.${value}`) }))}
            />
            <Toggle on={search.open === true} onChange={on => url.change({ open: on || undefined })}>
              {t('orders.onlyOpen')}
            </Toggle>
          </>
        }
        empty={<Empty title={t('orders.empty')} help={t('orders.emptyHelp')} />}
      />
      {shown && <OrderDialog orderId={shown} onClose={() => setShown(null)} />}
    </>
  )
}
