import { IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getSystem } from '#contract/systems.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { DriftCount } from '../../ui/drift-count.tsx'
import { Sensitivity } from '../../ui/sensitivity.tsx'
import { Empty } from '../../ui/states.tsx'

type System = ResponseOf<typeof getSystem>

/** What a system can give, with how many should hold and hold each. */
export function SystemRights(props: { system: System }) {
  const { t, number } = useTexts()
  const read = props.system.reading !== 'none'
  const columns: Column<System['rights'][number]>[] = [
    {
      key: 'name',
      label: t('system.columns.name'),
      cell: row => (
        <>
          <Link to="." search={{ entitlement: row.id } as never} hash="holders" className="link" resetScroll={false}>
            {row.name}
          </Link>{' '}
          <Sensitivity sensitivity={row.sensitivity} />{' '}
          <Link
            to="/systems/$systemId/rights/$entitlementId"
            params={{ systemId: props.system.id, entitlementId: row.id }}
            className="link"
            aria-label={t('nav.rightDetails', { name: row.name })}
          >
            <IconInfoCircle size={16} aria-hidden />
          </Link>
          {row.description && <div className="meta">{row.description}</div>}
        </>
      ),
    },
    {
      key: 'kind',
      label: t('system.columns.kind'),
      rank: 2,
      cell: row => t(`enum.entitlementKind.${row.kind}`),
    },
    { key: 'expected', label: t('system.columns.expected'), number: true, cell: row => number(row.expected) },
    ...(read
      ? ([
          {
            key: 'observed',
            label: t('system.columns.observed'),
            number: true,
            rank: 3,
            cell: row => number(row.observed),
          },
          {
            key: 'missing',
            label: t('system.columns.missing'),
            number: true,
            rank: 3,
            cell: row => number(row.missing),
          },
          {
            key: 'unexplained',
            label: t('system.columns.unexplained'),
            number: true,
            cell: row => <DriftCount count={row.unexplained} />,
          },
        ] satisfies Column<System['rights'][number]>[])
      : []),
  ]
  return (
    <section>
      <h2 className="section">{t('system.rights')}</h2>
      <DataTable
        caption={t('system.rightsCaption')}
        columns={columns}
        rows={props.system.rights}
        rowKey={row => row.id}
        empty={<Empty title={t('system.noRights')} />}
      />
    </section>
  )
}
