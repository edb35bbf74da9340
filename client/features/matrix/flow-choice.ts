import type { BodyInput } from '#contract/endpoint.ts'
import { FLOW_STEPS, type getFlow } from '#contract/matrix.ts'

type Choice = Pick<BodyInput<typeof getFlow>, 'by' | 'through'>

/** What is asked of a flow, from the address: what people are grouped by, and a box as its step, a colon and its key. */
export function flowChoice(search: { by?: Choice['by'] | undefined; through?: string | undefined }): Choice {
  const { by, through: text } = search
  const step = FLOW_STEPS.find(one => text?.startsWith(`${one}:`))
  return {
    ...(by ? { by } : {}),
    ...(step && text !== undefined ? { through: { step, key: text.slice(step.length + 1) } } : {}),
  }
}
