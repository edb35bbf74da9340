import { beforeAll, describe, expect, it } from 'vitest'
import { resuspend } from '../../server/access/access-store.ts'
import { setLock } from '../../server/access/locks/lock-service.ts'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type { getPersonLock, listLocks } from '../../server/contract/locks.ts'
import { newId } from '../../server/platform/ids.ts'
import type { Actor } from '../../server/policy/actor.ts'
import { localAdministrators } from '../../server/wiring.ts'
import { demoTown } from '../support/demo-town.ts'
import { personOf, signIn, type Visitor } from '../support/visitors.ts'

const town = demoTown()
const SOMEBODY: Actor = {
  ...{ userId: '', personId: null, displayName: 'x', kind: 'person', roles: ['it'], via: 'local', secondFactor: true },
  ...{ units: [], actingFor: [], schools: [], reportsFor: [], systems: [], until: null },
}
let hr: Visitor
let it_: Visitor
/** Somebody with rights, an own sign-in, and a birth date that Hjemmel knows. */
let one: { id: string; birth: string }

const query = <Row>(sql: string, params: unknown[] = []) => town.house.db.snapshot(tx => tx.query<Row>(sql, params))
const rights = async () =>
  (
    await query<{ text: string }>(
      `select concat(a.affiliation_id, ' ', a.entitlement_id, ' ', a.suspended) as text from affiliation_current ac
       join assignment a on a.affiliation_id = ac.affiliation_id where ac.person_id = $1 order by 1`,
      [one.id],
    )
  ).map(row => row.text)
const lock = (who: Visitor, birthDate: string | undefined, id = one.id) =>
  who.send<{ lockId: string; rights: number }>('POST', `/people/${id}/lock`, {
    birthDate,
    reason: 'Mistanke om misbrug',
  })

beforeAll(async () => {
  hr = await signIn(town, 'hr')
  it_ = await signIn(town, 'it')
  const [row] = await query<{ id: string; birth: string }>(
    `select p.person_id as id, p.birth_date::text as birth from person_current p where p.person_id = $1`,
    [await personOf(town, 'employee')],
  )
  one = { id: row?.id as string, birth: row?.birth as string }
})

