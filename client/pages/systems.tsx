import { Button, Checkbox } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { exportSystems } from '#contract/catalogue-export.ts'
import type { BodyInput, QueryInput, ResponseOf } from '#contract/endpoint.ts'
import { criticality, hosting, systemGap, systemGrouping, systemReading, systemStatus } from '#contract/lists.ts'
import { listSystems } from '#contract/systems.ts'
import { DataFreshness } from '../features/freshness/data-freshness.tsx'
import { AddSystem } from '../features/systems/add-system.tsx'
import { BulkBar, selectionKeys, useSelection } from '../features/systems/bulk-bar.tsx'
import { ExportMenu } from '../features/systems/export-menu.tsx'
import classes from '../features/systems/systems.module.css'
import { ViewTabs } from '../features/views/view-tabs.tsx'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useMay, useSession } from '../lib/session.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import { SystemsDataFile } from '../ui/data-files.tsx'
import type { Column } from '../ui/data-table.tsx'
import { DriftCount } from '../ui/drift-count.tsx'
import { Choice, Toggle } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Reading } from '../ui/reading.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/systems')
type Row = ResponseOf<typeof listSystems>['rows'][number]
/** The whole catalogue is one list. */
const limit = 1000

/** How rows are put together and ordered is of the screen, not of the file. */
const exportFilter = ({ group: _group, ...filter }: { group?: unknown } & BodyInput<typeof exportSystems>['filter']) =>
  filter

