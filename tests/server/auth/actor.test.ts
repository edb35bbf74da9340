import { beforeEach, describe, expect, it } from 'vitest'
import { loadUser } from '../../../server/auth/actor-views.ts'
import { userStore } from '../../../server/auth/user-store.ts'
import { newId } from '../../../server/platform/ids.ts'
import { testDatabase } from '../../support/database.ts'
import { person, unit } from './people-in-database.ts'

const database = testDatabase()
const TODAY = '2026-11-21'
beforeEach(() => database.reset())

const load = async (personId: string) => {
  const { id } = await database.db.transaction(tx => userStore(tx).ofPerson(personId, 'x'))
  return (await database.db.snapshot(tx => loadUser(tx, id, TODAY)))!
}
const sql = (text: string, params: unknown[] = []) => database.db.transaction(tx => tx.query(text, params))

describe('roles and scopes of a person', () => {
  it('come from assignments on the system hjemmel, like any right', async () => {
    const { personId } = await person(database.db, {
      name: 'Mette Ågård',
      username: 'mette',
      roles: ['employee', 'hr'],
    })
    expect((await load(personId)).base).toMatchObject({
      displayName: 'Mette Ågård',
      personId,
      kind: 'person',
      roles: ['hr', 'employee'],
      until: null,
    })
  })

  it('count only for an active affiliation, and until the day they end', async () => {
    const { personId, affiliationId } = await person(database.db, {
      username: 'mette',
      roles: ['hr'],
      validTo: '2026-11-22',
    })
    expect((await load(personId)).base).toMatchObject({ roles: ['hr'], until: '2026-11-22' })
    const user = await load(personId)
    expect((await database.db.snapshot(tx => loadUser(tx, user.base.userId, '2026-11-22')))!.base.roles).toEqual([])
    await sql(`update affiliation_current set status = 'ended' where affiliation_id = $1`, [affiliationId])
    expect((await load(personId)).base.roles).toEqual([])
  })

  it('administrator and deputy are never given by a rule', async () => {
    const { personId } = await person(database.db, {
      username: 'mette',
      roles: ['admin', 'deputy', 'unheard-of', 'employee'],
    })
    expect((await load(personId)).base.roles).toEqual(['employee'])
  })

  it('a manager has the units whose post they hold, when the rules make them a manager', async () => {
    const { personId, affiliationId } = await person(database.db, { username: 'leder', roles: ['manager'] })
    const own = await unit(database.db, 'Hjemmeplejen', { manager: affiliationId })
    const school = await unit(database.db, 'Skovskolen', { manager: affiliationId, kind: 'school', tree: 'school' })
    await unit(database.db, 'Netværk', { manager: affiliationId, tree: 'network' })
    await unit(database.db, 'Andre')
    const user = await load(personId)
    expect(user.units).toEqual([
      { id: own, name: 'Hjemmeplejen' },
      { id: school, name: 'Skovskolen' },
    ])
    expect(user.base).toMatchObject({ units: [own, school], schools: [school] })
    await sql('delete from assignment')
    expect((await load(personId)).base).toMatchObject({ roles: [], units: [] })
  })

  it('a deputy acts for a unit on the days of the deputyship only', async () => {
    const { personId, affiliationId } = await person(database.db, { username: 'souschef', roles: ['employee'] })
    const id = await unit(database.db, 'Plejehjemmet')
    await sql(
      `insert into deputy (id, source, key, unit_id, deputy_affiliation_id, deputy_person_id, kind, valid)
       values (gen_random_uuid(), 'hr', 'd1', $1, $2, $3, 'dated', '[2026-11-20,2026-11-23)')`,
      [id, affiliationId, personId],
    )
    const user = await load(personId)
    expect(user.base).toMatchObject({ roles: ['deputy', 'employee'], actingFor: [id], units: [] })
    const after = await database.db.snapshot(tx => loadUser(tx, user.base.userId, '2026-11-23'))
    expect(after!.base).toMatchObject({ roles: ['employee'], actingFor: [] })
  })

  it('a system owner has the own systems', async () => {
    const { personId, affiliationId } = await person(database.db, { username: 'ejer', roles: ['systemowner'] })
    const [row] = await sql(
      `insert into it_system (key, name, source, owner_affiliation_id) values ('nexus', 'Nexus', 's', $1), ('gone', 'Gone', 's', $1) returning id`,
      [affiliationId],
    )
    await sql(`update it_system set gone_at = now() where key = 'gone'`)
    expect((await load(personId)).base.systems).toEqual([(row as { id: string }).id])
  })

  it('local roles count on their days, beside those of the rules', async () => {
    const { personId } = await person(database.db, { username: 'mette', roles: ['employee'] })
    const user = await load(personId)
    const grant = (role: string, from: string, to: string) =>
      sql(`insert into local_role (id, user_id, role, valid, reason) values ($1, $2, $3, daterange($4, $5), 'x')`, [
        newId(),
        user.base.userId,
        role,
        from,
        to,
      ])
    await grant('it', '2026-11-01', '2026-12-01')
    await grant('dpo', '2026-10-01', '2026-11-21')
    await grant('auditor', '2026-11-22', '2026-12-01')
    expect((await load(personId)).base).toMatchObject({ roles: ['it', 'employee'], until: '2026-12-01' })
    await expect(grant('it', '2026-11-30', '2027-01-01')).rejects.toThrow()
    await expect(
      sql(`insert into local_role (id, user_id, role, valid, reason) values ($1, $2, 'hr', '[2026-01-01,)', 'x')`, [
        newId(),
        user.base.userId,
      ]),
    ).rejects.toThrow()
  })

  it('is one statement', async () => {
    const { personId } = await person(database.db, { username: 'mette', roles: ['hr'] })
    const { id } = await database.db.transaction(tx => userStore(tx).ofPerson(personId, 'x'))
    let statements = 0
    await database.db.snapshot(tx =>
      loadUser(
        {
          prepared: (name, text, params) => {
            statements++
            return tx.prepared(name, text, params)
          },
        },
        id,
        TODAY,
      ),
    )
    expect(statements).toBe(1)
  })
})
