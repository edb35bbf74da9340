import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import { FLOW_STEPS } from '#contract/matrix.ts'
import { useTexts } from '../../texts/i18n.ts'
import { FlowBox, FlowPicture, type FlowPlace, FlowTables as Tables } from '../../ui/flow-picture.tsx'
import { Empty } from '../../ui/states.tsx'
import classes from './flow.module.css'
import {
  type FlowData,
  type FlowNode,
  layFlow,
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
  const isProtected = (step: number, at: number) => PROTECTED.includes(flow.steps[step]?.[at]?.key ?? '')
  if (flow.people === 0) return <Empty title={t('matrix.empty')} help={t('matrix.emptyHelp')} />
  return (
    <FlowPicture
      title={t('matrix.flow.title')}
      size={{ width: drawn.width, height: drawn.height, head: HEAD }}
      heads={FLOW_STEPS.map((step, place) => ({
        ...{ key: step, text: t(`matrix.flow.step.${step}`), x: place * (shape.box + shape.between) },
      }))}
      centred
    >
      {({ on, isOff }) => (
        <>
          {drawn.bands.map(band => (
            <path
              key={band.key}
              d={band.path}
              className={classes.band}
              data-off={isOff(band)}
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
              onLight={on}
              sealed={isProtected(placed.step, placed.at)}
            />
          ))}
        </>
      )}
    </FlowPicture>
  )
}

function Box(props: {
  placed: PlacedNode
  shape: Shape
  name: string
  through: string | undefined
  onLight: (place: FlowPlace | null) => void
  sealed: boolean
}) {
  const { t, number } = useTexts()
  const { placed, name, shape } = props
  const { node, x, y, height } = placed
  const step: Step = FLOW_STEPS[placed.step] ?? 'group'
  const key = node.key === null ? null : `${step}:${node.key}`
  const chosen = key !== null && key === props.through
  const people = number(node.people)
  return (
    <FlowBox
      place={placed}
      through={key}
      chosen={chosen}
      to="/rights"
      label={t(chosen ? 'matrix.flow.nodeChosen' : 'matrix.flow.node', {
        ...{ step: t(`matrix.flow.step.${step}`), name, people },
      })}
      className={classes.node}
      marks={{ 'data-protected': props.sealed || undefined }}
      onLight={props.onLight}
    >
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
    </FlowBox>
  )
}

const shortened = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text)

/** The same figures as tables. */
export function FlowTables({ flow }: { flow: FlowData }) {
  const { t } = useTexts()
  return (
    <Tables
      flow={flow}
      name={useNodeName()}
      stepName={step => t(`matrix.flow.step.${FLOW_STEPS[step] ?? 'group'}`)}
      words={{
        ...{ kind: t('matrix.flow.kind'), people: t('matrix.people') },
        ...{ from: t('matrix.flow.from'), to: t('matrix.flow.to') },
        ...{ nodes: t('matrix.flow.nodes'), links: t('matrix.flow.links') },
        ...{ empty: t('matrix.empty'), emptyHelp: t('matrix.emptyHelp') },
      }}
    />
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
