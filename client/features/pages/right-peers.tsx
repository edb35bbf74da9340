import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getRightPeers } from '#contract/pages.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'

type Row = ResponseOf<typeof getRightPeers>['rows'][number]

/** Unit by unit: how many of those who work there have a right, so that the one who has it alone is seen. */
export function RightPeers(props: { entitlementId: string }) {
  const { t, number } = useTexts()
  const query = useCall(getRightPeers, { params: { entitlementId: props.entitlementId } })
  const columns: Column<Row>[] = [
    {
      key: 'unit',
      label: t('pages.peers.unit'),
      cell: row => (
        <Link to="/org/$unitId" params={{ unitId: row.unit.id }} className="link">
          {row.unit.name}
        </Link>
      ),
    },
    {
      key: 'held',
      label: t('pages.peers.held'),
      number: true,
      cell: row => t('pages.peers.share', { held: number(row.held), of: number(row.of) }),
    },
    {
      key: 'expected',
      label: t('pages.peers.expected'),
      number: true,
      cell: row => t('pages.peers.share', { held: number(row.expected), of: number(row.of) }),
    },
  ]
  return (
    <Answer query={query}>
      {({ rows, total }) => (
        <>
          <p className="meta">
            {t('pages.peers.lead')}
            {total > rows.length && ` ${t('pages.peers.more', { shown: number(rows.length), total: number(total) })}`}
          </p>
          <DataTable
            caption={t('pages.peers.caption')}
            columns={columns}
            rows={rows}
            rowKey={row => row.unit.id}
            empty={<Empty title={t('pages.peers.none')} />}
          />
        </>
      )}
    </Answer>
  )
}
