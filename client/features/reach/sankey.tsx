import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { REACH_STEPS } from '#contract/reach.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/states.tsx'
import { type FlowData, type FlowNode, laySankey, linksOf, type PlacedNode } from './lay-sankey.ts'
import classes from './reach.module.css'
import { isGuarded } from './reach-words.ts'

const HEAD = 26
const BOX = 14
const LETTERS = 30
/** Room for the names beside the last column. */
const MARGIN = 210

/** Role or rule → system → activity → data. Each box is a link that shows only what goes through it; the table says the same. */
export function Sankey({ flow, through }: { flow: FlowData; through: string | undefined }) {
  const { t } = useTexts()
  const name = useNodeName()
  const most = Math.max(1, ...flow.steps.map(list => list.length))
  const shape = { width: 900, height: Math.max(320, most * 40), box: BOX }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape follows from the flow
  const drawn = useMemo(() => laySankey(flow, shape), [flow])
  const [lit, setLit] = useState<PlacedNode | null>(null)
  const touches = (link: { step: number; from: number; to: number }) =>
    lit === null ||
    (link.step === lit.step && link.from === lit.at) ||
    (link.step + 1 === lit.step && link.to === lit.at)
  if (flow.people === 0) return <Empty title={t('reach.empty')} help={t('reach.emptyHelp')} />
  const at = (step: number, place: number) => flow.steps[step]?.[place]
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than its box has to be scrolled with the keyboard
    <section className={`${classes.flow} no-print`} aria-label={t('reach.flow.title')} tabIndex={0}>
      <svg
        width={shape.width + MARGIN}
        height={shape.height + HEAD + 8}
        viewBox={`0 ${-HEAD} ${shape.width + MARGIN} ${shape.height + HEAD + 8}`}
        data-lit={lit !== null || undefined}
      >
        <title>{t('reach.flow.title')}</title>
        {REACH_STEPS.map((step, place) => (
          <text key={step} className={classes.head} x={(place * (shape.width - BOX)) / 3} y={-12}>
            {t(`reach.flow.step.${step}`)}
          </text>
        ))}
        {drawn.links.map(link => (
          <path
            key={`${link.step} ${link.from} ${link.to}`}
            d={link.path}
            strokeWidth={link.width}
            className={classes.band}
            data-off={!touches(link) || undefined}
            data-protected={sealed(at(link.step + 1, link.to)) || undefined}
            data-none={at(link.step + 1, link.to)?.kind === 'no-activity' || undefined}
          />
        ))}
        {drawn.nodes.map(placed => (
          <Box
            key={`${placed.step} ${placed.at}`}
            placed={placed}
            name={name(placed.node)}
            through={through}
            onLight={setLit}
          />
        ))}
      </svg>
    </section>
  )
}

const sealed = (node: FlowNode | undefined) => node?.kind === 'data' && isGuarded(node.class)

function Box(props: {
  placed: PlacedNode
  name: string
  through: string | undefined
  onLight: (node: PlacedNode | null) => void
}) {
  const { t, number } = useTexts()
  const { placed, name } = props
  const { node, x, y, height } = placed
  const step = REACH_STEPS[placed.step] ?? 'ground'
  const key = node.key === null ? null : `${step}:${node.key}`
  const chosen = key !== null && key === props.through
  const people = number(node.people)
  const label = t(chosen ? 'reach.flow.nodeChosen' : 'reach.flow.node', {
    ...{ step: t(`reach.flow.step.${step}`), name, people },
  })
  const body = (
    <>
      <title>{label}</title>
      <rect x={x} y={y} width={BOX} height={height} rx={3} />
      <text x={x + BOX + 6} y={y + height / 2} dominantBaseline="central">
        {name.length > LETTERS ? `${name.slice(0, LETTERS - 1).trimEnd()}…` : name}
        <tspan className={classes.count} dx={6}>
          {people}
        </tspan>
      </text>
    </>
  )
  const look = {
    className: classes.node,
    'data-protected': sealed(node) || undefined,
    'data-none': node.kind === 'no-activity' || node.kind === 'unknown' || undefined,
    'data-chosen': chosen || undefined,
    onMouseEnter: () => props.onLight(placed),
    onMouseLeave: () => props.onLight(null),
    onFocus: () => props.onLight(placed),
    onBlur: () => props.onLight(null),
  }
  // All others together are no thing to go through.
  if (key === null) return <g {...look}>{body}</g>
  return (
    <Link
      to="/reach"
      search={((old: object) => ({ ...old, through: chosen ? undefined : key })) as never}
      replace
      resetScroll={false}
      aria-current={chosen || undefined}
      {...look}
    >
      {body}
    </Link>
  )
}

/** The same figures as tables: what is printed, and what is read by whoever does not see the picture. */
export function SankeyTables({ flow }: { flow: FlowData }) {
  const { t, number } = useTexts()
  const name = useNodeName()
  type Row = { step: number; at: number; node: FlowNode }
  const nodes: Row[] = flow.steps.flatMap((list, step) => list.map((node, at) => ({ step, at, node })))
  const links = linksOf(flow).sort((a, b) => a.step - b.step || b.people - a.people)
  type LinkRow = (typeof links)[number]
  const stepName = (step: number) => t(`reach.flow.step.${REACH_STEPS[step] ?? 'ground'}`)
  const end = (step: number, at: number) => {
    const node = flow.steps[step]?.[at]
    return node ? name(node) : ''
  }
  const nodeColumns: Column<Row>[] = [
    { key: 'name', label: t('reach.flow.kind'), cell: row => name(row.node) },
    { key: 'people', label: t('reach.columns.people'), number: true, cell: row => number(row.node.people) },
  ]
  const linkColumns: Column<LinkRow>[] = [
    { key: 'from', label: t('reach.flow.from'), cell: row => end(row.step, row.from) },
    { key: 'to', label: t('reach.flow.to'), cell: row => end(row.step + 1, row.to) },
    { key: 'people', label: t('reach.columns.people'), number: true, cell: row => number(row.people) },
  ]
  const none = <Empty title={t('reach.empty')} help={t('reach.emptyHelp')} />
  return (
    <>
      <DataTable
        caption={t('reach.flow.nodes')}
        columns={nodeColumns}
        rows={nodes}
        rowKey={row => `${row.step} ${row.at}`}
        groupOf={row => ({ key: String(row.step), label: stepName(row.step) })}
        empty={none}
      />
      {links.length > 0 && (
        <DataTable
          caption={t('reach.flow.links')}
          columns={linkColumns}
          rows={links}
          rowKey={row => `${row.step} ${row.from} ${row.to}`}
          groupOf={row => ({ key: String(row.step), label: `${stepName(row.step)} → ${stepName(row.step + 1)}` })}
          empty={none}
        />
      )}
    </>
  )
}

/** What a box is called in the reader's language. */
export function useNodeName(): (node: FlowNode) => string {
  const { t, language } = useTexts()
  return node => {
    if (node.kind === 'others') return t('reach.flow.others', { count: node.of })
    if (node.kind === 'seen') return t('reach.flow.seen')
    if (node.kind === 'no-activity') return t('reach.flow.noActivity')
    if (node.kind === 'unknown') return t('reach.flow.unknown')
    return (language === 'en' ? node.nameEn : null) ?? node.name ?? node.key ?? ''
  }
}
