import type { z } from 'zod'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { assignFindings, findingChoice, listSettlers } from '#contract/findings.ts'
import { assignFindings as storeAssigned } from '../../findings/finding-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { choose } from './settle-service.ts'
import { asActor, decidable, settlers } from './settlers.ts'

type Choice = z.output<typeof findingChoice>
type When = { today: string; now: Date }
/** Who may settle how many of what is chosen. A statement for each way of judging: by role, and by owned systems together. */
export async function settlersView(
  tx: Tx,
  actor: Actor,
  { choice, own }: BodyOf<typeof listSettlers>,
  today: string,
): Promise<ResponseOf<typeof listSettlers>> {
  const ids = (await (own ? mine : open)(tx, actor, choice)).map(one => one.id)
  const all = await settlers(tx, actor, today, null)
  const everywhere = all.filter(one => one.roles.some(role => role !== 'systemowner'))
  const owners = all.filter(one => !everywhere.includes(one) && one.systems.length > 0)
  const system = new Map<string, number>()
  if (owners.length > 0) {
    // What all owners together may settle; a finding of a system is then its owner's.
    const together = asActor({ ...owners[0]!, roles: ['systemowner'], systems: owners.flatMap(one => one.systems) })
    for (const one of await decidable(tx, together, ids))
      system.set(one.systemId ?? '', (system.get(one.systemId ?? '') ?? 0) + 1)
  }
  const byRole = everywhere.length > 0 ? (await decidable(tx, asActor(everywhere[0]!), ids)).length : 0
  const people = [
    ...everywhere.map(one => ({ person: one.person, owner: 'it' as const, fits: byRole })),
    ...owners.map(one => ({
      person: one.person,
      owner: 'systemowner' as const,
      fits: one.systems.reduce((sum, id) => sum + (system.get(id) ?? 0), 0),
    })),
  ]
  // The owner who may settle all of it is nearer to it than IT, who may settle everything.
  people.sort((a, b) => b.fits - a.fits || Number(a.owner === 'it') - Number(b.owner === 'it'))
  return { of: ids.length, people: people.filter(one => one.fits > 0).slice(0, 100) }
}

/**
 * Hands over what the reader and that person may both settle. Throws `not-found` where there is no such person with a role
 * to settle by, `conflict` where nothing of it could be handed over.
 */
export async function assign(
  tx: Tx,
  actor: Actor,
  { choice, personId }: BodyOf<typeof assignFindings>,
  { today, now }: When,
): Promise<{ batchId: string; assigned: number; left: number; codes: string[] }> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)
  const chosen = await choose(tx, actor, choice)
  let mine = chosen.filter(one => one.mayDecide && one.state === 'open')
  if (personId !== null) {
    const [to] = await settlers(tx, actor, today, personId)
    if (!to) throw problem('not-found')
    const theirs = new Set(
      (
        await decidable(
          tx,
          asActor(to),
          mine.map(one => one.id),
        )
      ).map(one => one.id),
    )
    mine = mine.filter(one => theirs.has(one.id))
  }
  const batchId = newId()
  const assigned = await storeAssigned(
    tx,
    mine.map(one => one.id),
    { personId, by: actor.userId, now, batchId },
  )
  if (assigned === 0) throw problem('conflict', { detail: 'None of these can be handed to that person' })
  return { batchId, assigned, left: chosen.length - assigned, codes: [...new Set(mine.map(one => one.code))] }
}

const mine = async (tx: Tx, actor: Actor, choice: Choice) =>
  (await choose(tx, actor, choice)).filter(one => one.mayDecide)
const open = async (tx: Tx, actor: Actor, choice: Choice) =>
  (await mine(tx, actor, choice)).filter(one => one.state === 'open')
