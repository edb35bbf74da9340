import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { loadSources } from '../../server/wiring.ts'
import { startSlapd } from '../support/slapd.ts'
import type { BenchPostgres } from './bench-database.ts'
import { openHouse } from './bench-house.ts'
import type { BenchRow } from './bench-row.ts'
import { BASE_DN, directoryLdif } from './directory-ldif.ts'
import { median, timed } from './measure.ts'

const SIZES = [6000, 60_000] as const
const ROUNDS = 9
const CHANGES = 10

type Delta = { entries: number; ms: number; statements: number; fullMs: number }

/** Ten titles changed in a directory that is followed: the same at 6,000 and at 60,000 entries, in the same run. */
export async function benchDelta(postgres: BenchPostgres): Promise<BenchRow[]> {
  const [small, large] = [await measure(postgres, SIZES[0]), await measure(postgres, SIZES[1])]
  const ratio = large.ms / small.ms
  return [
    {
      what: `${CHANGES} changes of a directory of ${large.entries.toLocaleString('en')} entries, read and carried out`,
      ours: large.ms,
      other: `the same of ${small.entries.toLocaleString('en')} entries`,
      theirs: small.ms,
      unit: 'ms',
      ratio,
      bar: '≤ 1.5 ×, same number of statements',
      ok: ratio <= 1.5 && large.statements === small.statements,
      note: `${large.statements} and ${small.statements} statements; reading everything: ${Math.round(large.fullMs)} and ${Math.round(small.fullMs)} ms`,
    },
  ]
}

async function measure(postgres: BenchPostgres, entries: number): Promise<Delta> {
  const folder = join(postgres.folder, `delta-${entries}`)
  mkdirSync(folder)
  const ldif = join(folder, 'directory.ldif')
  writeFileSync(ldif, directoryLdif(entries))
  const slapd = await startSlapd({ baseDn: BASE_DN, ldifs: [ldif] })
  const sources = join(folder, 'kilder.yaml')
  writeFileSync(
    sources,
    `sources:\n  - { key: ldap, kind: ldap, flavour: openldap, url: '${slapd.ldapsUrl}', caFile: '${slapd.caFile}', bindDn: '${slapd.bindDn}', password: { env: HJEMMEL_SECRET_BENCH }, base: '${BASE_DN}', people: true }\n`,
  )
  const environment = { HJEMMEL_SECRET_BENCH: slapd.password, HJEMMEL_SOURCES: sources, HJEMMEL_DEMO: '0' }
  const house = await openHouse(await postgres.database(`delta_${entries}`), folder, environment)
  try {
    await loadSources(house)
    const read = async (mode: 'full' | 'changes') => {
      const result = await house.feeds.run('ldap', { trigger: 'manual', mode })
      if (result.state !== 'done' || result.mode !== mode)
        throw new Error(`the run ended ${result.state}, ${result.mode}: ${JSON.stringify(result.error)}`)
      return result
    }
    await read('full')
    await house.db.source.query('vacuum analyze')
    const fullMs = await timed(() => read('full'))
    const times: number[] = []
    const counts: number[] = []
    for (let round = -2; round < ROUNDS; round++) {
      slapd.modify(tenTitles(entries, round + 2))
      let changed = 0
      const { sent, ms } = await counting(async () => {
        changed = (await read('changes')).changed
      })
      // A title belongs to one record; what else OpenLDAP wrote is looked at and found unchanged.
      if (changed !== CHANGES) throw new Error(`${changed} records changed where ${CHANGES} titles were`)
      if (round < 0) continue
      times.push(ms)
      counts.push(sent)
    }
    return { entries, ms: median(times), statements: median(counts), fullMs }
  } finally {
    await house.db.close()
    await slapd.stop()
  }
}

/** Other people each round, far apart in the directory. */
function tenTitles(entries: number, round: number): string {
  const people = entries - Math.round(entries / 10)
  return Array.from({ length: CHANGES }, (_, n) => {
    const person = Math.floor((people / CHANGES) * n) + round
    return `dn: uid=u${person},ou=enhed-${person % 60},ou=people,${BASE_DN}\nchangetype: modify\nreplace: title\ntitle: Vikar ${round}\n`
  }).join('\n')
}

/** How long the work took, and how many statements it sent; the sign of life goes by the clock and does not count. */
async function counting(work: () => Promise<void>): Promise<{ ms: number; sent: number }> {
  const { query } = pg.Client.prototype
  let sent = 0
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [first] = args as [string | { text?: string }]
    const text = typeof first === 'string' ? first : (first?.text ?? '')
    if (!text.includes('heartbeat_at = clock_timestamp(), progress')) sent++
    return (query as (...all: unknown[]) => unknown).apply(this, args)
  } as typeof query
  try {
    const ms = await timed(work)
    return { ms, sent }
  } finally {
    pg.Client.prototype.query = query
  }
}
