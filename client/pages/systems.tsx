import { IconEyeCheck, IconEyeOff } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listSystems } from '#contract/systems.ts'
import { DataFreshness } from '../features/freshness/data-freshness.tsx'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from '../ui/data-table.tsx'
import { DriftCount } from '../ui/drift-count.tsx'
import { Choice, Toggle } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/systems')
type Row = ResponseOf<typeof listSystems>['rows'][number]
const limit = 50

export function Reading(props: { reading: Row['reading']; plain?: boolean }) {
  const { t } = useTexts()
  const read = props.reading !== 'none'
  return (
    <Status
      tone={read ? 'ok' : 'quiet'}
      icon={read ? IconEyeCheck : IconEyeOff}
      {...(props.plain ? { plain: true } : {})}
    >
      {t(`enum.reading.${props.reading}`)}
    </Status>
  )
}

export function SystemsPage() {
  const { t, number } = useTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { sort = 'name', descending = false } = search
  const url = listUrl(search, navigate)
  const { change, offset } = url
  const { own, ...filters } = url.filters
  const [text, setText] = useUrlText(search.text, value => change({ text: value }))
  const query = useCall(
    listSystems,
    {
      query: {
        ...filters,
        ...(own ? { own: 'true' } : {}),
        sort,
        descending: descending ? 'true' : 'false',
        offset,
        limit,
      },
    },
    { keep: true },
  )
  const columns: Column<Row>[] = [
    {
      key: 'name',
      label: t('systems.columns.name'),
      sort: 'name',
      cell: row => (
        <Link to="/systems/$systemId" params={{ systemId: row.id }} className="link">
          {row.name}
        </Link>
      ),
    },
    { key: 'area', label: t('systems.columns.area'), rank: 2, cell: row => row.area },
    {
      key: 'owner',
      label: t('systems.columns.owner'),
      rank: 1,
      cell: row =>
        row.owner ? <PersonLink person={row.owner} /> : <span className="meta">{t('systems.noOwner')}</span>,
    },
    {
      key: 'reading',
      label: t('systems.columns.reading'),
      rank: 3,
      cell: row => <Reading reading={row.reading} plain />,
    },
    {
      key: 'expected',
      label: t('systems.columns.expected'),
      number: true,
      sort: 'expected',
      rank: 3,
      cell: row => number(row.expected),
    },
    {
      key: 'observed',
      label: t('systems.columns.observed'),
      number: true,
      rank: 3,
      cell: row => (row.reading === 'none' ? <span className="meta">–</span> : number(row.observed)),
    },
    {
      key: 'drift',
      label: t('systems.columns.drift'),
      number: true,
      sort: 'drift',
      cell: row => (row.reading === 'none' ? <span className="meta">–</span> : <DriftCount count={row.drift} />),
    },
  ]
  return (
    <Page title={t('systems.title')} lead={t('systems.lead')}>
      <DataFreshness kinds={['system', 'account', 'group']} />
      <ListFrame
        query={query}
        caption={t('systems.caption')}
        columns={columns}
        rowKey={row => row.id}
        sort={{ by: sort, descending }}
        url={url}
        search={{ label: t('systems.search'), value: text, onChange: setText }}
        filters={
          <>
            <Choice
              label={t('systems.area')}
              value={search.area}
              onChange={area => change({ area })}
              options={(query.data?.areas ?? []).map(area => ({ value: area, label: area }))}
            />
            <Choice
              label={t('systems.reading')}
              value={search.reading}
              onChange={reading => change({ reading })}
              options={(['groups', 'list', 'none'] as const).map(value => ({ value, label: t(`enum.reading.${value}`) }))}
            />
            <Toggle on={own === true} onChange={on => change({ own: on || undefined })}>
              {t('systems.own')}
            </Toggle>
          </>
        }
        limit={limit}
        empty={<Empty title={t('systems.empty')} />}
      />
    </Page>
  )
}
