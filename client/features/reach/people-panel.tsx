import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { REACH_HOWS, searchReachRows } from '#contract/reach.ts'
import type { listUrl } from '../../lib/list-url.ts'
import { useCall } from '../../lib/query.ts'
import type { ReachSearch } from '../../lib/search.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Column } from '../../ui/data-table.tsx'
import { Choice, FilterChip } from '../../ui/filters.tsx'
import { ListFrame } from '../../ui/list-frame.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { ReachSaid } from '../../ui/reach-said.tsx'
import { Empty } from '../../ui/states.tsx'
import { HowStatus } from './how-status.tsx'
import { askedOf, type Change, type ReachData, useTermNames } from './reach-words.ts'

type Row = ResponseOf<typeof searchReachRows>['rows'][number]
const limit = 50

/** Who is behind a number: person, unit, right, activity and purpose, page by page. */
export function PeoplePanel(props: {
  reach: ReachData
  search: ReachSearch
  change: Change
  url: ReturnType<typeof listUrl<ReachSearch>>
}) {
  const { t, number } = useTexts()
  const { search, change, url } = props
  const names = useTermNames(props.reach)
  const query = useCall(
    searchReachRows,
    {
      body: {
        ...askedOf(search),
        ...(search.how ? { how: search.how } : {}),
        ...(search.unknown ? { unknown: true } : {}),
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const columns: Column<Row>[] = [
    {
      key: 'person',
      label: t('reach.columns.person'),
      cell: row => (
        <>
          <PersonLink person={row.person} />
          {row.unit && <div className="meta">{row.unit.name}</div>}
        </>
      ),
    },
    {
      key: 'right',
      label: t('reach.columns.right'),
      cell: row => (
        <>
          <Link to="/systems/$systemId" params={{ systemId: row.system.id }} className="link">
            {row.system.name}
          </Link>
          <div className="meta">
            {[row.right.name, row.seen ? '' : t('reach.expectedOnly')].filter(Boolean).join(' · ')}
          </div>
        </>
      ),
    },
    {
      key: 'activity',
      label: t('reach.columns.activity'),
      rank: 3,
      cell: row => (
        <>
          {row.activity ? (
            <Link to="/activities/$activityId" params={{ activityId: row.activity.id }} className="link">
              {row.activity.ref} {row.activity.name}
            </Link>
          ) : (
            t('reach.noActivity')
          )}
          {row.purpose && <div className="meta">{row.purpose}</div>}
        </>
      ),
    },
    {
      key: 'how',
      label: t('reach.columns.how'),
      rank: 2,
      cell: row => (
        <>
          <HowStatus how={row.how} />
          <ReachSaid row={row} />
          {row.wider && <div className="meta">{t('reach.wider')}</div>}
        </>
      ),
    },
    {
      key: 'reaches',
      label: t('reach.columns.reaches'),
      rank: 1,
      cell: row =>
        row.data.length > 0 && (
          <span className="meta">
            {t('reach.about', {
              data: row.data.map(names.data).join(', '),
              subject: row.subjects.map(names.subject).join(', '),
            })}
          </span>
        ),
    },
  ]
  return (
    <ListFrame
      query={query}
      url={url}
      limit={limit}
      caption={t('reach.people')}
      columns={columns}
      rowKey={row => [row.person.id, row.right.id, row.activity?.id, row.unit?.id].join(' ')}
      cards
      filters={
        <>
          <Choice
            label={t('reach.columns.how')}
            all={t('reach.howAll')}
            value={search.how}
            options={REACH_HOWS.map(value => ({ value, label: t(`reach.how.${value}`) }))}
            onChange={how => change({ how })}
          />
          {search.activity && (
            <FilterChip
              label={t('reach.activity')}
              value={props.reach.activity ? `${props.reach.activity.ref} ${props.reach.activity.name}` : '…'}
              onRemove={() => change({ activity: undefined })}
            />
          )}
          {search.unknown && (
            <FilterChip
              label={t('reach.data')}
              value={t('reach.onlyUnknown')}
              onRemove={() => change({ unknown: undefined })}
            />
          )}
        </>
      }
      note={query.data && <p className="meta">{t('reach.peopleNote', { people: number(query.data.people) })}</p>}
      empty={<Empty title={t('reach.noPeople')} help={t('reach.emptyHelp')} />}
    />
  )
}
