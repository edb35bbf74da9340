import { useMediaQuery } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { FLOW_STEPS } from '#contract/matrix.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/states.tsx'
import classes from './flow.module.css'
import {
  type FlowData,
  type FlowNode,
  layFlow,
  linksOf,
  NARROW,
  type PlacedNode,
  type Shape,
  type Step,
  WIDE,
} from './lay-flow.ts'

const PROTECTED = ['confidential', 'special', 'criminal']
const HEAD = 28
type Shown = { flow: FlowData; through: string | undefined }

/** Four columns: people, what gives them their rights, systems, data. Each box is a link; the tables say the same. */
export function Flow({ flow, through }: Shown) {
  const { t } = useTexts()
  const name = useNodeName()
  const shape = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false }) ? NARROW : WIDE
  const drawn = useMemo(() => layFlow(flow, shape), [flow, shape])
  const [lit, setLit] = useState<PlacedNode | null>(null)
  const touches = (band: { step: number; from: number; to: number }) =>
    lit === null ||
    (band.step === lit.step && band.from === lit.at) ||
    (band.step + 1 === lit.step && band.to === lit.at)
  const isProtected = (step: number, at: number) => PROTECTED.includes(flow.steps[step]?.[at]?.key ?? '')
  if (flow.people === 0) return <Empty title={t('matrix.empty')} help={t('matrix.emptyHelp')} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than its box has to be scrolled with the keyboard
    <section className={`${classes.box} no-print`} aria-label={t('matrix.flow.title')} tabIndex={0}>
      <svg
        width={drawn.width}
        height={drawn.height + HEAD}
        viewBox={`0 ${-HEAD} ${drawn.width} ${drawn.height + HEAD}`}
        data-lit={lit !== null || undefined}
      >
        <title>{t('matrix.flow.title')}</title>
        {FLOW_STEPS.map((step, place) => (
          <text key={step} className={classes.head} x={place * (shape.box + shape.between)} y={-12}>
            {t(`matrix.flow.step.${step}`)}
          </text>
        ))}
        {drawn.bands.map(band => (
          <path
            key={band.key}
            d={band.path}
            className={classes.band}
            data-off={!touches(band) || undefined}
            data-protected={(band.step === 2 && isProtected(3, band.to)) || undefined}
          />
        ))}
        {drawn.nodes.map(placed => (
          <Box
            key={`${placed.step} ${placed.at}`}
            placed={placed}
            name={name(placed.node)}
            shape={shape}
            through={through}
            onLight={setLit}
            sealed={isProtected(placed.step, placed.at)}
          />
        ))}
      </svg>
    </section>
  )
}

function Box(props: {
  placed: PlacedNode
  shape: Shape
  name: string
  through: string | undefined
  onLight: (node: PlacedNode | null) => void
  sealed: boolean
}) {
  const { t, number } = useTexts()
  const { placed, name, shape } = props
  const { node, x, y, height } = placed
  const step: Step = FLOW_STEPS[placed.step] ?? 'group'
  const key = node.key === null ? null : `${step}:${node.key}`
  const chosen = key !== null && key === props.through
  const people = number(node.people)
  const label = t(chosen ? 'matrix.flow.nodeChosen' : 'matrix.flow.node', {
    step: t(`matrix.flow.step.${step}`),
    name,
    people,
  })
  const body = (
    <>
      <title>{label}</title>
      <rect x={x} y={y} width={shape.box} height={height} rx={6} />
      <text x={x + 8} y={y + height / 2} dominantBaseline="central">
        {shortened(name, shape.letters - people.length)}
      </text>
      <text
        x={x + shape.box - 8}
        y={y + height / 2}
        textAnchor="end"
        dominantBaseline="central"
        className={classes.count}
      >
        {people}
      </text>
    </>
  )
  const look = {
    className: classes.node,
    'data-protected': props.sealed || undefined,
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
      to="/rights"
      search={((old: object) => ({ ...old, through: chosen ? undefined : key })) as never}
      replace
      resetScroll={false}
      state
      aria-current={chosen || undefined}
      {...look}
    >
      {body}
    </Link>
  )
}

const shortened = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text)

/** The same figures as tables: what is printed, and what is read by whoever does not see the picture. */
export function FlowTables({ flow }: { flow: FlowData }) {
  const { t, number } = useTexts()
  const name = useNodeName()
  type Row = { step: number; at: number; node: FlowNode }
  const nodes: Row[] = flow.steps.flatMap((list, step) => list.map((node, at) => ({ step, at, node })))
  const links = linksOf(flow).sort((a, b) => a.step - b.step || b.people - a.people)
  type LinkRow = (typeof links)[number]
  const stepName = (step: number) => t(`matrix.flow.step.${FLOW_STEPS[step] ?? 'group'}`)
  const end = (step: number, at: number) => {
    const node = flow.steps[step]?.[at]
    return node ? name(node) : ''
  }
  const nodeColumns: Column<Row>[] = [
    { key: 'name', label: t('matrix.flow.kind'), cell: row => name(row.node) },
    { key: 'people', label: t('matrix.people'), number: true, cell: row => number(row.node.people) },
  ]
  const linkColumns: Column<LinkRow>[] = [
    { key: 'from', label: t('matrix.flow.from'), cell: row => end(row.step, row.from) },
    { key: 'to', label: t('matrix.flow.to'), cell: row => end(row.step + 1, row.to) },
    { key: 'people', label: t('matrix.people'), number: true, cell: row => number(row.people) },
  ]
  const none = <Empty title={t('matrix.empty')} help={t('matrix.emptyHelp')} />
  return (
    <>
      <DataTable
        caption={t('matrix.flow.nodes')}
        columns={nodeColumns}
        rows={nodes}
        rowKey={row => `${row.step} ${row.at}`}
        groupOf={row => ({ key: String(row.step), label: stepName(row.step) })}
        empty={none}
      />
      {links.length > 0 && (
        <DataTable
          caption={t('matrix.flow.links')}
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
  const { t } = useTexts()
  return node => {
    if (node.kind === 'data') return t(`enum.sensitivity.${(node.key ?? 'none') as 'none'}`)
    if (node.kind === 'others') return t('matrix.flow.others', { count: node.of })
    if (node.kind === 'exception' || node.kind === 'unexplained') return t(`matrix.flow.${node.kind}`)
    if (node.name !== null) return node.name
    if (node.key === '') return t('matrix.flow.noTitle')
    return t(node.key === 'none' ? 'matrix.flow.noGround' : 'matrix.flow.noUnit')
  }
}
