import { beforeEach, expect, it } from 'vitest'
import { merge } from '../../../server/access/merge-people.ts'
import { approveRules, importRules } from '../../../server/access/rules-change-service.ts'
import { localRoleStore } from '../../../server/auth/local-role-store.ts'
import { userStore } from '../../../server/auth/user-store.ts'
import { rollTheDay } from '../../../server/jobs.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import { localAdministrators } from '../../../server/wiring.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../support/municipality.ts'

const database = testDatabase()
let town: ReturnType<typeof municipality>

const RULES = (rules: string[]) => `
rules:
${rules.join('\n')}
`
const rule = (key: string, title: string, validTo: string | null, right = 'hjemmel/it') => `
  - key: ${key}
    name: ${key}
    conditions: { position: ${title} }
    entitlements: [${right}]
    validFrom: '2020-01-01'
    ${validTo ? `validTo: '${validTo}'` : ''}
    state: active
    owner: IT
    order: 10`
const others = rule('all', 'clerk', null, 'a/read')

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'unit' }),
    position('itk', { name: 'IT-konsulent', category: 'it', titles: 'IT' }),
    position('clerk', { name: 'Assistent', category: 'office', titles: 'Assistent' }),
    person('ida'),
    job('e1', 'ida', { unit: '100', title: 'IT' }),
    person('bo'),
    job('e2', 'bo', { unit: '100', title: 'Assistent' }),
  ])
  await town.feed('systems', [
    system('hjemmel', { name: 'Hjemmel' }),
    system('a', { name: 'A' }),
    entitlement('hjemmel/it', { name: 'IT', privileged: true }),
    entitlement('a/read', { name: 'Læs' }),
  ])
  await town.rules(RULES([rule('it', 'itk', '2026-03-10'), others]))
})

const roll = (day: string) => rollTheDay({ db: database.db, clock: fixedClock(`${day}T09:00:00Z`) })
const holders = async () =>
  (await database.db.source.query(
    `select f.key, a.valid_to as until from assignment a join affiliation f on f.id = a.affiliation_id
     join entitlement e on e.id = a.entitlement_id where e.key = 'hjemmel/it' order by 1`,
  )) as { key: string; until: string | null }[]
const entries = async () =>
  (
    (await database.db.source.query(
      `select count(*) as n from audit_entry where action = 'access.last-administrator-kept'`,
    )) as { n: number }[]
  )[0]!.n
async function localUser(role: 'it' | 'hr', signIn = true): Promise<void> {
  await database.db.transaction(async tx => {
    const id = (await userStore(tx).create({ kind: 'outsider', username: role, displayName: role }))!
    if (signIn) await userStore(tx).setPassword(id, 'hash', new Date())
    await localRoleStore(tx).grant({
      userId: id,
      role,
      from: '2026-03-01',
      to: '2026-12-01',
      reason: 'x',
      grantedBy: null,
    })
  })
}

it('a rule that runs out does not end the last role of IT: who has it keeps it, and the log says so once', async () => {
  expect(await holders()).toEqual([{ key: 'e1', until: '2026-03-10' }])
  await roll('2026-03-09')
  expect(await holders()).toEqual([{ key: 'e1', until: '2026-03-10' }])
  expect(await entries()).toBe(0)
  await roll('2026-03-10')
  expect(await holders()).toEqual([{ key: 'e1', until: null }])
  expect(await entries()).toBe(1)
  await roll('2026-03-11')
  await roll('2026-04-01')
  expect(await holders()).toEqual([{ key: 'e1', until: null }])
  expect(await entries()).toBe(1)
})

it('it ends as soon as somebody else has the role by a rule', async () => {
  await roll('2026-03-10')
  await town.rules(RULES([rule('it', 'itk', '2026-03-10'), rule('new', 'clerk', null), others]))
  await roll('2026-03-11')
  expect(await holders()).toEqual([{ key: 'e2', until: null }])
})

it('it ends when a local user who can sign in administers; one who cannot, or has another role, is nobody', async () => {
  await localUser('hr')
  await localUser('it', false)
  await roll('2026-03-10')
  expect(await holders()).toEqual([{ key: 'e1', until: null }])
  await database.db.source.query(`update tool_user set password_hash = 'hash' where username = 'it'`)
  await roll('2026-03-11')
  expect(await holders()).toEqual([])
})

it.each([
  ['a change of rules', 'rules'],
  ['a merge of people', 'merge'],
] as const)('whoever decides first on the day it runs out, here %s, asks for local users as well', async (_, by) => {
  const parts = {
    keyring: town.keyring,
    today: '2026-03-10',
    now: new Date('2026-03-10T00:30:00Z'),
    localAdministrators,
  }
  await localUser('it')
  await town.feed('skole', [person('ida-2')])
  const [ids] = (await database.db.source.query(
    `select max(person_id::text) filter (where key = 'ida') as "survivorId",
       max(person_id::text) filter (where key = 'ida-2') as "absorbedId" from person_key`,
  )) as { survivorId: string; absorbedId: string }[]
  await database.db.transaction<unknown>(tx =>
    by === 'rules'
      ? importRules(
          tx,
          {
            yaml: RULES([rule('it', 'itk', '2026-03-10'), others, rule('more', 'clerk', null, 'a/read')]),
            hash: null,
            by: 'x',
          },
          parts,
        )
      : merge(tx, { ...ids!, reason: 'Samme person' }, { userId: 'tester' }, parts),
  )
  expect(await holders()).toEqual([])
  expect(await entries()).toBe(0)
})

it('a rule that runs out while another still gives the role ends as it says', async () => {
  await town.rules(RULES([rule('it', 'itk', '2026-03-10'), rule('new', 'clerk', null), others]))
  await roll('2026-03-10')
  expect(await holders()).toEqual([{ key: 'e2', until: null }])
  expect(await entries()).toBe(0)
})

it('a job that ends takes the role with it', async () => {
  await town.feed('hr', [job('e1', 'ida', { unit: '100', title: 'IT', endsOn: '2026-03-10' })])
  await roll('2026-03-10')
  expect(await holders()).toEqual([])
  expect(await entries()).toBe(0)
})

it('a rule that two people have taken away is not held up, on the day it would have run out or before', async () => {
  const { planId, applied } = await town.rules(RULES([others]))
  expect(applied).toBe(false)
  await database.db.transaction(tx => approveRules(tx, planId, 'another', town.when))
  await roll('2026-03-10')
  expect(await holders()).toEqual([])
  expect(await entries()).toBe(0)
})
