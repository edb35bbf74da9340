import type { getSystemMap } from '#contract/catalogue.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { SystemFlow } from '#contract/sheet.ts'
import { DANISH } from '../../access/visible.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { weighSystems } from '../../systems/catalogue/flow-graph.ts'
import { toldFlows } from '../../systems/catalogue/told-flows.ts'

type Answer = ResponseOf<typeof getSystemMap>

/** Systems with flows and what flows, in one statement. Closed systems and their flows are no longer on the map. */
export async function mapView(tx: Tx): Promise<Answer> {
  const rows = await tx.query<
    Omit<Answer['systems'][number], 'dependents' | 'cutsOff'> & { flows: SystemFlow[] | null }
  >(
    `select s.id, s.key, s.name, s.area, s.status, s.criticality, s.sheet -> 'flows' as flows
     from it_system s where s.gone_at is null and s.status is distinct from 'closed' order by s.name ${DANISH}, s.key`,
  )
  const byKey = new Map(rows.map(row => [row.key, row]))
  const flows = toldFlows(rows.flatMap(row => (row.flows ?? []).map(flow => ({ by: row.key, flow })))).flatMap(flow => {
    const [from, to] = [byKey.get(flow.from), byKey.get(flow.to)]
    return from && to ? [{ ...flow, from: from.id, to: to.id }] : []
  })
  const touched = new Set(flows.flatMap(flow => [flow.from, flow.to]))
  const shown = rows.filter(row => touched.has(row.id))
  const weights = weighSystems(
    shown.map(row => row.id),
    flows,
  )
  return {
    systems: shown.map(({ flows: _, ...row }) => ({
      ...row,
      ...(weights.get(row.id) ?? { dependents: 0, cutsOff: 0 }),
    })),
    flows,
  }
}
