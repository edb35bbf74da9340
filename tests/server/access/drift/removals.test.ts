import { beforeEach, expect, test } from 'vitest'
import { rollFindings } from '../../../../server/access/drift/drift-day.ts'
import { findingView } from '../../../../server/access/drift/findings-views.ts'
import { removalsView } from '../../../../server/access/drift/removals-view.ts'
import { refreshPersonRights } from '../../../../server/access/person-rights-store.ts'
import { removalOrders } from '../../../../server/orders/removal-orders.ts'
import { systemClock } from '../../../../server/platform/clock.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import { acc, driftTown, members } from './drift-town.ts'

const database = testDatabase()
beforeEach(() => database.reset())
type Town = Awaited<ReturnType<typeof driftTown>>

/** An account for privileged work that somebody has said is bo's, as the desk does. */
async function adminAccountOf(town: Town, name: string) {
  await town.feed('ad', [acc(`adm-${name}`, { accountKind: 'admin', employeeNo: '' })])
  await database.db.transaction(async tx => {
    await tx.query(`update account set person_id = $1, situation = 'linked' where username = $2`, [
      town.people[name],
      `adm-${name}`,
    ])
    await refreshPersonRights(tx, [town.people[name]!])
  })
}

/** Marks what is found of a kind; answers the list of removals and the accounts that the evidence of the finding names. */
async function marked(town: Town, code: string) {
  const [{ id } = { id: '' }, ...more] = await database.db.transaction(tx =>
    tx.query<{ id: string }>(
      `update finding set state = 'removal', reason = 'Aftalt', decided_at = now(), decided_by = 'test', batch_id = gen_random_uuid()
       where code = $1 and closed_at is null returning id`,
      [code],
    ),
  )
  expect(more).toEqual([])
  const { rows } = await database.db.snapshot(tx => removalsView(tx, town.actors.it, {}, removalOrders))
  const finding = await database.db.snapshot(tx => findingView(tx, town.actors.it, id, async () => new Map()))
  return {
    rows: rows.map(row => [row.entitlement, row.username, row.path, row.limits]),
    evidence: finding?.paths.map(path => [path.username, path.groups]),
  }
}

test('a privileged right is to go from the account of the daily work, and stays on the one made for it', async () => {
  const town = await driftTown(database.db)
  await adminAccountOf(town, 'bo')
  await town.feed('ad', [members('b/admin', ['adm-bo', 'bo'])])
  expect(await marked(town, 'privileged')).toEqual({
    rows: [['Administrator', 'bo', ['g-b/admin'], []]],
    evidence: [['bo', ['g-b/admin']]],
  })
})

test('whatever account of a person holds what nothing explains is listed', async () => {
  const town = await driftTown(database.db)
  await adminAccountOf(town, 'bo')
  await town.feed('ad', [members('a/write', ['adm-bo', 'bo'])])
  expect((await marked(town, 'unexplained')).rows).toEqual([
    ['Skriver', 'adm-bo', ['g-a/write'], []],
    ['Skriver', 'bo', ['g-a/write'], []],
  ])
})

test('an unused right of an account that is nobody’s is on the list, and of one account of a person not the others', async () => {
  const town = await driftTown(database.db)
  await adminAccountOf(town, 'bo')
  await town.feed('ad', [
    acc('robot', { accountKind: 'service', employeeNo: '' }),
    members('a/write', ['robot', 'adm-bo', 'bo']),
  ])
  const unused = (who: string) =>
    database.db.transaction(tx =>
      tx.query(
        `update observed_right o set last_used = case when a.username = $1 then $2::date - 100 end
         from account a where a.id = o.account_id`,
        [who, systemClock.today()],
      ),
    )
  await unused('robot')
  await database.db.transaction(tx => rollFindings(tx, '2026-03-02', new Date()))
  expect(await marked(town, 'dormant')).toEqual({
    rows: [['Skriver', 'robot', ['g-a/write'], []]],
    evidence: [['robot', ['g-a/write']]],
  })
  await unused('adm-bo')
  await database.db.transaction(tx => rollFindings(tx, '2026-03-03', new Date()))
  expect(await marked(town, 'dormant')).toEqual({
    rows: [['Skriver', 'adm-bo', ['g-a/write'], []]],
    evidence: [['adm-bo', ['g-a/write']]],
  })
})

test('where a right is held wider than given, the limit is to go and not the group', async () => {
  const town = await driftTown(database.db)
  await adminAccountOf(town, 'ann')
  await town.feed('ad', [members('a/read', ['ann', 'bo', 'adm-ann'])])
  await database.db.transaction(async tx => {
    await tx.query(
      `update assignment set constraints = '[{"kind": "own-unit", "on": "unit", "values": ["110"]}]' where entitlement_id = $1`,
      [town.rights['a/read']],
    )
    await tx.query(
      `update observed_right o set limits = case a.username when 'ann' then '{Køkkenet,Kontoret}'::text[] else '{Køkkenet}' end
       from account a where a.id = o.account_id and a.username in ('ann', 'adm-ann')`,
    )
  })
  await database.db.transaction(tx => rollFindings(tx, '2026-03-02', new Date()))
  expect((await marked(town, 'outside-limit')).rows).toEqual([['Læser', 'ann', [], ['Kontoret']]])
})

test('an account that is to go is listed as itself; the list is two statements', async () => {
  const town = await driftTown(database.db)
  await town.feed('ad', [acc('ghost', { employeeNo: 'unknown' }), members('a/read', ['ann', 'bo', 'ghost'])])
  expect(await marked(town, 'orphan')).toEqual({ rows: [[null, 'ghost', [], []]], evidence: [] })
  const statements = await database.db.snapshot(async tx => {
    const watched = counted(tx)
    await removalsView(watched.tx, town.actors.it, {}, removalOrders)
    return watched.statements.length
  })
  expect(statements).toBe(2)
})
