import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { readConfig } from './platform/config.ts'
import { defaultDataDir } from './platform/data-dir.ts'
import { removePostgres } from './platform/postgres/remove.ts'
import { isProblem } from './platform/problem.ts'

/** `npm run start-over`: delete the embedded database, the demonstration and the key, so that the next start is a first. */
try {
  const config = readConfig()
  if (config.DATABASE_URL) stop('DATABASE_URL is set: that database is not ours to delete. Drop it with its own tools.')
  const dataDir = config.HJEMMEL_DATA_DIR ?? defaultDataDir()
  // Stops an orphan of a killed process; refuses while a Hjemmel runs on the folder.
  await removePostgres(dataDir)
  for (const name of ['demo', 'demo.new', 'encryption-key'])
    if (existsSync(join(dataDir, name))) rmSync(join(dataDir, name), { recursive: true, force: true })
  process.stdout.write(`The data in ${dataDir} are deleted. The next "npm start" begins from nothing.\n`)
} catch (error) {
  stop(isProblem(error) ? error.message : String(error))
}

function stop(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
