import type { ResponseOf } from '#contract/endpoint.ts'
import { FLOW_STEPS, type getFlow } from '#contract/matrix.ts'
import type { ExportWords } from './export-words.ts'

type Flow = ResponseOf<typeof getFlow>
type Node = Flow['steps'][number][number]
type FlowChoice = { through?: { step: (typeof FLOW_STEPS)[number]; key: string } | undefined }

/** What a box is called, as on the screen. */
function nameOf(node: Node, words: ExportWords): string {
  if (node.kind === 'data') return words.data[(node.key ?? 'none') as keyof typeof words.data]
  if (node.kind === 'others') return `${node.of} ${words.others}`
  if (node.kind === 'exception' || node.kind === 'unexplained') return words.states[node.kind]
  if (node.name !== null) return node.name
  return node.key === '' ? words.noTitle : node.key === 'none' ? words.noGround : words.noUnit
}

/** The box that everything goes through, in words; empty without one. */
export function throughInWords(flow: Flow, { through }: FlowChoice, words: ExportWords): string {
  if (!through) return ''
  const node = flow.steps[FLOW_STEPS.indexOf(through.step)]?.find(one => one.key === through.key)
  return `${words.through}: ${node ? nameOf(node, words) : '–'}`
}

/** A line a box: its step, its name and how many people are in it. */
export function* nodeLines(flow: Flow, words: ExportWords): Generator<string[]> {
  yield [words.step, words.box, words.count]
  for (const [step, nodes] of flow.steps.entries())
    for (const node of nodes) yield [stepName(step, words), nameOf(node, words), String(node.people)]
}

/** A line a band: the box that it leaves, the one that it reaches, and how many people go that way. */
export function* linkLines(flow: Flow, words: ExportWords): Generator<string[]> {
  yield [words.step, words.from, words.step, words.to, words.count]
  for (let at = 0; at + 3 < flow.links.length; at += 4) {
    const [step = 0, from = 0, to = 0, people = 0] = flow.links.slice(at, at + 4)
    const [left, right] = [flow.steps[step]?.[from], flow.steps[step + 1]?.[to]]
    if (left && right)
      yield [
        ...[stepName(step, words), nameOf(left, words), stepName(step + 1, words), nameOf(right, words)],
        String(people),
      ]
  }
}

const stepName = (step: number, words: ExportWords): string => words.steps[FLOW_STEPS[step] ?? 'group']
