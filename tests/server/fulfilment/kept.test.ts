import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { Client } from 'ldapts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { resuspend } from '../../../server/access/access-store.ts'
import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import { guardSettings } from '../../../server/feeds/sources/source.ts'
import { ldapConnector } from '../../../server/fulfilment/ldap/ldap-connector.ts'
import { rollTheDay } from '../../../server/jobs.ts'
import { keepAccountType, keepConnector } from '../../../server/orders/delivery-service.ts'
import { sendOrders } from '../../../server/orders/dispatch-service.ts'
import { catchUpOrders } from '../../../server/orders/order-service.ts'
import { civilDate } from '../../../server/platform/clock.ts'
import type { FeedRecord } from '../../../server/platform/feed-record.ts'
import { createLog } from '../../../server/platform/log.ts'
import { AFTER_DECIDED } from '../../../server/wiring.ts'
import { testDatabase } from '../../support/database.ts'
import { job, municipality, person, position, system, unit } from '../../support/municipality.ts'
import { startSamba } from '../../support/samba.ts'
import { startSlapd } from '../../support/slapd.ts'
import { reachOf } from './carry.ts'

/**
 * Somebody's whole time in a real directory, from facts of payroll: hired, there and closed, open on the day, moved,
 * renamed, locked, closed, gone. What is carried out is read back by the reader of directories, and looked at by a
 * client that is none of ours.
 */
const database = testDatabase()
type World = {
  client: Client
  base: string
  name: string
  password: string
  reach: ReturnType<typeof reachOf>
  write: Record<string, unknown>
  read: Record<string, unknown>
  folder: string
  stop(): Promise<void>
}
const worlds: Partial<Record<'openldap' | 'ad', World>> = {}
const common = (base: string) => ({
  ...{ password: { env: 'HJEMMEL_SECRET_DIR' }, base, scope: [`OU=Ansatte,${base}`, `OU=Skole,${base}`] },
  ...{ accountsIn: `OU=Ansatte,${base}`, units: { '200': `OU=Skole,${base}` } },
  attributes: {
    ...{ givenName: '{givenName}', sn: '{familyName}', displayName: '{displayName}', title: '{title}' },
    manager: '{managerDn}',
  },
})

beforeAll(async () => {
  const base = 'dc=kommune,dc=test'
  const slapd = await startSlapd({ baseDn: base, extraConfig: ['moduleload ppolicy', 'overlay ppolicy'] })
  slapd.add(
    ['Ansatte', 'Skole'].map(ou => `dn: ou=${ou},${base}\nobjectClass: organizationalUnit\nou: ${ou}`).join('\n\n'),
  )
  const client = new Client({ url: slapd.ldapsUrl, tlsOptions: { ca: [readFileSync(slapd.caFile)] } })
  await client.bind(slapd.adminDn, slapd.adminPassword)
  const server = { flavour: 'openldap', urls: [slapd.ldapsUrl], bindDn: slapd.adminDn, caFile: basename(slapd.caFile) }
  worlds.openldap = {
    ...{ client, base, name: 'uid', password: slapd.adminPassword, folder: dirname(slapd.caFile) },
    reach: reachOf({ secretsDir: dirname(slapd.caFile) }),
    write: { ...common(base), ...server, entryName: 'uid={username}' },
    read: { ...server, base, password: { env: 'X' }, details: true },
    stop: async () => {
      await client.unbind()
      await slapd.stop()
    },
  }
  const samba = await startSamba()
  for (const ou of ['Ansatte', 'Skole']) await samba.addUnit(ou)
  const admin = await samba.connect()
  const ad = { flavour: 'ad', urls: [samba.url], bindDn: samba.adminUpn, caFile: basename(samba.caFile) }
  worlds.ad = {
    ...{ client: admin, base: samba.domainDn, name: 'sAMAccountName', password: samba.password },
    ...{ folder: dirname(samba.caFile), reach: reachOf({ hosts: [samba.host], secretsDir: dirname(samba.caFile) }) },
    write: {
      ...{ ...common(samba.domainDn), ...ad, entryName: 'CN={displayName} ({username})' },
      userPrincipalName: '{username}@kommune.test',
    },
    read: {
      ...{ ...ad, password: { env: 'X' }, details: true },
      searches: ['Ansatte', 'Skole'].map(ou => ({ base: `OU=${ou},${samba.domainDn}` })),
    },
    stop: async () => {
      await admin.unbind()
      await samba.stop()
    },
  }
}, 120_000)
afterAll(async () => {
  for (const world of Object.values(worlds)) await world.stop()
})

