import { useMemo } from 'react'
import { REACH_STEPS } from '#contract/reach.ts'
import { useTexts } from '../../texts/i18n.ts'
import { FlowBox, FlowPicture, type FlowPlace, FlowTables } from '../../ui/flow-picture.tsx'
import { Empty } from '../../ui/states.tsx'
import { type FlowData, type FlowNode, laySankey, type PlacedNode } from './lay-sankey.ts'
import classes from './reach.module.css'
import { isGuarded } from './reach-words.ts'

const HEAD = 26
const BOX = 14
const LETTERS = 30
/** Room for the names beside the last column. */
const MARGIN = 260

/** Role or rule → system → activity → data. Each box is a link that shows only what goes through it; the table says the same. */
export function Sankey({ flow, through }: { flow: FlowData; through: string | undefined }) {
  const { t } = useTexts()
  const name = useNodeName()
  const most = Math.max(1, ...flow.steps.map(list => list.length))
  const shape = { width: 900, height: Math.max(320, most * 40), box: BOX }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape follows from the flow
  const drawn = useMemo(() => laySankey(flow, shape), [flow])
  if (flow.people === 0) return <Empty title={t('reach.empty')} help={t('reach.emptyHelp')} />
  const at = (step: number, place: number) => flow.steps[step]?.[place]
  return (
    <FlowPicture
      title={t('reach.flow.title')}
      size={{ width: shape.width + MARGIN, height: shape.height + 8, head: HEAD }}
      heads={REACH_STEPS.map((step, place) => ({
        ...{ key: step, text: t(`reach.flow.step.${step}`), x: (place * (shape.width - BOX)) / 3 },
      }))}
    >
      {({ on, isOff }) => (
        <>
          {drawn.links.map(link => (
            <path
              key={`${link.step} ${link.from} ${link.to}`}
              d={link.path}
              strokeWidth={link.width}
              className={classes.band}
              data-off={isOff(link)}
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
              onLight={on}
            />
          ))}
        </>
      )}
    </FlowPicture>
  )
}

const sealed = (node: FlowNode | undefined) => node?.kind === 'data' && isGuarded(node.class)

function Box(props: {
  placed: PlacedNode
  name: string
  through: string | undefined
  onLight: (place: FlowPlace | null) => void
}) {
  const { t, number } = useTexts()
  const { placed, name } = props
  const { node, x, y, height } = placed
  const step = REACH_STEPS[placed.step] ?? 'ground'
  const key = node.key === null ? null : `${step}:${node.key}`
  const chosen = key !== null && key === props.through
  const people = number(node.people)
  return (
    <FlowBox
      place={placed}
      through={key}
      chosen={chosen}
      to="/reach"
      label={t(chosen ? 'reach.flow.nodeChosen' : 'reach.flow.node', {
        ...{ step: t(`reach.flow.step.${step}`), name, people },
      })}
      className={classes.node}
      marks={{
        'data-protected': sealed(node) || undefined,
        'data-none': node.kind === 'no-activity' || node.kind === 'unknown' || undefined,
      }}
      onLight={props.onLight}
    >
      <rect x={x} y={y} width={BOX} height={height} rx={3} />
      <text x={x + BOX + 6} y={y + height / 2} dominantBaseline="central">
        {name.length > LETTERS ? `${name.slice(0, LETTERS - 1).trimEnd()}…` : name}
        <tspan className={classes.count} dx={6}>
          {people}
        </tspan>
      </text>
    </FlowBox>
  )
}

/** The same figures as tables. */
export function SankeyTables({ flow }: { flow: FlowData }) {
  const { t } = useTexts()
  return (
    <FlowTables
      flow={flow}
      name={useNodeName()}
      stepName={step => t(`reach.flow.step.${REACH_STEPS[step] ?? 'ground'}`)}
      words={{
        ...{ kind: t('reach.flow.kind'), people: t('reach.columns.people') },
        ...{ from: t('reach.flow.from'), to: t('reach.flow.to') },
        ...{ nodes: t('reach.flow.nodes'), links: t('reach.flow.links') },
        ...{ empty: t('reach.empty'), emptyHelp: t('reach.emptyHelp') },
      }}
    />
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