export function SystemsPage() {
  const { t, number, date } = useTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { sort = 'name', descending = false } = search
  const url = listUrl(search, navigate)
  const { change } = url
  const { own, read, team, ...filters } = url.filters
  const [text, setText] = useUrlText(search.text, value => change({ text: value }))
  const asked: QueryInput<typeof listSystems> = {
    ...filters,
    ...(own ? { own: 'true' } : {}),
    ...(team ? { team: 'true' } : {}),
    ...(read === undefined ? {} : { read: String(read) }),
    sort,
    descending: descending ? 'true' : 'false',
  }
  const query = useCall(listSystems, { query: { ...asked, limit } }, { keep: true })
  const may = useMay()
  const { actor } = useSession()
  // An owner keeps what is the owner's; IT adds.
  const ownerOnly = !actor?.roles.some(role => role === 'it' || role === 'admin')
  const selection = useSelection()
  const [adding, setAdding] = useState(false)
  const groups = query.data?.groups ?? []
  const labelOf = (label: string | null) =>
    label === null
      ? t('catalogue.list.without')
      : search.group === 'status'
        ? t(`catalogue.choice.status.${label as 'planned'}`)
        : label
  const columns: Column<Row>[] = [
    {
      key: 'name',
      width: '20%',
      label: t('systems.columns.name'),
      sort: 'name',
      cell: row => (
        <span className={classes.picked}>
          {row.change && (
            <Checkbox
              size="md"
              aria-label={t('catalogue.list.select', { name: row.name })}
              checked={selection.selected.has(row.id)}
              onChange={() => selection.toggle(row.id)}
            />
          )}
          <span>
            <Link to="/systems/$systemId" params={{ systemId: row.id }} className="link">
              {row.name}
            </Link>
            {row.supplier && <div className="meta">{row.supplier}</div>}
          </span>
        </span>
      ),
    },
    { key: 'area', width: '14%', label: t('systems.columns.area'), rank: 2, cell: row => row.area },
    {
      key: 'owner',
      width: '12%',
      label: t('systems.columns.owner'),
      rank: 1,
      cell: row =>
        row.owner ? <PersonLink person={row.owner} /> : <span className="meta">{t('systems.noOwner')}</span>,
    },
    {
      key: 'status',
      width: '8%',
      label: t('catalogue.list.status'),
      rank: 2,
      cell: row => row.status && t(`catalogue.choice.status.${row.status}`),
    },
    {
      key: 'criticality',
      width: '10%',
      label: t('catalogue.list.criticality'),
      sort: 'criticality',
      rank: 1,
      cell: row => row.criticality && t(`catalogue.choice.criticality.${row.criticality}`),
    },
    ...(search.gap === 'attest'
      ? [
          {
            key: 'due',
            width: '9%',
            label: t('catalogue.list.due'),
            sort: 'attestDue',
            cell: (row: Row) =>
              row.attestDue && (
                <Link to="/systems/$systemId/attest" params={{ systemId: row.id }} className="link nowrap">
                  {date(row.attestDue)}
                </Link>
              ),
          } satisfies Column<Row>,
        ]
      : []),
    {
      key: 'reading',
      width: '13%',
      label: t('systems.columns.reading'),
      rank: 3,
      cell: row => <Reading reading={row.reading} plain />,
    },
    {
      key: 'expected',
      width: '9%',
      label: t('systems.columns.expected'),
      number: true,
      sort: 'expected',
      rank: 3,
      cell: row => number(row.expected),
    },
    {
      key: 'observed',
      width: '5%',
      label: t('systems.columns.observed'),
      number: true,
      rank: 3,
      cell: row => (row.reading === 'none' ? <span className="meta">–</span> : number(row.observed)),
    },
    {
      key: 'drift',
      width: '9%',
      label: t('systems.columns.drift'),
      number: true,
      sort: 'drift',
      cell: row => (row.reading === 'none' ? <span className="meta">–</span> : <DriftCount count={row.drift} />),
    },
  ]
  return (
    <Page
      title={t('systems.title')}
      lead={t('systems.lead')}
      actions={
        <>
          <Button component={Link} to="/systems/map" variant="default">
            {t('catalogue.list.map')}
          </Button>
          {may('activity.read') && <SystemsDataFile />}
          {may('system.export') && <ExportMenu filter={exportFilter(url.filters)} />}
          {may('system.import') && (
            <Button component={Link} to="/systems/import" variant="default">
              {t('transfer.go')}
            </Button>
          )}
          {may('system.change') && !ownerOnly && (
            <Button onClick={() => setAdding(true)}>{t('catalogue.list.add')}</Button>
          )}
        </>
      }
    >
      <DataFreshness kinds={['system', 'account', 'group']} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys for what has links and boxes of its own */}
      <div className={classes.stack} onKeyDown={selectionKeys(selection)}>
        <ViewTabs screen="systems" search={search} onOpen={next => void navigate({ search: next as typeof search })} />
        <ListFrame
          query={query}
          caption={t('systems.caption')}
          columns={columns}
          rowKey={row => row.id}
          sort={{ by: sort, descending }}
          url={{ ...url, offset: 0 }}
          tall
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
                options={systemReading.options.map(value => ({ value, label: t(`enum.reading.${value}`) }))}
              />
              <Choice
                label={t('catalogue.list.status')}
                value={search.status}
                onChange={status => change({ status })}
                options={systemStatus.options.map(value => ({ value, label: t(`catalogue.choice.status.${value}`) }))}
              />
              <Choice
                label={t('catalogue.list.gap')}
                value={search.gap}
                onChange={gap => change({ gap })}
                options={systemGap.options.map(value => ({ value, label: t(`catalogue.list.gaps.${value}`) }))}
              />
              <Choice
                label={t('catalogue.list.criticality')}
                value={search.criticality}
                onChange={next => change({ criticality: next })}
                options={criticality.options.map(value => ({
                  value,
                  label: t(`catalogue.choice.criticality.${value}`),
                }))}
              />
              <Choice
                label={t('catalogue.list.supplier')}
                value={search.supplier}
                onChange={supplier => change({ supplier })}
                options={(query.data?.suppliers ?? []).map(value => ({ value, label: value }))}
              />
              <Choice
                label={t('catalogue.list.hosting')}
                value={search.hosting}
                onChange={next => change({ hosting: next })}
                options={hosting.options.map(value => ({ value, label: t(`catalogue.choice.hosting.${value}`) }))}
              />
              <Choice
                label={t('catalogue.list.group')}
                value={search.group}
                all={t('catalogue.list.groupNone')}
                onChange={group => change({ group })}
                options={systemGrouping.options.map(value => ({ value, label: t(`catalogue.list.groups.${value}`) }))}
              />
              <Toggle on={read === true} onChange={on => change({ read: on || undefined })}>
                {t('systems.onlyRead')}
              </Toggle>
              <Toggle on={own === true} onChange={on => change({ own: on || undefined })}>
                {t('systems.own')}
              </Toggle>
              {team && (
                <Toggle on onChange={() => change({ team: undefined })}>
                  {t('systems.team')}
                </Toggle>
              )}
            </>
          }
          limit={limit}
          note={may('system.change') && <p className="meta no-print">{t('catalogue.list.keys')}</p>}
          {...(search.group
            ? {
                groupOf: (row: Row) => {
                  const group = groups[row.group ?? -1]
                  return {
                    key: String(row.group),
                    label: t('catalogue.list.count', {
                      label: labelOf(group?.label ?? null),
                      count: group?.count ?? 0,
                    }),
                  }
                },
              }
            : {})}
          empty={<Empty title={t('systems.empty')} />}
        />
        {may('system.change') && (
          <BulkBar
            selection={selection}
            total={query.data?.total ?? 0}
            onAll={() => (query.data?.rows ?? []).filter(row => row.change).map(row => row.id)}
          />
        )}
      </div>
      {adding && (
        <AddSystem
          onClose={() => setAdding(false)}
          onDone={id => void navigate({ to: '/systems/$systemId/sheet', params: { systemId: id } } as never)}
        />
      )}
    </Page>
  )
}