let now: Date
let town: ReturnType<typeof municipality>
const clock = { now: () => now, today: () => civilDate(now) }
const ANNA = { unit: '210', title: 'Lærer', position: 'laerer', startsOn: '2026-03-20' }
beforeEach(async () => {
  await database.reset()
  now = new Date('2026-03-02T09:00:00Z')
  town = municipality(database.db, undefined, undefined, { clock })
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    unit('110', { name: 'Rådhuset', parent: '100' }),
    unit('200', { name: 'Skoleområdet', parent: '100' }),
    unit('210', { name: 'Skolen', parent: '200', manager: 'j-bo' }),
    position('laerer', { name: 'Lærer', category: 'school', titles: ['Lærer', 'Konsulent', 'Leder'] }),
    person('bo', { givenName: 'Bo', familyName: 'Hansen' }),
    job('j-bo', 'bo', { unit: '210', title: 'Leder', position: 'laerer' }),
    person('anna', { givenName: 'Anna', familyName: 'Åse' }),
    job('j-anna', 'anna', ANNA),
  ])
  await town.feed('kitos', [system('kat', { name: 'Kataloget', reading: 'groups' })])
})

describe.each(['openldap', 'ad'] as const)('%s', flavour => {
  const world = () => worlds[flavour]!
  const connectors = () => [ldapConnector(world().reach)]
  /** The day turns, what was learned is planned from, and whatever is due is sent. */
  async function on(day: string) {
    now = new Date(`${day}T09:00:00Z`)
    await rollTheDay({ db: database.db, clock })
    return send()
  }
  async function send() {
    now = new Date(now.getTime() + 60_000)
    await database.db.transaction(tx => catchUpOrders(tx, town.when))
    return sendOrders({
      ...{ db: database.db, clock, log: createLog('silent'), connectors: connectors() },
      secretOf: () => world().password,
    })
  }
  const known = new Set<string>()
  /** The reader of directories reads it whole, and what it gives goes through the pipeline. */
  async function read() {
    // Only a reading that began after it was done says anything of it.
    now = new Date(now.getTime() + 60_000)
    const source = {
      ...{ key: 'dir', name: { da: 'dir', en: 'dir' }, kind: 'ldap', authority: 10, guards: guardSettings.parse({}) },
      ...{ scheduleSeconds: null, fullEverySeconds: 86_400, folder: world().folder },
      settings: ldapReader.settings.parse(world().read),
    }
    const records: FeedRecord[] = []
    const context = { secretOf: () => world().password, signal: new AbortController().signal }
    for await (const items of ldapReader.read(source as never, context))
      for (const item of items) if (!('reject' in item)) records.push(item as FeedRecord)
    const now_ = new Set(records.map(one => `${one.kind}/${one.key}`))
    const gone = [...known].filter(key => !now_.has(key))
    known.clear()
    for (const key of now_) known.add(key)
    await town.feed('dir', records, gone)
  }
  const orders = async (state = `state in ('planned', 'task', 'sending', 'retry', 'parked') and due_on <= $1`) =>
    (
      await database.db.snapshot(tx =>
        tx.query<{ said: string }>(
          `select o.action || ' ' || o.state || coalesce(' ' || (o.content -> 'kept')::text, '') as said
           from provisioning_order o join person_current p on p.person_id = o.person_id and p.given_name <> 'Bo'
           where ${state} and $1::date is not null order by 1`,
          [clock.today()],
        ),
      )
    ).map(one => one.said)
  async function look() {
    const { searchEntries } = await world().client.search(world().base, {
      filter: `(&(objectClass=person)(givenName=Anna))`,
      scope: 'sub',
      attributes: ['*', '+'],
    })
    const [entry] = searchEntries
    if (!entry) return null
    const closed =
      flavour === 'ad'
        ? (Number(entry.userAccountControl) & 2) === 2
        : entry.pwdAccountLockedTime !== undefined && String(entry.pwdAccountLockedTime) !== ''
    return {
      name: String(entry[world().name]),
      in: /ou=([^,]*),(?=dc)/i.exec(entry.dn)?.[1]?.toLowerCase(),
      ...{ family: String(entry.sn), title: String(entry.title), closed },
      manager: [entry.manager ?? []].flat().length > 0,
    }
  }

  test('hired, open on the day, moved, renamed, locked, closed and gone, each read back', async () => {
    await database.db.transaction(async tx => {
      const [{ id } = { id: '' }] = await tx.query<{ id: string }>(`select id from it_system where key = 'kat'`)
      await tx.query(`update it_system set rung = 'apply', rung_at = $1 where id = $2`, [now, id])
      await keepConnector(
        tx,
        id,
        { kind: 'ldap', settings: world().write, enabled: true, version: null },
        connectors(),
        town.when,
      )
      const values = {
        ...{ key: 'konto', name: 'Konto', per: 'person' as const, source: 'dir', leadDays: 14, dependsOn: null },
        ...{ disableAfter: 0, deleteAfter: 30, rules: [{ unitId: null, who: 'everyone' as const, positions: [] }] },
        userName: {
          parts: [{ part: 'name' as const, form: 'short' as const }],
          maxLength: 20,
          reserved: [],
          restYears: 9,
        },
        keeps: ['username', 'givenName', 'familyName', 'displayName', 'title', 'manager', 'place'] as const,
      }
      await keepAccountType(
        tx,
        id,
        { id: null, version: null, values: { ...values, keeps: [...values.keeps] } },
        town.when,
      )
    })
    await send()
    await read()

    await on('2026-03-06')
    const prepared = { name: 'anaa', in: 'skole', family: 'Åse', title: 'Lærer', closed: true }
    expect(await look()).toMatchObject(prepared)
    await read()
    // Bo's account is read by now: who manages her is a new thing to say, on an account that is still closed.
    await send()
    expect(await look()).toMatchObject({ ...prepared, manager: true })
    await read()
    expect(await orders()).toEqual([])

    await on('2026-03-20')
    expect(await look()).toMatchObject({ closed: false })
    await read()
    expect(await orders()).toEqual([])

    // Another unit, another title, another name: three orders, each once.
    await town.feed('hr', [
      person('anna', { givenName: 'Anna', familyName: 'Bæk' }),
      job('j-anna', 'anna', { ...ANNA, unit: '110', title: 'Konsulent' }),
    ])
    await database.db.transaction(tx => catchUpOrders(tx, town.when))
    expect((await orders()).map(one => one.split(' ')[0])).toEqual(['move', 'rename', 'set'])
    expect(await send()).toEqual({ done: 3, failed: 0 })
    expect(await look()).toMatchObject({
      name: 'anba',
      in: 'ansatte',
      family: 'Bæk',
      title: 'Konsulent',
      closed: false,
    })
    // Sent and not read: nothing is sent again, whoever plans.
    expect(await send()).toEqual({ done: 0, failed: 0 })
    await read()
    expect(await orders(`o.action in ('move', 'rename', 'set') and o.state = 'done'`)).toEqual([])
    expect(await orders()).toEqual([])

    // Somebody changes it in the directory: seen, and put right once.
    const { searchEntries } = await world().client.search(world().base, { filter: `(${world().name}=anba)` })
    const { Attribute, Change } = await import('ldapts')
    await world().client.modify(
      searchEntries[0]!.dn,
      new Change({ operation: 'replace', modification: new Attribute({ type: 'title', values: ['Konge'] }) }),
    )
    await read()
    expect(await orders()).toEqual(['set planned {"title": "Konsulent"}'])
    await send()
    expect(await look()).toMatchObject({ title: 'Konsulent' })
    await read()
    expect(await orders()).toEqual([])

    const lock = (sql: string) =>
      database.db.transaction(async tx => {
        const [who] = await tx.query<{ id: string }>(
          `select person_id as id from person_current where given_name = 'Anna'`,
        )
        await tx.query(sql, [who!.id])
        await resuspend(tx, [who!.id], { ...town.when, cause: 'lock', after: AFTER_DECIDED })
      })
    await lock(
      `insert into person_lock (id, person_id, reason, locked_at, locked_by) values (gen_random_uuid(), $1, 'x', now(), 'x')`,
    )
    await send()
    expect(await look()).toMatchObject({ closed: true })
    await read()
    await lock(`update person_lock set released_at = now(), released_by = 'y' where person_id = $1`)
    await send()
    expect(await look()).toMatchObject({ closed: false })
    await read()

    await town.feed('hr', [job('j-anna', 'anna', { ...ANNA, unit: '110', title: 'Konsulent', endsOn: '2026-06-01' })])
    await on('2026-06-01')
    expect(await look()).toMatchObject({ closed: true })
    await read()
    await on('2026-07-01')
    expect(await look()).toBeNull()
    // Absence alone ends nothing: a second reading says that it is gone.
    await read()
    await read()
    expect(await orders()).toEqual([])
  }, 60_000)
})