describe('an emergency lock', () => {
  it('asks for the birth date, refuses the fourth guess, and another may still lock', async () => {
    for (const wrong of ['1901-01-01', '1901-01-02', undefined])
      expect((await lock(hr, wrong)).body.code).toBe('birth-date-wrong')
    const refused = await lock(hr, one.birth)
    expect(refused.body.code).toBe('birth-date-refused')
    expect(JSON.stringify(refused.body)).not.toContain(one.birth)
    expect((await query('select 1 from person_lock')).length).toBe(0)
  })

  it('lets every right rest and ends the sign-in, in one go; no read of a source undoes it', async () => {
    const before = await rights()
    const self = await signIn(town, 'employee')
    expect((await self.send('GET', '/me')).status).toBe(200)
    const done = await lock(it_, one.birth)
    expect(done.status).toBe(200)
    expect(done.body.rights).toBeGreaterThan(0)
    const locked = await rights()
    expect(locked).toHaveLength(before.length)
    expect(locked.every(text => text.endsWith('lock'))).toBe(true)
    expect((await self.send('GET', '/me')).status).toBe(401)
    expect((await lock(it_, one.birth)).body.code).toBe('conflict')
    // The comparison no longer expects anything of this person.
    const [counted] = await query<{ expected: number }>('select expected from person_rights where person_id = $1', [
      one.id,
    ])
    expect(counted?.expected ?? 0).toBe(0)

    const [source] = await query<{ key: string }>(
      `select a.source as key from affiliation a where a.person_id = $1 limit 1`,
      [one.id],
    )
    expect((await town.house.feeds.run(source?.key as string)).state).toBe('done')
    expect(await rights()).toEqual(locked)
  })

  it('is lifted by a second person with a reason, and everything is as it was', async () => {
    const [open] = (await it_.send<ResponseOf<typeof listLocks>>('GET', '/locks')).body.current
    expect(open).toMatchObject({ person: { id: one.id }, mayRelease: false })
    const lift = (who: Visitor) => who.send('POST', `/locks/${open?.id}/release`, { reason: 'Afklaret med lederen' })
    expect((await lift(it_)).body.code).toBe('second-person-needed')
    expect((await rights()).every(text => text.endsWith('lock'))).toBe(true)
    expect((await lift(hr)).status).toBe(200)
    expect((await rights()).some(text => text.endsWith('lock'))).toBe(false)
    expect((await lift(hr)).body.code).toBe('conflict')
    const after = (await hr.send<ResponseOf<typeof getPersonLock>>('GET', `/people/${one.id}/lock`)).body
    expect(after).toMatchObject({ lock: null, birthDateKnown: true, allowed: { lock: true } })
    const actions = await query<{ action: string }>(
      `select action from audit_entry where person_id = $1 and action like 'person.lock%' order by id`,
      [one.id],
    )
    expect(actions.map(row => row.action)).toEqual([
      ...['person.lock-refused', 'person.lock-refused', 'person.lock-refused'],
      ...['person.locked', 'person.lock-lifted'],
    ])
  })

  it('may be lifted by whoever is on call, for as long as they are, and HR says who', async () => {
    const deputy = await signIn(town, 'deputy')
    expect((await deputy.send('GET', '/locks')).status).toBe(403)
    const now = Date.now()
    const onCall = await hr.send<{ id: string }>('POST', '/locks/on-call', {
      personId: await personOf(town, 'deputy'),
      startsAt: new Date(now - 3_600_000).toISOString(),
      endsAt: new Date(now + 3_600_000).toISOString(),
    })
    expect(onCall.status).toBe(200)
    expect((await lock(it_, one.birth)).status).toBe(200)
    const list = await deputy.send<ResponseOf<typeof listLocks>>('GET', '/locks')
    expect(list.body).toMatchObject({ onCallNow: true, allowed: { roster: false } })
    const [open] = list.body.current
    expect(open?.mayRelease).toBe(true)
    expect((await deputy.send('POST', `/locks/${open?.id}/release`, { reason: 'Falsk alarm i nat' })).status).toBe(200)
    expect((await hr.send('POST', `/locks/on-call/${onCall.body.id}/end`, {})).status).toBe(200)
    expect((await deputy.send('GET', '/locks')).status).toBe(403)
  })

  it('never leaves nobody who administers, and says so', async () => {
    const administers = await query<{ id: string }>(
      `select distinct ac.person_id as id from entitlement e join assignment a on a.entitlement_id = e.id and a.suspended is null
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id and ac.status = 'active' where e.key = 'hjemmel/it'`,
    )
    const local = await query<{ id: string }>(`select id from tool_user u where u.disabled_at is null and exists (
      select from local_role r where r.user_id = u.id and r.role in ('admin', 'it'))`)
    const db = town.house.db
    const ids = local.map(row => row.id)
    await db.transaction(tx => tx.query('update tool_user set disabled_at = now() where id = any($1::uuid[])', [ids]))
    try {
      const [last, ...others] = administers.map(row => row.id)
      const by = (personId: string) =>
        db.transaction(async tx => {
          for (const other of others)
            await tx.query(
              `insert into person_lock (id, person_id, reason, locked_at, locked_by) values (gen_random_uuid(), $1, 'x', now(), 'x')`,
              [other],
            )
          const when = { today: town.house.clock.today(), now: town.house.clock.now() }
          await resuspend(tx, others, { ...when, cause: 'lock', after: [] })
          const hooks = { onLock: [], after: [], localAdministrators }
          await setLock(tx, { ...SOMEBODY, userId: newId() }, { personId, reason: 'Mistanke' }, when, hooks)
          throw new Error('taken back')
        })
      await expect(by(last as string)).rejects.toMatchObject({ problem: 'last-administrator' })
      await expect(by(one.id)).rejects.toThrow('taken back')
    } finally {
      await db.transaction(tx => tx.query('update tool_user set disabled_at = null where id = any($1::uuid[])', [ids]))
    }
  })

  it('is seen by who leads the person, without why or by whom', async () => {
    const manager = await signIn(town, 'manager')
    const [led] = await query<{ id: string; birth: string | null }>(
      `select p.person_id as id, p.birth_date::text as birth from person_current p join affiliation_current ac on ac.person_id = p.person_id
       where ac.manager_person_id = $1 and p.status = 'active' and not p.protected and p.person_id <> $2 order by 1 limit 1`,
      [await personOf(town, 'manager'), one.id],
    )
    const seen = async (who: Visitor) =>
      (await who.send<{ person: { lockedSince: string | null } }>('GET', `/people/${led?.id}`)).body
    expect((await seen(manager)).person.lockedSince).toBeNull()
    const { body } = await lock(it_, led?.birth ?? undefined, led?.id)
    const page = await seen(manager)
    expect(page.person.lockedSince).not.toBeNull()
    expect(JSON.stringify(page)).not.toContain('Mistanke om misbrug')
    const home = await manager.send('GET', '/home')
    expect(JSON.stringify(home.body)).toContain('team-locked')
    const people = await manager.send<{ rows: { id: string }[] }>('POST', '/people/search', {
      locked: true,
      offset: 0,
      limit: 50,
    })
    expect(people.body.rows.map(row => row.id)).toContain(led?.id)
    await hr.send('POST', `/locks/${body.lockId}/release`, { reason: 'Falsk alarm i nat' })
    expect((await seen(manager)).person.lockedSince).toBeNull()
  })
})
