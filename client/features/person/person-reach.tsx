import { IconAlertCircle, IconShieldLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getPersonReach } from '#contract/reach.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { FilterRow } from '../../ui/filters.tsx'
import { type Operation, OperationChoice, ReachSaid } from '../../ui/reach-said.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'

type Reach = ResponseOf<typeof getPersonReach>
type Row = Reach['rows'][number]
const ORDER = ['special', 'criminal', 'cpr', 'confidential', 'ordinary']

/** The other way round: all data that the rights of one person reach together, those that need protection first. */
export function PersonReach({ personId }: { personId: string }) {
  const { t } = useTexts()
  const [operation, setOperation] = useState<Operation>()
  const query = useCall(getPersonReach, { params: { personId }, query: operation ? { operation } : {} }, { keep: true })
  return (
    <div className="stack">
      <FilterRow>
        <OperationChoice value={operation} onChange={setOperation} />
      </FilterRow>
      {operation && <p className="meta">{t('reach.sameAtMost')}</p>}
      <Answer query={query}>{reach => <Reached reach={reach} />}</Answer>
    </div>
  )
}

function Reached({ reach }: { reach: Reach }) {
  const { t, language } = useTexts()
  const name = (term: { da: string; en: string } | undefined, code: string) =>
    term ? (language === 'da' ? term.da : term.en) : code
  const data = new Map(reach.data.map(one => [one.code, one]))
  const subjects = new Map(reach.subjects.map(one => [one.code, one]))
  const rank = (row: Row) => {
    const place = ORDER.indexOf(data.get(row.data)?.class ?? '')
    return place < 0 ? ORDER.length : place
  }
  const rows = reach.rows.toSorted((a, b) => rank(a) - rank(b) || (a.data < b.data ? -1 : a.data > b.data ? 1 : 0))
  const columns: Column<Row>[] = [
    {
      key: 'subjects',
      label: t('reach.columns.subjects'),
      cell: row => row.subjects.map(code => name(subjects.get(code), code)).join(', '),
    },
    {
      key: 'activity',
      label: t('reach.columns.activity'),
      cell: row =>
        row.activity ? (
          <Link to="/activities/$activityId" params={{ activityId: row.activity.id }} className="link">
            {row.activity.ref} {row.activity.name}
          </Link>
        ) : (
          t('reach.noActivity')
        ),
    },
    {
      key: 'rights',
      label: t('reach.columns.rights'),
      rank: 2,
      cell: row => (
        <>
          {row.system.name}
          <div className="meta">{row.rights.map(right => right.name).join(', ')}</div>
        </>
      ),
    },
    {
      key: 'how',
      label: t('reach.columns.how'),
      rank: 3,
      cell: row => (
        <>
          {row.how === 'unexplained' ? (
            <Status tone="bad" icon={IconAlertCircle} plain>
              {t('reach.how.unexplained')}
            </Status>
          ) : (
            t(`reach.how.${row.how}`)
          )}
          <ReachSaid row={row} />
        </>
      ),
    },
  ]
  return (
    <div className="stack">
      <DataTable
        caption={t('reach.person.caption')}
        columns={columns}
        rows={rows}
        rowKey={row => [row.data, row.activity?.id, row.system.id, row.how, row.beyond].join(' ')}
        cards
        groupOf={row => {
          const term = data.get(row.data)
          const group = term?.class
          return {
            key: row.data,
            label: (
              <>
                {name(term, row.data)}{' '}
                {(group === 'special' || group === 'criminal' || group === 'cpr' || group === 'confidential') && (
                  <Status tone="protected" icon={IconShieldLock} plain>
                    {t(`reach.classes.${group}`)}
                  </Status>
                )}
              </>
            ),
          }
        }}
        empty={<Empty title={t('reach.person.none')} />}
      />
      {reach.unknown.length > 0 && (
        <p className="meta">
          {t('reach.person.unknown')} {reach.unknown.map(one => one.name).join(', ')}.
        </p>
      )}
    </div>
  )
}
