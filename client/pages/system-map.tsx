import { IconAlertTriangle } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { getSystemMap } from '#contract/catalogue.ts'
import { around, layOut, type SystemMap } from '../features/systems/lay-out.ts'
import classes from '../features/systems/systems.module.css'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Choice, FilterRow } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/systems/map')
type Node = SystemMap['systems'][number]

export function SystemMapPage() {
  const { t } = useTexts()
  const query = useCall(getSystemMap)
  return (
    <Page
      title={t('catalogue.map.title')}
      section={t('systems.title')}
      lead={t('catalogue.map.lead')}
      crumbs={[{ label: t('systems.title'), to: '/systems' }]}
    >
      <Answer query={query}>
        {map =>
          map.flows.length === 0 ? (
            <Card>
              <Empty title={t('catalogue.map.empty')} help={t('catalogue.map.emptyHelp')} />
            </Card>
          ) : (
            <MapScreen map={map} />
          )
        }
      </Answer>
    </Page>
  )
}

function MapScreen(props: { map: SystemMap }) {
  const { t } = useTexts()
  const { map } = props
  const { system, steps = 1, area } = route.useSearch()
  const navigate = route.useNavigate()
  const go = (next: { system?: string | undefined; steps?: number | undefined; area?: string | undefined }) =>
    void navigate({ search: old => ({ ...old, ...next }), replace: true, resetScroll: false })
  const shown = useMemo(() => around(map, system, steps, area), [map, system, steps, area])
  const name = new Map(map.systems.map(one => [one.id, one.name]))
  const areas = [...new Set(map.systems.flatMap(one => one.area ?? []))].sort((a, b) => a.localeCompare(b, 'da'))
  const points = map.systems.filter(one => one.cutsOff > 0).sort((a, b) => b.cutsOff - a.cutsOff)
  const linkTo = (id: string) => (
    <Link to="/systems/map" search={{ system: id, steps }} className="link" resetScroll={false}>
      {name.get(id)}
    </Link>
  )
  const systems: Column<Node>[] = [
    { key: 'name', label: t('catalogue.map.columns.system'), cell: row => linkTo(row.id) },
    { key: 'area', label: t('catalogue.map.columns.area'), rank: 2, cell: row => row.area },
    { key: 'dependents', label: t('catalogue.map.columns.dependents'), number: true, cell: row => row.dependents },
    {
      key: 'cutsOff',
      label: t('catalogue.map.columns.cutsOff'),
      number: true,
      cell: row =>
        row.cutsOff > 0 ? (
          <Status tone="bad" icon={IconAlertTriangle} plain>
            {row.cutsOff}
          </Status>
        ) : (
          0
        ),
    },
  ]
  type Flow = SystemMap['flows'][number]
  const flows: Column<Flow>[] = [
    { key: 'from', label: t('catalogue.map.columns.from'), cell: row => linkTo(row.from) },
    { key: 'to', label: t('catalogue.map.columns.to'), cell: row => linkTo(row.to) },
    { key: 'data', label: t('catalogue.map.columns.data'), rank: 3, cell: row => row.data.join(', ') },
    { key: 'how', label: t('catalogue.map.columns.how'), rank: 2, cell: row => t(`catalogue.flow.howName.${row.how}`) },
    {
      key: 'frequency',
      label: t('catalogue.map.columns.frequency'),
      rank: 1,
      cell: row => row.frequency && t(`catalogue.flow.frequencyName.${row.frequency}`),
    },
  ]
  return (
    <>
      <Card title={t('catalogue.map.single')}>
        {points.length === 0 ? (
          <p>{t('catalogue.map.singleNone')}</p>
        ) : (
          <div className={classes.stack}>
            <p className="meta">{t('catalogue.map.singleHelp')}</p>
            <ul className={classes.list}>
              {points.slice(0, 8).map(one => (
                <li key={one.id}>
                  <IconAlertTriangle size={16} aria-hidden style={{ color: 'var(--app-bad)', verticalAlign: '-3px' }} />{' '}
                  {linkTo(one.id)}{' '}
                  <span className="meta">
                    {t('catalogue.map.columns.cutsOff')}: {one.cutsOff} · {t('catalogue.map.columns.dependents')}:{' '}
                    {one.dependents}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        )}
      </Card>
      <FilterRow>
        <Choice
          label={t('catalogue.map.focus')}
          value={system}
          all={t('catalogue.map.all')}
          onChange={next => go({ system: next })}
          options={map.systems.map(one => ({ value: one.id, label: one.name }))}
        />
        <Choice
          label={t('catalogue.map.steps')}
          value={steps === 2 ? '2' : undefined}
          all={t('catalogue.map.step.1')}
          onChange={next => go({ steps: next === '2' ? 2 : undefined })}
          options={[{ value: '2', label: t('catalogue.map.step.2') }]}
        />
        <Choice
          label={t('catalogue.map.area')}
          value={area}
          onChange={next => go({ area: next })}
          options={areas.map(value => ({ value, label: value }))}
        />
      </FilterRow>
      <p className="meta">{t('catalogue.map.drawnHelp')}</p>
      <Drawing map={shown} focus={system} onPick={id => go({ system: id })} />
      <section>
        <h2 className="section">{t('catalogue.map.systems')}</h2>
        <DataTable
          caption={t('catalogue.map.systemsCaption')}
          columns={systems}
          rows={[...shown.systems].sort((a, b) => b.cutsOff - a.cutsOff || b.dependents - a.dependents)}
          rowKey={row => row.id}
          empty={null}
        />
      </section>
      <section>
        <h2 className="section">{t('catalogue.map.flows')}</h2>
        <DataTable
          caption={t('catalogue.map.flowsCaption')}
          columns={flows}
          rows={shown.flows}
          rowKey={row => `${row.from}${row.to}${row.how}`}
          empty={<Empty title={t('catalogue.map.empty')} />}
        />
      </section>
    </>
  )
}

/** Drawn by ourselves: the nodes are links that the keyboard reaches, and the table below says the same. */
function Drawing(props: { map: SystemMap; focus: string | undefined; onPick: (id: string) => void }) {
  const { t } = useTexts()
  const placed = useMemo(() => layOut(props.map), [props.map])
  const byId = new Map(props.map.systems.map(one => [one.id, one]))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than its box has to be scrolled with the keyboard
    <section className={classes.map} aria-label={t('catalogue.map.drawn')} tabIndex={0}>
      <svg width={placed.width} height={placed.height} viewBox={`0 0 ${placed.width} ${placed.height}`}>
        <title>{t('catalogue.map.drawn')}</title>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 L8 4 L0 8 z" className={classes.arrow} />
          </marker>
        </defs>
        {placed.edges.map(edge => (
          <path
            key={edge.key}
            className={classes.edge}
            markerEnd="url(#arrow)"
            d={edge.points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join(' ')}
          />
        ))}
        {placed.nodes.map(node => {
          const system = byId.get(node.id)
          if (!system) return null
          const label = t(system.cutsOff > 0 ? 'catalogue.map.nodeCut' : 'catalogue.map.node', {
            name: system.name,
            dependents: system.dependents,
            cut: system.cutsOff,
          })
          return (
            <a
              key={node.id}
              href={`/systems/map?system=${node.id}`}
              className={classes.node}
              aria-label={label}
              data-cut={system.cutsOff > 0 || undefined}
              data-focus={props.focus === node.id || undefined}
              onClick={event => {
                event.preventDefault()
                props.onPick(node.id)
              }}
            >
              <title>{label}</title>
              <rect
                x={node.x - node.width / 2}
                y={node.y - node.height / 2}
                width={node.width}
                height={node.height}
                rx={6}
              />
              <text x={node.x} y={node.y} textAnchor="middle" dominantBaseline="central">
                {system.cutsOff > 0 ? `⚠ ${system.name}` : system.name}
              </text>
            </a>
          )
        })}
      </svg>
    </section>
  )
}
