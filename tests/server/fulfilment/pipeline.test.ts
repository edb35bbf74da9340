import { readFileSync } from 'node:fs'
import { Client } from 'ldapts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { resuspend } from '../../../server/access/access-store.ts'
import { ldapConnector } from '../../../server/fulfilment/ldap/ldap-connector.ts'
import { rollTheDay } from '../../../server/jobs.ts'
import { sendOrders } from '../../../server/orders/dispatch-service.ts'
import { planOrdersOf } from '../../../server/orders/order-service.ts'
import { civilDate } from '../../../server/platform/clock.ts'
import { createLog } from '../../../server/platform/log.ts'
import { AFTER_DECIDED } from '../../../server/wiring.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, group, job, municipality, person, position, system, unit } from '../../support/municipality.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { cuttingLine, reachOf } from './carry.ts'

/** From a person's facts to a real directory: what is carried out on which day, read back by another client. */
const database = testDatabase()
const BASE = 'dc=kommune,dc=test'
let slapd: Slapd
let line: Awaited<ReturnType<typeof cuttingLine>>
let client: Client
let now: Date
let town: ReturnType<typeof municipality>

beforeAll(async () => {
  slapd = await startSlapd({ baseDn: BASE, extraConfig: ['moduleload ppolicy', 'overlay ppolicy'] })
  slapd.add(
    [
      ...['Ansatte', 'Grupper', 'Nye'].map(ou => `dn: ou=${ou},${BASE}\nobjectClass: organizationalUnit\nou: ${ou}`),
      `dn: cn=Kokke,ou=Grupper,${BASE}\nobjectClass: groupOfNames\ncn: Kokke\nmember: cn=admin,${BASE}`,
    ].join('\n\n'),
  )
  line = await cuttingLine(slapd.url)
  client = new Client({ url: slapd.ldapsUrl, tlsOptions: { ca: [readFileSync(slapd.caFile)] } })
  await client.bind(slapd.adminDn, slapd.adminPassword)
})
afterAll(async () => {
  await client.unbind()
  await line.close()
  await slapd.stop()
})
beforeEach(async () => {
  await database.reset()
  now = new Date('2026-03-02T09:00:00Z')
  town = municipality(database.db, undefined, undefined, { clock })
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    unit('110', { name: 'Skolen', parent: '100' }),
    unit('111', { name: 'Køkkenet', parent: '110' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
    person('anna'),
    job('j-anna', 'anna', { ...JOB, startsOn: '2026-03-20' }),
  ])
  await town.feed('kitos', [
    system('kat', { name: 'Kataloget', reading: 'groups' }),
    entitlement('kat/kok', { system: 'kat', name: 'Kokke', kind: 'role' }),
  ])
  await town.rules(`
rules:
  - { key: cooks, name: Kokke, conditions: { position: kok }, entitlements: [kat/kok], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
mappings:
  - { source: dir, match: { cn: Kokke }, entitlement: kat/kok }
`)
  await town.feed('dir', [group('kokke', { name: 'Kokke', dn: `cn=Kokke,ou=Grupper,${BASE}`, members: [] })])
  const settings = {
    ...{ flavour: 'openldap', urls: [line.url], allowPlain: true, bindDn: slapd.adminDn, base: BASE },
    ...{ password: { env: 'HJEMMEL_SECRET_DIR' }, entryName: 'uid={username}', accountsIn: `ou=Nye,${BASE}` },
    ...{ scope: [`ou=Ansatte,${BASE}`, `ou=Nye,${BASE}`], groupScope: [`ou=Grupper,${BASE}`] },
    // The nearest unit above the job that has a place says where the account stands.
    units: { '100': `ou=Nye,${BASE}`, '110': `ou=Ansatte,${BASE}` },
    attributes: { givenName: '{givenName}', sn: '{familyName}', title: '{title}' },
  }
  const connector = ldapConnector(reachOf())
  await database.db.transaction(async tx => {
    await tx.query(
      `insert into account_type (system_id, key, name, per, lead_days, disable_after, delete_after, rules, user_name)
       select id, 'konto', 'Konto', 'person', 14, 0, 30, $1, $2 from it_system where key = 'kat'`,
      [
        JSON.stringify([{ unitId: null, who: 'everyone', positions: [] }]),
        JSON.stringify({ parts: [{ part: 'name', form: 'short' }], maxLength: 20, reserved: [], restYears: 10 }),
      ],
    )
    await tx.query(
      `insert into system_connector (system_id, kind, settings, actions, enabled) select id, 'ldap', $1, $2, true from it_system where key = 'kat'`,
      [JSON.stringify(connector.settings.parse(settings)), connector.actions],
    )
    await tx.query(`update it_system set rung = 'apply', rung_at = $1 where key = 'kat'`, [now])
    await planOrdersOf(tx, 'all', town.when)
  })
})

