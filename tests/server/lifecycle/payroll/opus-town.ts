import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFeeds } from '../../../../server/feeds/feeds-service.ts'
import { parseSources } from '../../../../server/feeds/sources/read-sources.ts'
import { type Clock, systemClock } from '../../../../server/platform/clock.ts'
import { silentLog } from '../../../../server/platform/log.ts'
import type { Db } from '../../../../server/platform/unit-of-work.ts'
import { READERS, sinks } from '../../../../server/wiring.ts'
import { testKeyring } from '../../feeds/scratch.ts'

/** A row of an invented payroll, in the shape of a KMD OPUS file. `null` leaves an element empty. */
export type OpusRow = {
  id: string
  action?: 'leave'
  entry?: string | null
  leave?: string | null
  cpr?: string
  given?: string
  family?: string
  address?: string
  protected?: boolean
  unit?: string
  position?: string
  contract?: string
  contractText?: string
  manager?: boolean
  numerator?: string
  denominator?: string
  lastChanged?: string
  email?: string
  more?: string
}
export type OpusUnitRow = { id: string; parent?: string; name: string; from?: string; to?: string }

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const tag = (name: string, value: string | null | undefined) =>
  value ? `<${name}>${escaped(value)}</${name}>` : `<${name}/>`

export const unitXml = (one: OpusUnitRow) =>
  ` <orgUnit id="${one.id}" client="813" lastChanged="2020-01-01">
  ${tag('startDate', one.from ?? '1900-01-01')}${tag('endDate', one.to ?? '9999-12-31')}${tag('parentOrgUnit', one.parent)}
  ${tag('shortName', one.name.slice(0, 8))}${tag('longName', one.name)}<street>Rådhusvej 1</street><city>Andeby</city>
 </orgUnit>`

export const employeeXml = (one: OpusRow) =>
  one.action
    ? ` <employee id="${one.id}" client="813" action="${one.action}"/>`
    : ` <employee id="${one.id}" client="813" lastChanged="${one.lastChanged ?? '2020-01-01'}">
  ${tag('entryDate', one.entry === undefined ? '2020-02-01' : one.entry)}${tag('leaveDate', one.leave ?? '9999-12-31')}
  <cpr suppId="0">${one.cpr ?? ''}</cpr>${tag('firstName', one.given ?? 'Bo')}${tag('lastName', one.family ?? `Holm ${one.id}`)}
  <address${one.protected ? ' protected="true"' : ''}>${escaped(one.address ?? 'Hemmeligstræde 7')}</address>
  <postalCode>9900</postalCode><city>Skjultby</city><country>DK</country><workPhone/>
  ${tag('workContract', one.contract ?? '01')}${tag('workContractText', one.contractText ?? 'Månedsløn')}
  <positionId>500</positionId>${tag('position', one.position ?? 'Lærer')}
  <isManager>${one.manager ?? false}</isManager><superiorLevel>0</superiorLevel><orgUnit>${one.unit ?? '10'}</orgUnit>
  ${tag('email', one.email)}<userId/>${tag('numerator', one.numerator ?? '37')}${tag('denominator', one.denominator ?? '37')}${one.more ?? ''}
 </employee>`

export const UNITS: OpusUnitRow[] = [
  { id: '1', name: 'Andeby Kommune' },
  { id: '10', parent: '1', name: 'Søndre Skole' },
  { id: '20', parent: '1', name: 'Plejecenter Ærø' },
]

export const opusXml = (rows: readonly OpusRow[], units: readonly OpusUnitRow[] = UNITS): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<kmd>\n${[...units.map(unitXml), ...rows.map(employeeXml)].join('\n')}\n</kmd>\n`

/** `ZLPE20260302224000_delta.xml`: the evening of a day. */
export const fileOf = (day: string, time = '224000') => `ZLPE${day.replaceAll('-', '')}${time}_delta.xml`

/** A CPR number of nobody: born on a day, ending in what is given. */
export const numberOf = (n: number): string =>
  `${String(1 + (n % 28)).padStart(2, '0')}0${1 + (n % 9)}${String(60 + (n % 39)).padStart(2, '0')}${String(1000 + n).slice(-4)}`

export const opusYaml = (more = '', guards = '') => `sources:
  - key: opus
    name: KMD OPUS
    kind: opus
    authority: 30
    ${guards}
    drops: { folder: opus }
    ${more}
`
export const SETTLE_MS = 30

/** A watched folder of a payroll, a real file in it, the real pipeline and the real rooms. */
export function opusTown(yaml = opusYaml(), clock: Clock = systemClock) {
  const root = mkdtempSync(join(tmpdir(), 'hjemmel-opus-'))
  const folder = join(root, yaml.includes('folder: sd') ? 'sd' : 'opus')
  mkdirSync(folder)
  let tick = Date.now() - 3_600_000
  return {
    root,
    folder,
    drop(name: string, content: string | Buffer) {
      writeFileSync(join(folder, name), content)
      tick += 1000
      utimesSync(join(folder, name), new Date(tick), new Date(tick))
    },
    /** Of an earlier time than all before: a copy from somewhere. */
    dropOld(name: string, content: string | Buffer) {
      writeFileSync(join(folder, name), content)
      utimesSync(join(folder, name), new Date(1_500_000_000_000), new Date(1_500_000_000_000))
    },
    list: () =>
      existsSync(folder)
        ? readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter(entry => entry.isFile())
            .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
            .sort()
        : [],
    text: (path: string) => readFileSync(join(folder, path), 'utf8'),
    remove: () => rmSync(root, { recursive: true, force: true }),
    declare: (readers = READERS) => parseSources(yaml, { file: join(root, 'kilder.yaml'), folder: root, readers }),
    async feeds(db: Db) {
      const feeds = createFeeds({
        ...{ db, readers: READERS, keyring: testKeyring, clock, log: silentLog, secretOf: () => '' },
        sinks: sinks(),
        settleMs: SETTLE_MS,
      })
      await feeds.syncSources(parseSources(yaml, { file: join(root, 'kilder.yaml'), folder: root, readers: READERS }))
      return feeds
    },
  }
}
export type OpusTown = ReturnType<typeof opusTown>

/** Two looks, as the job takes them a minute apart. */
export async function twoLooks(feeds: Awaited<ReturnType<OpusTown['feeds']>>) {
  const first = await feeds.takeDrops()
  await new Promise(go => setTimeout(go, SETTLE_MS + 20))
  return [...first, ...(await feeds.takeDrops())]
}
