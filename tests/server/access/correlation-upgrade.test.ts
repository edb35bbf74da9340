import { expect, it } from 'vitest'
import { Correlation1763800000005 } from '../../../migrations/1763800000005-correlation.ts'
import { testDatabase } from '../../support/database.ts'
import { account, job, municipality, person, unit } from '../../support/municipality.ts'

const database = testDatabase()
const rows = <T>(sql: string) => database.db.snapshot(tx => tx.query<T>(sql))

it('an installation in use keeps its links, with their evidence, and goes on from there', async () => {
  const town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    person('Ann'),
    person('Bo'),
    job('e-ann', 'Ann', { unit: '100' }),
    job('e-bo', 'Bo', { unit: '100' }),
    job('twin-a', 'Ann', { employeeNo: 'twin' }),
    job('twin-b', 'Bo', { employeeNo: 'twin' }),
  ])
  const one = (key: string, attrs: Record<string, string> = {}) => account(key, { username: key, ...attrs })
  await town.feed('ad', [
    one('ann', { employeeNo: 'e-ann' }),
    one('bo', { employeeNo: 'e-bo' }),
    one('twins', { employeeNo: 'twin' }),
    one('svc', { accountKind: 'service' }),
    one('nobody'),
    one('unknown', { employeeNo: 'x' }),
    one('left', { employeeNo: 'e-bo' }),
  ])
  await town.feed('ad', [], ['account/left'])
  await town.feed('ad', [])
  const shown = `select a.key, a.situation, a.reason, a.kind, a.feed_kind, a.evidence, a.confidence, a.person_id, a.affiliation_id
    from account a order by a.key`
  const links = `select a.key, k.verdict, k.person_id, k.affiliation_id, k.decided_by, k.evidence, k.confidence, k.until is null as open
    from account_link k join account a on a.id = k.account_id order by a.key`
  const before = {
    accounts: await rows(shown),
    identities: await rows('select id, person_id, identity_id from affiliation order by id'),
  }
  const linked = (await rows<{ key: string; open: boolean }>(links)).filter(row => row.open && row.key !== 'left')

  const runner = database.db.source.createQueryRunner()
  try {
    const migration = new Correlation1763800000005()
    await migration.down(runner)
    // As the version before would have left what a person has decided.
    await runner.query(`update account set evidence = 'manual' where key = 'bo'`)
    await migration.up(runner)
  } finally {
    await runner.release()
  }
  const after = (await rows<{ key: string; evidence: string | null; confidence: number | null }>(shown)).map(row => ({
    ...row,
    ...(row.key === 'bo' ? { evidence: 'employee-no' } : {}),
    // What a dispute was about is found by the next run.
    ...(row.key === 'twins' ? { confidence: 100 } : {}),
  }))
  expect(after).toEqual(before.accounts)
  expect(await rows('select id, person_id, identity_id from affiliation order by id')).toEqual(before.identities)
  const now = await rows<{ key: string; decided_by: string; open: boolean }>(links)
  expect(now.filter(row => row.key === 'ann')).toEqual(linked.filter(row => row.key === 'ann'))
  expect(now.find(row => row.key === 'bo')).toMatchObject({ decided_by: 'person', open: true })
  expect(now.find(row => row.key === 'left')).toMatchObject({ open: false })

  // What a person had decided stands, whatever the number says; what a rule had linked is not asked again.
  await town.feed('ad', [
    one('bo', { employeeNo: 'e-ann' }),
    one('ann'),
    one('twins', { employeeNo: 'twin', description: 'x' }),
  ])
  const later = new Map((await rows<{ key: string }>(shown)).map(row => [row.key, row]))
  expect(later.get('bo')).toMatchObject({
    situation: 'linked',
    person_id: (now.find(row => row.key === 'bo') as never as { person_id: string }).person_id,
  })
  expect(later.get('ann')).toMatchObject({ situation: 'linked' })
  expect(later.get('twins')).toMatchObject({ situation: 'disputed', reason: 'several-people' })
})
