import dagre from '@dagrejs/dagre'
import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getRoleTree } from '#contract/rule-looks.ts'
import { useCall } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Answer } from '../../../ui/states.tsx'
import classes from './editor.module.css'

type Tree = ResponseOf<typeof getRoleTree>
type Node = Tree['nodes'][number]
type Edge = Tree['edges'][number]

const WIDTH = 210
const HEIGHT = 46
const LETTERS = 26
/** A drawing of more boxes than this is a picture of lines; the table says it better. */
const MOST_DRAWN = 60

const idOf = (node: Node) => `${node.kind}:${node.key}`

/** What gives and contains what around a role, drawn in layers, with the table that it is drawn from. */
export function RoleTree(props: { roleKey: string; name: string }) {
  const { t } = useTexts()
  const query = useCall(getRoleTree, { params: { key: props.roleKey } })
  return (
    <Card title={t('ruleDesk.tree')}>
      <Answer query={query}>
        {tree => (
          <div className={classes.stack}>
            <p className="dim">{t('ruleDesk.treeHelp')}</p>
            {tree.nodes.length > 1 && tree.nodes.length <= MOST_DRAWN && (
              <Drawing tree={tree} here={`role:${props.roleKey}`} name={props.name} />
            )}
            <EdgeTable tree={tree} />
          </div>
        )}
      </Answer>
    </Card>
  )
}

function Drawing(props: { tree: Tree; here: string; name: string }) {
  const { t, number } = useTexts()
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 12, ranksep: 56, marginx: 4, marginy: 4 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const node of props.tree.nodes) graph.setNode(idOf(node), { width: WIDTH, height: HEIGHT })
  for (const edge of props.tree.edges) graph.setEdge(edge.from, edge.to)
  dagre.layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
    <section className={classes.drawing} tabIndex={0} aria-label={t('ruleDesk.tree')}>
      <svg width={width} height={height} role="img" aria-label={t('ruleDesk.treeLabel', { name: props.name })}>
        {props.tree.edges.map(edge => {
          const points = graph.edge({ v: edge.from, w: edge.to }).points ?? []
          return (
            <path
              key={`${edge.from} ${edge.to}`}
              className={classes.edge}
              d={points
                .map((point: { x: number; y: number }, at: number) => `${at === 0 ? 'M' : 'L'}${point.x} ${point.y}`)
                .join(' ')}
            />
          )
        })}
        {props.tree.nodes.map(node => {
          const { x, y } = graph.node(idOf(node))
          return (
            <g
              key={idOf(node)}
              className={classes.node}
              data-kind={node.kind}
              data-here={idOf(node) === props.here || undefined}
              transform={`translate(${x - WIDTH / 2} ${y - HEIGHT / 2})`}
            >
              <rect width={WIDTH} height={HEIGHT} rx={6} />
              <text x={10} y={19}>
                {node.name.length > LETTERS ? `${node.name.slice(0, LETTERS - 1)}…` : node.name}
              </text>
              <text x={10} y={36} data-meta>
                {t(`ruleDesk.changeKind.${node.kind}`)} · {number(node.holders)}
              </text>
            </g>
          )
        })}
      </svg>
    </section>
  )
}

function EdgeTable(props: { tree: Tree }) {
  const { t, number } = useTexts()
  const nodes = new Map(props.tree.nodes.map(node => [idOf(node), node]))
  const columns: Column<Edge>[] = [
    { key: 'from', label: t('ruleDesk.treeFrom'), cell: edge => <NodeLink node={nodes.get(edge.from)} /> },
    { key: 'to', label: t('ruleDesk.treeTo'), cell: edge => <NodeLink node={nodes.get(edge.to)} /> },
    {
      key: 'holders',
      label: t('roles.columns.holders'),
      number: true,
      cell: edge => number(nodes.get(edge.to)?.holders ?? 0),
    },
  ]
  return (
    <DataTable
      caption={t('ruleDesk.treeCaption')}
      columns={columns}
      rows={props.tree.edges}
      rowKey={edge => `${edge.from} ${edge.to}`}
      empty={<p className="dim">{t('roles.notGiven')}</p>}
    />
  )
}

function NodeLink(props: { node: Node | undefined }) {
  const { t } = useTexts()
  const { node } = props
  if (!node) return null
  return (
    <>
      {node.kind === 'rule' ? (
        <Link to="/rules/$key" params={{ key: node.key }} className="link">
          {node.name}
        </Link>
      ) : (
        <Link to="/roles/$key" params={{ key: node.key }} className="link">
          {node.name}
        </Link>
      )}
      <div className="meta">{t(`ruleDesk.changeKind.${node.kind}`)}</div>
    </>
  )
}
