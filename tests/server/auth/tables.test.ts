import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditTables } from '../../../server/audit/audit-tables.ts'
import { authTables } from '../../../server/auth/auth-tables.ts'
import { peopleTables } from '../../../server/people/people-tables.ts'
import { openDatabase } from '../../../server/platform/database.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import { testDatabase } from '../../support/database.ts'

const database = testDatabase()
let db: Db
beforeAll(async () => {
  db = await openDatabase(database.url, { entities: [...auditTables, ...authTables, ...peopleTables], poolSize: 2 })
})
afterAll(() => db.close())

const drift = async () => (await db.source.driver.createSchemaBuilder().log()).upQueries.map(query => query.query)

it('the tables in the code are those that the migrations made', async () => {
  expect(await drift()).toEqual([])
})

it('a difference would be seen', async () => {
  await db.transaction(tx => tx.query('drop index session_expire'))
  await db.transaction(tx => tx.query('alter table audit_entry drop column request_id'))
  expect(await drift()).toEqual([expect.stringContaining('request_id'), expect.stringContaining('session_expire')])
})
