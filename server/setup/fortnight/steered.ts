import type { z } from 'zod'
import { accountTypeValues } from '#contract/account-types.ts'
import { audit } from '../../audit/audit-store.ts'
import { keepAccountType, keepConnector } from '../../orders/delivery-service.ts'
import { changeRungOf, previewRungOf } from '../../orders/rung-service.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import type { House } from '../../wiring.ts'

/** A system of the fortnight whose orders are carried out by a connector: a file for its owner, of accounts and rights. */
type Parts = Pick<House, 'clock' | 'connectors'> & { tx: Tx; today: string; requestId: string }

const FOLDER = 'netvaerk'

/**
 * Of the systems whose rights are groups, the one that gives the manager's people something and has the fewest holders:
 * what it orders can be looked through. null: there is none.
 */
async function systemToConnect(tx: Tx, units: readonly string[]): Promise<{ id: string; source: string } | null> {
  const [row] = await tx.query<{ id: string; source: string }>(
    `select s.id, min(g.source) as source from it_system s
       join entitlement e on e.system_id = s.id and e.gone_at is null
       join group_entitlement ge on ge.entitlement_id = e.id join directory_group g on g.id = ge.group_id
       join assignment a on a.entitlement_id = e.id join affiliation_current ac on ac.affiliation_id = a.affiliation_id
     where s.gone_at is null and s.kind = 'it' and s.key <> 'hjemmel' and s.rung = 'observe'
     group by s.id, s.key having count(distinct g.source) = 1
     order by bool_or(ac.unit_path && $1::uuid[]) desc, count(distinct ac.person_id), s.key limit 1`,
    [units],
  )
  return row ?? null
}

/** Steered as the screen does it: a connector, a kind of accounts of the manager's own units, a rung that was looked at. */
export async function connectSystem(
  { tx, clock, connectors, today, requestId }: Parts,
  { it, manager }: { it: Actor; manager: Actor },
): Promise<void> {
  const system = await systemToConnect(tx, manager.units)
  if (!system) return
  const when = { today, now: clock.now() }
  const note = (action: string, what: { before?: unknown; after?: unknown; detail?: unknown }) =>
    audit(tx).write({
      ...{ actor: auditActor(it), action, subjectKind: 'system', subjectId: system.id, requestId },
      ...what,
    })
  const settings = { folder: FOLDER }
  await keepConnector(tx, system.id, { kind: 'export', settings, enabled: true, version: null }, connectors, when)
  await note('connector.saved', { after: { kind: 'export', enabled: true, settings } })
  const values: z.input<typeof accountTypeValues> = {
    ...{ key: 'netvaerk', name: 'Netværkskonto', per: 'person', source: system.source, leadDays: 5, dependsOn: null },
    ...{ disableAfter: 0, deleteAfter: 30, keeps: ['title'] },
    rules: [{ unitId: null, who: 'nobody' }, ...manager.units.map(unitId => ({ unitId, who: 'everyone' as const }))],
    userName: { parts: [{ part: 'name', form: 'short' }] },
  }
  const body = { id: null, version: null, values: accountTypeValues.parse(values) }
  const id = await keepAccountType(tx, system.id, body, when)
  await note('account-type.saved', { after: body.values, detail: { id } })
  const { hash } = await previewRungOf(tx, system.id, 'apply', when)
  const asked = { rung: 'apply' as const, reason: 'Konti og grupper sendes til den, der kører netværket', hash }
  const done = await changeRungOf(tx, system.id, { ...asked, by: it.userId }, when)
  await note(done.state === 'changed' ? 'rung.changed' : 'rung.asked', {
    ...{ before: { rung: done.before }, after: { rung: asked.rung } },
    detail: { reason: asked.reason, orders: done.preview.made.length, removals: done.preview.removals },
  })
}
