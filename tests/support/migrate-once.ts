import process from 'node:process'
import { openDatabase } from '../../server/platform/database.ts'
import { loadMigrations, migrate } from '../../server/platform/migrations.ts'

/** A process of its own that brings a database up to date and says how many changes it made. */
const db = await openDatabase(process.argv[2]!, { migrations: await loadMigrations(), poolSize: 2 })
process.stdout.write(String(await migrate(db)))
await db.close()
