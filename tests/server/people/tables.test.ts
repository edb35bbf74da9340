import { expect, it } from 'vitest'
import { peopleTables } from '../../../server/people/people-tables.ts'
import { openDatabase } from '../../../server/platform/database.ts'
import { testDatabase } from '../../support/database.ts'

const database = testDatabase()

it('the migration and the table definitions say the same, and a difference would be seen', async () => {
  const db = await openDatabase(database.url, { entities: [...peopleTables], poolSize: 2 })
  const drift = async () => (await db.source.driver.createSchemaBuilder().log()).upQueries.map(query => query.query)
  try {
    expect(db.source.entityMetadatas).toHaveLength(15)
    expect(await drift()).toEqual([])
    await db.transaction(tx => tx.query('drop index fact_run'))
    await db.transaction(tx => tx.query('alter table person_current drop column phone'))
    expect(await drift()).toHaveLength(2)
  } finally {
    await db.close()
  }
})
