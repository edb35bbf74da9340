import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { type FlowLink, linksOf } from '../lib/flow-links.ts'
import { useTexts } from '../texts/i18n.ts'
import { type Column, DataTable } from './data-table.tsx'
import classes from './flow-picture.module.css'
import { Empty } from './states.tsx'

/*
 * What pictures of a flow have in common, whatever they look like: columns of boxes with bands between them, of which those that
 * touch the box under the pointer are lit; boxes that are links; and the same figures as tables, which is what is printed and
 * what is read by whoever does not see the picture.
 */

export type FlowPlace = { step: number; at: number }
/** A key is what all goes through when the box is chosen; null: all others together, which is no thing to go through. */
type Node = { key: string | null; people: number }

/** The frame that scrolls, with the heads of the columns. `children` draws bands and boxes. */
export function FlowPicture(props: {
  title: string
  size: { width: number; height: number; head: number }
  heads: { key: string; text: string; x: number }[]
  /** In the middle of the frame where that is wider; else at its start. */
  centred?: boolean
  children: (light: {
    on: (place: FlowPlace | null) => void
    /** Whether a band is outside of what is lit; said of it as `data-off`. */
    isOff: (band: Omit<FlowLink, 'people'>) => true | undefined
  }) => ReactNode
}) {
  const [lit, setLit] = useState<FlowPlace | null>(null)
  const { title, size } = props
  const touches = (band: Omit<FlowLink, 'people'>, place: FlowPlace) =>
    (band.step === place.step && band.from === place.at) || (band.step + 1 === place.step && band.to === place.at)
  return (
    <section
      className={`${classes.box} no-print`}
      data-centred={props.centred || undefined}
      aria-label={title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than its box has to be scrolled with the keyboard
      tabIndex={0}
    >
      <svg
        width={size.width}
        height={size.height + size.head}
        viewBox={`0 ${-size.head} ${size.width} ${size.height + size.head}`}
        data-lit={lit !== null || undefined}
      >
        <title>{title}</title>
        {props.heads.map(head => (
          <text key={head.key} className={classes.head} x={head.x} y={-12}>
            {head.text}
          </text>
        ))}
        {props.children({ on: setLit, isOff: band => (lit !== null && !touches(band, lit)) || undefined })}
      </svg>
    </section>
  )
}

/** One box: a link that shows only what goes through it, and everything again where it is chosen. */
export function FlowBox(props: {
  place: FlowPlace
  /** The step and the key of the box, as the address has them; null: not to be chosen. */
  through: string | null
  chosen: boolean
  to: '/rights' | '/reach'
  label: string
  className: string | undefined
  marks: { 'data-protected'?: true | undefined; 'data-none'?: true | undefined }
  onLight: (place: FlowPlace | null) => void
  children: ReactNode
}) {
  const { chosen, through } = props
  const body = (
    <>
      <title>{props.label}</title>
      {props.children}
    </>
  )
  const look = {
    className: props.className,
    ...props.marks,
    'data-chosen': chosen || undefined,
    onMouseEnter: () => props.onLight(props.place),
    onMouseLeave: () => props.onLight(null),
    onFocus: () => props.onLight(props.place),
    onBlur: () => props.onLight(null),
  }
  if (through === null) return <g {...look}>{body}</g>
  return (
    <Link
      to={props.to}
      search={((old: object) => ({ ...old, through: chosen ? undefined : through })) as never}
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

/** The same figures as tables, in the words of whoever shows them. */
export function FlowTables<Of extends Node>(props: {
  flow: { steps: readonly (readonly Of[])[]; links: readonly number[] }
  name: (node: Of) => string
  stepName: (step: number) => string
  words: Record<'kind' | 'people' | 'from' | 'to' | 'nodes' | 'links' | 'empty' | 'emptyHelp', string>
}) {
  const { number } = useTexts()
  const { flow, name, stepName, words } = props
  type Row = { step: number; at: number; node: Of }
  const nodes: Row[] = flow.steps.flatMap((list, step) => list.map((node, at) => ({ step, at, node })))
  const links = linksOf(flow).sort((a, b) => a.step - b.step || b.people - a.people)
  const end = (step: number, at: number) => {
    const node = flow.steps[step]?.[at]
    return node ? name(node) : ''
  }
  const nodeColumns: Column<Row>[] = [
    { key: 'name', label: words.kind, cell: row => name(row.node) },
    { key: 'people', label: words.people, number: true, cell: row => number(row.node.people) },
  ]
  const linkColumns: Column<FlowLink>[] = [
    { key: 'from', label: words.from, cell: row => end(row.step, row.from) },
    { key: 'to', label: words.to, cell: row => end(row.step + 1, row.to) },
    { key: 'people', label: words.people, number: true, cell: row => number(row.people) },
  ]
  const none = <Empty title={words.empty} help={words.emptyHelp} />
  return (
    <>
      <DataTable
        caption={words.nodes}
        columns={nodeColumns}
        rows={nodes}
        rowKey={row => `${row.step} ${row.at}`}
        groupOf={row => ({ key: String(row.step), label: stepName(row.step) })}
        empty={none}
      />
      {links.length > 0 && (
        <DataTable
          caption={words.links}
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
