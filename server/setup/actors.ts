import { loadUser } from '../auth/actor-views.ts'
import { effectiveActor } from '../auth/decide-sign-in.ts'
import { userStore } from '../auth/user-store.ts'
import type { DemoManifest, DemoRole } from '../demo/manifest.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'

export const usernameOf = (manifest: DemoManifest, role: DemoRole): string =>
  manifest.signIns.find(one => one.role === role)?.username ?? ''

/** Whoever the sign-in page offers for a role, as they would sign in. Throws `not-found` where nobody does. */
export const actorOfRole = (tx: Tx, manifest: DemoManifest, role: DemoRole, today: string): Promise<Actor> =>
  actorOfUsername(tx, usernameOf(manifest, role), today)

/** Somebody of the demonstration as they would sign in. Throws `not-found` where nobody does. */
export async function actorOfUsername(tx: Tx, username: string, today: string): Promise<Actor> {
  const users = userStore(tx)
  const person = await users.personOfUsername(username)
  const user = person && (await users.ofPerson(person.personId, person.username))
  const loaded = user && (await loadUser(tx, user.id, today))
  const actor = loaded && effectiveActor(loaded, { via: 'demo', secondFactor: false }, false)
  if (!actor) throw problem('not-found', { detail: `Nobody in the demonstration signs in as "${username}".` })
  return actor
}

/** The leader of the unit, as they would sign in. */
export async function actorOfLeader(tx: Tx, unit: { owner: string | null } | undefined, today: string): Promise<Actor> {
  const [row] = await tx.query<{ username: string }>(
    `select a.username from affiliation_current m join account a on a.person_id = m.person_id
     where m.affiliation_id = $1 and a.situation = 'linked' and a.enabled and a.gone_at is null
     order by a.kind = 'personal' desc, a.username limit 1`,
    [unit?.owner ?? null],
  )
  return actorOfUsername(tx, row?.username ?? '', today)
}