const JOB = { unit: '111', title: 'Kok', position: 'kok' }
const clock = { now: () => now, today: () => civilDate(now) }
const send = () =>
  sendOrders({
    ...{ db: database.db, clock, log: createLog('silent'), connectors: [ldapConnector(reachOf())] },
    secretOf: () => slapd.adminPassword,
  })
/** The day turns, and whatever is due is sent. */
async function on(day: string) {
  now = new Date(`${day}T09:00:00Z`)
  await rollTheDay({ db: database.db, clock })
  return send()
}
async function account() {
  const { searchEntries } = await client.search(BASE, { filter: '(uid=anpr)', attributes: ['*', '+'] })
  const [entry] = searchEntries
  return entry
    ? entry.pwdAccountLockedTime === undefined || String(entry.pwdAccountLockedTime) === ''
      ? 'open'
      : 'closed'
    : 'none'
}
async function isCook() {
  const { searchEntries } = await client.search(BASE, {
    filter: '(&(cn=Kokke)(member=uid=anpr,ou=Ansatte,dc=kommune,dc=test))',
  })
  return searchEntries.length === 1
}
const sees = async () => ({ account: await account(), cook: await isCook() })
const open = async () =>
  database.db.snapshot(tx =>
    tx.query<{ said: string }>(
      `select action || ' ' || state as said from provisioning_order where state in ('sending', 'retry', 'parked') order by 1`,
    ),
  )

test('hired ahead: there and closed, open on the first day, locked at once, closed on the last day, gone after', async () => {
  expect(await send()).toEqual({ done: 0, failed: 0 })
  expect(await sees()).toEqual({ account: 'none', cook: false })

  // The account is made, and the answer never comes: looked at before anything is sent again.
  line.cutNext('after')
  expect(await on('2026-03-06')).toMatchObject({ failed: 1 })
  expect(await sees()).toEqual({ account: 'closed', cook: false })
  now = new Date(now.getTime() + 3600_000)
  expect(await send()).toEqual({ done: 1, failed: 0 })
  const [made] = await database.db.snapshot(tx =>
    tx.query(`select a.outcome, o.external_id is not null as known, o.verified_at is not null as seen
      from provisioning_order o join order_attempt a on a.order_id = o.id where o.action = 'create' order by a.n desc limit 1`),
  )
  expect(made).toEqual({ outcome: 'already', known: true, seen: true })

  expect(await on('2026-03-20')).toEqual({ done: 2, failed: 0 })
  expect(await sees()).toEqual({ account: 'open', cook: true })
  expect(await send()).toEqual({ done: 0, failed: 0 })

  const lock = (sql: string) =>
    database.db.transaction(async tx => {
      const [who] = await tx.query<{ id: string }>('select person_id as id from person_current')
      await tx.query(sql, [who!.id])
      await resuspend(tx, [who!.id], { ...town.when, cause: 'lock', after: AFTER_DECIDED })
    })
  await lock(
    `insert into person_lock (id, person_id, reason, locked_at, locked_by) values (gen_random_uuid(), $1, 'x', now(), 'x')`,
  )
  await send()
  expect(await sees()).toEqual({ account: 'closed', cook: false })
  await lock(`update person_lock set released_at = now(), released_by = 'y' where person_id = $1`)
  await send()
  expect(await sees()).toEqual({ account: 'open', cook: true })

  await town.feed('hr', [job('j-anna', 'anna', { ...JOB, startsOn: '2026-03-20', endsOn: '2026-06-01' })])
  expect(await on('2026-05-31')).toEqual({ done: 0, failed: 0 })
  await on('2026-06-01')
  expect(await sees()).toEqual({ account: 'closed', cook: false })
  await on('2026-07-01')
  expect(await sees()).toEqual({ account: 'none', cook: false })
  expect(await open()).toEqual([])
}, 60_000)

test('a name that somebody has got meanwhile parks the order, and nothing else is done for that person', async () => {
  await client.add(`uid=anpr,ou=Ansatte,${BASE}`, { objectClass: 'inetOrgPerson', uid: 'anpr', cn: 'A', sn: 'B' })
  try {
    await on('2026-03-20')
    expect(await open()).toEqual([{ said: 'create parked' }])
    const [parked] = await database.db.snapshot(tx =>
      tx.query(`select said from provisioning_order where state = 'parked'`),
    )
    expect(parked).toEqual({ said: 'account-of-another' })
    expect(await sees()).toEqual({ account: 'open', cook: false })
  } finally {
    await client.del(`uid=anpr,ou=Ansatte,${BASE}`)
  }
})
