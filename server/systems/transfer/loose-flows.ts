import type { ImportFault } from '#contract/transfer.ts'
import { fault, type Told } from './told.ts'

type Flow = { system: string }

/**
 * Another register names systems by its own keys. Those that are neither here nor come in with the file cannot be taken,
 * and each is said, since nobody sees a relation that is not there. Pure.
 */
export function looseFlows(
  flows: readonly Flow[],
  told: Told,
  { uuids, keys }: { uuids: ReadonlyMap<string, string>; keys: ReadonlySet<string> },
): { flows: Flow[]; left: ImportFault[] } {
  const taken: Flow[] = []
  const left: ImportFault[] = []
  for (const flow of flows) {
    const system = uuids.get(flow.system) ?? flow.system
    if (keys.has(system)) taken.push({ ...flow, system })
    else left.push(fault(told, null, told.called[flow.system] ?? flow.system, 'relation-left'))
  }
  return { flows: taken, left }
}
