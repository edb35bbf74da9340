import type { SystemFlow } from '#contract/sheet.ts'

export type ToldFlow = {
  from: string
  to: string
  data: string[]
  how: SystemFlow['how']
  frequency: SystemFlow['frequency']
  owner: string | null
}

/**
 * The flows of all sheets, each once: both ends may tell of the same one, and then what they say is put together.
 * `by` and `flow.system` are keys. Pure.
 */
export function toldFlows(told: readonly { by: string; flow: SystemFlow }[]): ToldFlow[] {
  const found = new Map<string, ToldFlow>()
  for (const { by, flow } of told) {
    const [from, to] = flow.direction === 'out' ? [by, flow.system] : [flow.system, by]
    const name = JSON.stringify([from, to, flow.how])
    const known = found.get(name)
    found.set(name, {
      from,
      to,
      how: flow.how,
      data: [...new Set([...(known?.data ?? []), ...flow.data])],
      frequency: known?.frequency ?? flow.frequency,
      owner: known?.owner ?? flow.owner,
    })
  }
  return [...found.values()]
}
