import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { startBenchPostgres } from './bench-database.ts'
import type { BenchRow } from './bench-row.ts'
import { benchClient } from './client.bench-part.ts'
import { benchDecide } from './decide.bench-part.ts'
import { benchDelta } from './delta.bench-part.ts'
import { benchDirectory } from './directory.bench-part.ts'
import { benchFindings } from './findings.bench-part.ts'
import { benchGroups } from './groups.bench-part.ts'
import { benchGrowth } from './growth.bench-part.ts'
import { benchHrEvents } from './hr-events.bench-part.ts'
import { describeMachine, machineLine } from './machine.ts'
import { benchMatrix } from './matrix.bench-part.ts'
import { benchMining } from './mining.bench-part.ts'
import { benchObserved } from './observed.bench-part.ts'
import { benchOutliers } from './outliers.bench-part.ts'
import { benchPackage } from './package.bench-part.ts'
import { benchPages } from './pages.bench-part.ts'
import { benchPayroll } from './payroll.bench-part.ts'
import { markdownTable, textTable } from './print-table.ts'
import { benchReach } from './reach.bench-part.ts'
import { benchRights } from './rights.bench-part.ts'
import { benchSearch } from './search.bench-part.ts'
import { benchStart } from './start.bench-part.ts'
import { makeTown, type Town } from './town.ts'

/**
 * `npm run bench`: every figure beside what it is compared with, measured in the same run. A missed bar is printed, and
 * is no error; the exit code is 1 only when a part could not be measured.
 */
const PARTS = [
  'decide',
  'mining',
  'outliers',
  'search',
  'directory',
  'groups',
  'observed',
  'delta',
  'payroll',
  'rights',
  'pages',
  'matrix',
  'reach',
  'package',
  'findings',
  'hr-events',
  'growth',
  'client',
  'start',
] as const
type Part = (typeof PARTS)[number]

const { values } = parseArgs({
  options: { only: { type: 'string' }, size: { type: 'string' }, markdown: { type: 'boolean', default: false } },
})
const parts = values.only ? values.only.split(',') : PARTS
const sizes = values.size ? values.size.split(',').map(Number) : [6000, 60_000]
const unknown = parts.find(part => !(PARTS as readonly string[]).includes(part))
if (unknown || sizes.some(size => ![6000, 60_000, 600_000].includes(size))) {
  process.stderr.write(
    `Use --only=${PARTS.join('|')} (several with a comma), --size=6000|60000|600000, --markdown. 600000 takes an hour and 40 GB of disk.\n`,
  )
  process.exit(2)
}

const say = (line: string) => process.stderr.write(`${line}\n`)
const rows: (BenchRow & { part: Part })[] = []
let crashed = false
const measure = async (part: Part, work: () => Promise<BenchRow[]>): Promise<void> => {
  const started = performance.now()
  try {
    const found = await work()
    rows.push(...found.map(row => ({ part, ...row })))
    keep()
    say(`${part}: ${found.length} figures in ${Math.round((performance.now() - started) / 1000)} s`)
  } catch (error) {
    crashed = true
    say(`${part}: could not be measured: ${(error as Error).stack ?? error}`)
  }
}
const repo = join(import.meta.dirname, '../..')
/** After every part, so that a run that is cut off leaves what it has. */
const keep = () => writeFileSync(join(repo, 'bench-results.json'), `${JSON.stringify({ machine, rows }, null, 2)}\n`)
const wanted = (part: Part) => parts.includes(part)

const postgres = await startBenchPostgres()
const machine = await describeMachine(postgres.adminUrl)
try {
  if (wanted('decide')) await measure('decide', benchDecide)
  if (wanted('mining')) await measure('mining', async () => benchMining())
  if (wanted('outliers')) await measure('outliers', benchOutliers)
  if (wanted('search')) await measure('search', () => benchSearch(postgres))
  if (wanted('directory')) await measure('directory', () => benchDirectory(postgres))
  if (wanted('delta')) await measure('delta', () => benchDelta(postgres))
  if (wanted('payroll')) await measure('payroll', () => benchPayroll(postgres))
  if (wanted('groups')) await measure('groups', benchGroups)
  if (wanted('observed')) await measure('observed', () => benchObserved(postgres))
  const towns: Town[] = []
  if ((['rights', 'pages', 'matrix', 'reach', 'package', 'findings', 'hr-events', 'growth'] as const).some(wanted))
    for (const size of sizes) {
      say(`The municipality of ${size.toLocaleString('en')} people is made and read in.`)
      const town = await makeTown(postgres, size).catch(error => {
        crashed = true
        say(`It could not be made: ${(error as Error).message}`)
        return null
      })
      if (!town) continue
      towns.push(town)
      if (wanted('rights')) await measure('rights', () => benchRights(town, postgres.folder))
      if (wanted('pages')) await measure('pages', () => benchPages(town))
      // The grid is bounded: a larger town is asked unit by unit.
      if (wanted('matrix') && size === 6000) await measure('matrix', () => benchMatrix(town))
      if (wanted('reach') && size === 6000) await measure('reach', () => benchReach(town))
      if (wanted('package')) await measure('package', () => benchPackage(town))
      if (wanted('findings') && size === 6000) await measure('findings', () => benchFindings(town))
      // Last: it hires people whom the figures before should not see.
      if (wanted('hr-events')) await measure('hr-events', () => benchHrEvents(town))
    }
  if (wanted('growth')) await measure('growth', async () => benchGrowth(towns))
  if (wanted('client')) await measure('client', benchClient)
} finally {
  await postgres.stop()
}
if (wanted('start')) await measure('start', benchStart)

process.stdout.write(`\n${machineLine(machine)}\n\n${(values.markdown ? markdownTable : textTable)(rows)}`)
const missed = rows.filter(row => !row.ok).length
say(`\n${rows.length - missed} of ${rows.length} bars held${missed ? `, ${missed} missed` : ''}.`)
process.exitCode = crashed ? 1 : 0
