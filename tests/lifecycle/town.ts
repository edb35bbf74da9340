import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { hashToken, makeToken } from '../../server/auth/tokens/token.ts'
import { webhookConnector } from '../../server/fulfilment/webhook/webhook-connector.ts'
import { rollTheDay } from '../../server/jobs.ts'
import { type Dispatch, sendOrders } from '../../server/orders/dispatch-service.ts'
import { catchUpOrders, planOrdersOf } from '../../server/orders/order-service.ts'
import { civilDate } from '../../server/platform/clock.ts'
import { newId } from '../../server/platform/ids.ts'
import type { House } from '../../server/wiring.ts'
import { hired } from '../server/lifecycle/events/hr-house.ts'
import { withoutGrace } from '../support/access-policies.ts'
import { testDatabase } from '../support/database.ts'
import { openHouse, serve } from '../support/house.ts'
import { entitlement, municipality, position, system, unit } from '../support/municipality.ts'
import { countingTarget, type Target } from './target.ts'

/** Rights that the target keeps, each carried by a group of its own name. */
export const IN_TARGET = [
  ...['net/basis', 'net/inst', 'net/nord', 'net/syd', 'net/journal', 'net/frivillig', 'net/admin'],
] as const
/** Who gets what by title and unit. The tests' own words for it, so that no code of the program is asked. */
export const RIGHTS_OF: Record<string, readonly string[]> = {
  Pædagog: ['net/basis', 'net/inst'],
  Sygeplejerske: ['net/basis', 'net/journal'],
  Kok: ['net/basis', 'keys/box'],
  Leder: ['net/basis'],
}
export const RIGHT_OF_UNIT: Record<string, string> = { '110': 'net/nord', '120': 'net/syd' }

/** Somebody starts, by an event of payroll; a Pædagog in Nord unless said otherwise. */
export const starts = (key: string, from: string, more: Record<string, unknown> = {}, person = `p-${key}`) =>
  hired(key, person, from, { unit: '110', title: 'Pædagog', employeeNo: key, ...more })
export const PAED = ['net/basis', 'net/inst', 'net/nord']
export const of = (key: string, rights: readonly string[]) => rights.map(right => `${key} ${right}`)

const rule = (key: string, conditions: string, entitlements: readonly string[], order: number) =>
  `  - { key: ${key}, name: ${key}, conditions: ${conditions}, entitlements: [${entitlements.join(', ')}], validFrom: '2020-01-01', state: active, owner: HR, order: ${order} }`
export const RULES = `
rules:
${rule('alle', "{ kind: { $in: ['employment', 'temp', 'external'] } }", ['net/basis'], 10)}
${rule('paed', '{ position: { $in: [paed, afd] } }', ['net/inst'], 20)}
${rule('syge', '{ position: { $in: [syge, afd] } }', ['net/journal'], 30)}
${rule('afd', '{ position: afd }', ['net/admin', 'keys/kort'], 35)}
${rule('kok', '{ position: kok }', ['keys/box'], 40)}
${rule('nord', "{ unitKey: '110' }", ['net/nord'], 50)}
${rule('syd', "{ unitKey: '120' }", ['net/syd'], 60)}
${rule('frivillig', "{ kind: { $in: ['volunteer', 'elected'] } }", ['net/frivillig'], 70)}
mappings:
${IN_TARGET.map(key => `  - { source: ad, match: { cn: g-${key.split('/')[1]} }, entitlement: ${key} }`).join('\n')}
`

export const reachOfTests = {
  ...{ hosts: ['127.0.0.1'], secretsDir: null, exportsDir: tmpdir(), mailer: null, publicUrl: 'http://localhost' },
}

/**
 * A town of a few people on the whole house: events come over HTTP, the organisation and the directory through the feed
 * pipeline, orders go out to a target that counts, and the day is the test's. One database a file.
 */
