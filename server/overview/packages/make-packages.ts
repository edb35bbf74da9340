import { createHash } from 'node:crypto'
import { audit } from '../../audit/audit-store.ts'
import { lookupMany } from '../../audit/many-lookups-store.ts'
import { loadUser } from '../../auth/actor-views.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor, can } from '../../policy/policy.ts'
import { packageContent } from './package-content-view.ts'
import { packageStream } from './package-service.ts'
import { type AskedPackage, endPackage, failPackage, storePart, takePackage } from './package-store.ts'

type House = { db: Db; clock: Clock; log: Log; municipality: string }

/** Bytes of one stored part. */
const PART = 1 << 20

/** Makes what waits, one after the other; what cannot be made is marked and logged. Answers how many were made. */
export async function makePackages(house: House): Promise<number> {
  const { db, clock, log } = house
  let made = 0
  for (;;) {
    const asked = await db.transaction(tx => takePackage(tx, clock.now()))
    if (!asked) return made
    try {
      // One snapshot: no reader of the package sees half a computation, and file, log and state come together or not at all.
      await db.snapshotOnRecord(tx => makeOne(tx, asked, house))
      made += 1
    } catch (error) {
      log.warn({ part: 'packages', packageId: asked.id, err: String(error) }, 'a package could not be made')
      await db.transaction(tx => failPackage(tx, asked.id))
    }
  }
}

async function makeOne(tx: Tx, asked: AskedPackage, { clock, municipality }: House): Promise<void> {
  const actor = await readerOf(tx, asked.userId, clock.today())
  const at = { valid: asked.scope.day, known: asked.known }
  const content = await packageContent(tx, actor, {
    ...{ scope: asked.scope, at, madeAs: asked.madeAs, today: clock.today(), municipality },
  })
  const people = new Set<string>()
  const hash = createHash('sha256')
  let [bytes, parts, waiting]: [number, number, Buffer[]] = [0, 0, []]
  const store = async () => {
    const part = Buffer.concat(waiting)
    waiting = []
    await storePart(tx, asked.id, parts, part)
    parts += 1
  }
  const { stream, files } = packageStream(content, id => people.add(id))
  let held = 0
  for await (const chunk of stream) {
    const piece = chunk as Buffer
    hash.update(piece)
    bytes += piece.length
    held += piece.length
    waiting.push(piece)
    if (held < PART) continue
    await store()
    held = 0
  }
  await store()
  const by = auditActor(actor)
  const personIds = [...people]
  await lookupMany(tx, { actor: by, action: 'person.in-package', personIds, reason: asked.reason })
  const sha256 = hash.digest('hex')
  await endPackage(tx, asked.id, { now: clock.now(), bytes, parts, sha256, files })
  await audit(tx).write({
    actor: by,
    action: 'package.made',
    subjectKind: 'package',
    subjectId: asked.id,
    detail: { scope: asked.scope, reason: asked.reason, people: personIds.length, bytes, sha256 },
  })
}

/** Whoever asked, as they may see today; nobody is signed in, which widens nothing. */
async function readerOf(tx: Tx, userId: string, today: string): Promise<Actor> {
  const user = await loadUser(tx, userId, today)
  const actor: Actor | null = user && !user.disabled ? { ...user.base, via: 'directory', secondFactor: false } : null
  if (!actor || !can(actor, 'package.make')) throw problem('not-allowed')
  return actor
}
