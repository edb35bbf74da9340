import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { checkoutDir } from '../../server/platform/data-dir.ts'

/**
 * Notes the content of migrations that have not landed yet; refuses where one that has landed was changed. A database
 * somewhere has run it as it was. `--first` starts the list anew, before anything has been shipped.
 */
const list = join(import.meta.dirname, 'migration-hashes.json')
const landed: Record<string, string> =
  process.argv.includes('--first') || !existsSync(list) ? {} : JSON.parse(readFileSync(list, 'utf8'))
const folder = join(checkoutDir, 'migrations')
const now: Record<string, string> = {}
for (const name of readdirSync(folder)
  .filter(file => file.endsWith('.ts'))
  .sort())
  now[name] = createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('hex')
const changed = Object.keys(landed).filter(name => now[name] !== landed[name])
if (changed.length > 0) {
  process.stderr.write(`These have landed and may not change; write a new migration instead: ${changed.join(', ')}\n`)
  process.exit(1)
}
writeFileSync(list, `${JSON.stringify(now, null, 2)}\n`)
