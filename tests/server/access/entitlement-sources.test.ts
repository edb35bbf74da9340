import { beforeAll, expect, it } from 'vitest'
import { entitlementView } from '../../../server/access/entitlements/entitlement-views.ts'
import { observationAges } from '../../../server/systems/observation-age.ts'
import { actor } from '../../support/actors.ts'
import { counted } from '../../support/counted.ts'
import { testDatabase } from '../../support/database.ts'
import { LIST_COLUMNS, listFeed } from '../../support/list-feed.ts'
import { account, entitlement, group, municipality, person, system } from '../../support/municipality.ts'

/* How old a right's holders are hangs on the sources that show its system, and on no other. */
const database = testDatabase()
const list = listFeed(() => database.db)
const dn = (name: string) => `CN=${name},DC=test`

beforeAll(async () => {
  const town = municipality(database.db)
  await town.feed('hr', [person('p0')])
  await town.feed('systems', [
    ...['a', 'b', 'c'].map(key => system(key, { name: key.toUpperCase() })),
    ...['a/x', 'a/y', 'b/x', 'c/x'].map(key => entitlement(key, { name: key })),
  ])
  await town.rules(`
mappings:
  - { source: ad, match: { cn: A-X }, entitlement: a/x }
  - { source: ldap, match: { cn: A-Y }, entitlement: a/y }
`)
  for (const [source, name] of [
    ['ad', 'A-X'],
    ['ldap', 'A-Y'],
    ['other', 'B-X'],
  ] as const)
    await town.feed(source, [
      account('k0', { username: 'k0', dn: dn('k0'), employeeNo: 'e0' }),
      group(name, { name, dn: dn(name), members: [dn('k0')] }),
    ])
  await list.read('b', `${Object.values(LIST_COLUMNS).join(';')}\nk0;x;;;ja\n`)
})

const shownBy = (key: string) =>
  database.db.snapshot(async tx => {
    const [row] = await tx.query<{ id: string }>('select id from entitlement where key = $1', [key])
    const watched = counted(tx)
    const page = await entitlementView(watched.tx, actor(['it']), row!.id)
    return { shownBy: page!.shownBy, statements: watched.statements.length }
  })

it('are those whose groups give any right of the system, its own list, or none where it is not read', async () => {
  // Of the whole system: who was seen with the other right of it is as old as its oldest source.
  expect((await shownBy('a/x')).shownBy).toEqual(['ad', 'ldap'])
  expect((await shownBy('a/y')).shownBy).toEqual(['ad', 'ldap'])
  expect((await shownBy('b/x')).shownBy).toEqual(['list-b'])
  expect((await shownBy('c/x')).shownBy).toEqual([])
})

it('are those that the age of the system is reckoned by, and cost the page no statement', async () => {
  const systems = await database.db.snapshot(tx =>
    tx.query<{ id: string; key: string }>('select id, key from it_system'),
  )
  const ages = await database.db.snapshot(tx =>
    observationAges(
      tx,
      systems.map(one => one.id),
    ),
  )
  const read = systems.filter(one => ages.has(one.id)).map(one => one.key)
  expect(read.sort()).toEqual(['a', 'b'])
  expect((await shownBy('a/x')).statements).toBeLessThanOrEqual(4)
})
