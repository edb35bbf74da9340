import { createReadStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { systemClock } from '../../server/platform/clock.ts'
import { loadSources } from '../../server/wiring.ts'
import { fileOf, numberOf, type OpusRow, opusXml } from '../server/lifecycle/payroll/opus-town.ts'
import type { BenchPostgres } from './bench-database.ts'
import { openHouse } from './bench-house.ts'
import { atMost, type BenchRow } from './bench-row.ts'
import { inTurn, median } from './measure.ts'

const EMPLOYEES = 3000
const CHANGES = 50
const ROUNDS = 7
const UNITS = Array.from({ length: 60 }, (_, n) => ({
  ...{ id: String(n + 1), name: `Enhed ${n + 1}` },
  ...(n > 0 ? { parent: '1' } : {}),
}))

/** A whole file of KMD OPUS, read and carried out; beside it the same file through the bare parser, and its rows by COPY. */
export async function benchPayroll(postgres: BenchPostgres): Promise<BenchRow[]> {
  const folder = join(postgres.folder, 'payroll')
  mkdirSync(folder)
  const file = join(folder, fileOf(systemClock.today(), '010000'))
  const sources = join(folder, 'kilder.yaml')
  writeFileSync(
    sources,
    `sources:\n  - { key: opus, name: KMD OPUS, kind: opus, authority: 30, file: '${file}', tree: admin }\n`,
  )
  const write = (round: number) => writeFileSync(file, opusXml(employees(round), UNITS))
  write(0)
  const environment = { HJEMMEL_SOURCES: sources, HJEMMEL_DEMO: '0' }
  const house = await openHouse(await postgres.database('payroll'), folder, environment)
  try {
    await loadSources(house)
    const read = async (changed: number) => {
      const result = await house.feeds.run('opus', { trigger: 'manual', mode: 'full' })
      if (result.state !== 'done' || result.changed !== changed)
        throw new Error(`the run ended ${result.state} with ${result.changed} changed: ${JSON.stringify(result.error)}`)
    }
    await house.feeds.run('opus', { trigger: 'manual', mode: 'full' })
    await house.db.source.query('vacuum analyze')
    await house.db.source.query('create table bare_employee (place int, name text, value text)')
    const bare = () =>
      house.db.transaction(async tx => {
        await tx.query('truncate bare_employee')
        await tx.copyIn('copy bare_employee from stdin', fieldsOf(file))
      })
    const [same, beside] = await inTurn([() => read(0), bare], ROUNDS, { warmUp: 2 })
    let round = 0
    const [some, besideSome] = await inTurn([() => read(CHANGES), bare], ROUNDS, {
      warmUp: 2,
      before: [() => write(++round), () => {}],
    })
    const what = `A file of KMD OPUS with ${EMPLOYEES.toLocaleString('en')} employees`
    const other = 'bare saxes over the same file, its fields by COPY'
    const unit = 'ms'
    return [
      atMost(5, { what: `${what}, unchanged`, ours: median(same!), other, theirs: median(beside!), unit }),
      atMost(8, {
        what: `${what}, ${CHANGES} of them with another position: read, carried out, rights decided`,
        ...{ ours: median(some!), other, theirs: median(besideSome!), unit },
      }),
    ]
  } finally {
    await house.db.close()
  }
}

/** Each round fifty employees have another position than in the round before. */
const employees = (round: number): OpusRow[] =>
  Array.from({ length: EMPLOYEES }, (_, n) => ({
    ...{ id: String(10_000 + n), cpr: numberOf(n), unit: String(1 + (n % UNITS.length)) },
    position: n < CHANGES ? `Konsulent ${round}` : n % 3 ? 'Lærer' : 'Pædagog',
  }))

/** Every field of every employee as a line of COPY: what any reader of such a file has to do. */
async function* fieldsOf(file: string): AsyncGenerator<string> {
  const parser = new SaxesParser()
  let lines: string[] = []
  let text = ''
  let place = 0
  parser.on('opentag', tag => {
    text = ''
    if (tag.name === 'employee') place++
  })
  parser.on('text', given => {
    text += given
  })
  parser.on('closetag', tag => {
    if (tag.name !== 'employee' && text.trim() !== '') lines.push(`${place}\t${tag.name}\t${text}\n`)
    text = ''
  })
  for await (const chunk of createReadStream(file, 'utf8')) {
    parser.write(chunk as string)
    yield lines.join('')
    lines = []
  }
  parser.close()
  if (lines.length > 0) yield lines.join('')
}