export function smallTown({ grace = false }: { grace?: boolean } = {}) {
  const database = testDatabase()
  let at = 0
  const clock = { now: () => new Date(++at), today: () => civilDate(new Date(at)) }
  const made = {
    house: undefined as unknown as House,
    target: undefined as unknown as Target,
    log: '',
    clock,
    database,
    url: '',
    token: '',
    town: undefined as unknown as ReturnType<typeof municipality>,
    get when() {
      return { today: clock.today(), now: clock.now() }
    },
    query: <T>(sql: string, params: unknown[] = []) => database.db.snapshot(tx => tx.query<T>(sql, params)),
    /** The clock alone: nobody has noticed yet that a new day has come. */
    set(date: string, hour = 9) {
      at = Date.parse(`${date}T${String(hour).padStart(2, '0')}:00:00Z`)
    },
    at(instant: number) {
      at = instant
    },
    async send(events: unknown): Promise<number> {
      const many = Array.isArray(events)
      const response = await fetch(`${made.url}/api/hr/events`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${made.token}`,
          'content-type': many ? 'application/cloudevents-batch+json' : 'application/cloudevents+json',
        },
        body: JSON.stringify(events),
      })
      const text = await response.text()
      if (response.status !== 202) throw new Error(`${response.status}: ${text}`)
      return response.status
    },
    async tell(...events: unknown[]): Promise<void> {
      for (const event of events) await made.send(event)
      await made.house.events.settled()
    },
    dispatch: (more: Partial<Dispatch> = {}): Dispatch => ({
      ...{
        db: database.db,
        clock,
        log: made.house.log,
        connectors: [connector],
        secretOf: () => 'a secret of the tests',
      },
      ...more,
    }),
    /** What the worker does each minute. */
    async work(more: Partial<Dispatch> = {}) {
      await made.house.events.applyDue()
      await database.db.transaction(tx => catchUpOrders(tx, made.when))
      return sendOrders(made.dispatch(more))
    },
    /** The directory is read, as far as the target tells what it holds. */
    async read(): Promise<void> {
      const records = made.target.records(IN_TARGET)
      const now = new Set(records.map(one => `${one.kind}/${one.key}`))
      await made.town.feed(
        'ad',
        records,
        seen.filter(key => !now.has(key)),
      )
      seen = [...now]
    },
    /** A new day: it is noticed, orders go out, and the directory is read. */
    async day(date: string, { hour = 9 } = {}): Promise<void> {
      made.set(date, hour)
      await rollTheDay({ db: database.db, clock })
      await made.round()
    },
    async round(): Promise<void> {
      // An order may make room for another, as an account does for its rights.
      for (let n = 0; n < 4; n++) if ((await made.work()).done === 0) break
      await made.read()
    },
    /** What people should hold: `<key of the affiliation> <right> [what it rests for]`. */
    rights: async () =>
      (
        await made.query<{ text: string }>(
          `select f.key || ' ' || e.key || coalesce(' ' || a.suspended, '') as text from assignment a
           join affiliation f on f.id = a.affiliation_id join entitlement e on e.id = a.entitlement_id order by 1`,
        )
      ).map(row => row.text),
    orders: async (states = OPEN) =>
      (
        await made.query<{ text: string }>(
          `select o.action || ' ' || coalesce(e.key, t.key) || ' ' || o.due_on || ' ' || o.state as text
           from provisioning_order o left join entitlement e on e.id = o.entitlement_id
           left join account_type t on t.id = o.account_type_id where o.state = any($1) order by 1`,
          [states],
        )
      ).map(row => row.text),
    people: async () =>
      Number((await made.query<{ n: string }>('select count(*) as n from person_current'))[0]?.n ?? -1),
    current: async (key: string) =>
      (
        await made.query<Record<string, unknown>>(
          `select c.* from affiliation_current c join affiliation a on a.id = c.affiliation_id where a.key = $1`,
          [key],
        )
      )[0] ?? null,
    /** Everything from the beginning, on a day. */
    async begin(date = '2026-03-02'): Promise<void> {
      await made.house.events.settled()
      await database.reset()
      made.target.clear()
      seen = []
      made.set(date)
      made.token = await giveToken(made.house)
      made.town = municipality(database.db, '', undefined, { clock, keyring: made.house.keyring })
      if (!grace) await database.db.transaction(withoutGrace)
      await made.town.feed('org', ORGANISATION)
      await made.town.feed('kitos', [
        system('net', { name: 'Netværk', reading: 'groups' }),
        system('keys', { name: 'Nøgler', reading: 'none' }),
        ...IN_TARGET.map(key => entitlement(key, { name: key, entitlementKind: 'role', ...classOf(key) })),
        entitlement('keys/box', { name: 'Nøgleboks' }),
        entitlement('keys/kort', { name: 'Adgangskort', entitlementKind: 'physical' }),
      ])
      await made.town.rules(RULES)
      await made.read()
      await database.db.transaction(async tx => {
        await tx.query(
          `insert into account_type (system_id, key, name, per, source, lead_days, disable_after, delete_after, rules, user_name)
           select id, 'ad', 'AD-konto', 'person', 'ad', 5, 0, 30, $1, $2 from it_system where key = 'net'`,
          [
            JSON.stringify([{ unitId: null, who: 'everyone', positions: [] }]),
            JSON.stringify({ parts: [{ part: 'name', form: 'short' }], maxLength: 20, reserved: [], restYears: 10 }),
          ],
        )
        await tx.query(
          `insert into system_connector (system_id, kind, settings, actions, enabled)
           select id, 'webhook', $1, '{create,enable,disable,delete,grant,revoke}', true from it_system where key = 'net'`,
          [
            JSON.stringify({
              ...{ url: made.target.url, secret: { env: 'HJEMMEL_SECRET_TARGET' } },
              ...{ allowPlain: true, timeoutSeconds: 2 },
            }),
          ],
        )
        await tx.query(`update it_system set rung = 'apply', rung_at = $1`, [clock.now()])
        await planOrdersOf(tx, 'all', made.when)
      })
    },
  }
  const connector = webhookConnector(reachOfTests)
  let seen: string[] = []
  let close = async (): Promise<void> => {}
  const dataDir = mkdtempSync(join(tmpdir(), 'hjemmel-life-'))
  beforeAll(async () => {
    made.set('2026-03-02')
    made.target = await countingTarget()
    const log = {
      write: (line: string) => {
        made.log += line
      },
    }
    made.house = await openHouse(database.url, dataDir, { HJEMMEL_REQUESTS_PER_MINUTE: '1000000' }, { clock, log })
    const served = await serve(made.house)
    made.url = served.url
    close = async () => {
      await made.house.events.settled()
      await served.close()
      await made.house.db.close()
      await made.target.close()
    }
  })
  afterAll(async () => {
    await close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return Object.assign(made, { dataDir })
}
export type SmallTown = ReturnType<typeof smallTown>

export const OPEN = ['planned', 'task', 'sending', 'retry', 'parked']
/** One right of each class: basic, ordinary, sensitive, privileged; the card is kit. */
const classOf = (key: string) => ({
  sensitivity: key === 'net/journal' ? 'special' : key === 'net/inst' ? 'personal' : 'none',
  privileged: key === 'net/admin',
})
const ORGANISATION = [
  unit('100', { name: 'Kommunen', unitKind: 'unit' }),
  unit('110', { name: 'Nord', unitKind: 'institution', parent: '100' }),
  unit('120', { name: 'Syd', unitKind: 'institution', parent: '100' }),
  position('paed', { name: 'Pædagog', category: 'school', titles: 'Pædagog' }),
  position('syge', { name: 'Sygeplejerske', category: 'care', titles: 'Sygeplejerske' }),
  position('kok', { name: 'Kok', category: 'kitchen', titles: 'Kok' }),
  position('afd', { name: 'Afdelingsleder', category: 'management', titles: 'Afdelingsleder' }),
  position('leder', { name: 'Leder', category: 'management', titles: 'Leder' }),
]

async function giveToken(house: House, feed = 'hr-events'): Promise<string> {
  const { token } = makeToken()
  await house.db.transaction(tx =>
    tx.query(
      `insert into api_token (id, name, hash, hint, rights, feed, created_at, created_by, expires_at)
       values ($1, 'Løn', $2, 'abcd', '{hr-event.send}', $3, now(), 'test', '2099-01-01')`,
      [newId(), hashToken(token), feed],
    ),
  )
  return token
}
