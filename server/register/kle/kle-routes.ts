import type { Readable } from 'node:stream'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getKle, getKleRetention, uploadKle } from '#contract/kle.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor, can } from '../../policy/policy.ts'
import { type BadEntry, entryOf, type KleEntry, proposeRetention } from './kle-entry.ts'
import { kleStanding, loadKle, storeKle } from './kle-store.ts'
import { readKle, takeKleBody } from './read-kle.ts'

const MOST_BAD = 100
type Taken = ResponseOf<typeof uploadKle>

/** KLE of the municipality's own copy, and what it proposes. */
export function kleRoutes(routes: Routes<Actor>, { db, clock }: { db: Db; clock: Clock }): void {
  routes.add(getKle, async call => ({
    ...(await kleStanding(call.tx)),
    allowed: { change: can(call.actor, 'vocabulary.change') },
  }))
  // The body is the file itself, and no JSON.
  routes.addOwn(uploadKle, call => takeKle(db, call, clock.now(), call.query.name, call.request))
  routes.add(getKleRetention, async call => {
    const numbers = call.query.kle.split(',')
    return { proposals: proposeRetention(await loadKle(call.tx, numbers), numbers) }
  })
}

async function takeKle(
  db: Db,
  { actor, requestId }: { actor: Actor; requestId: string },
  now: Date,
  file: string,
  from: Readable,
): Promise<Taken> {
  const { entries, gone } = await readKle(await takeKleBody(from), file)
  const read = entries.map(entryOf)
  const bad = read.filter((one): one is BadEntry => 'what' in one)
  // A file may name a number twice: the last word counts.
  const good = new Map(read.filter((one): one is KleEntry => !('what' in one)).map(one => [one.number, one]))
  return db.transaction(async tx => {
    await storeKle(tx, { entries: [...good.values()], gone, file, now })
    await audit(tx).write({
      actor: auditActor(actor),
      ...{ action: 'vocabulary.kle-read', subjectKind: 'vocabulary', requestId },
      detail: { file, taken: good.size, gone: gone.length, bad: bad.length },
    })
    return { taken: good.size, gone: gone.length, bad: bad.slice(0, MOST_BAD), badInAll: bad.length }
  })
}
