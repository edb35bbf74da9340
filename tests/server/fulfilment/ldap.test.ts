import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import fc from 'fast-check'
import { Client } from 'ldapts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ldapConnector } from '../../../server/fulfilment/ldap/ldap-connector.ts'
import type { OrderToCarryOut } from '../../../server/orders/connector.ts'
import { newId } from '../../../server/platform/ids.ts'
import { type Samba, startSamba } from '../../support/samba.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { carry, contextWith, cuttingLine, failureOf, order, reachOf, right } from './carry.ts'

/** What the directory itself says, asked by a client that is none of ours. */
type Look = (filter: string) => Promise<{ dn: string; [name: string]: unknown }[]>
type World = {
  connector: ReturnType<typeof ldapConnector>
  settings: Record<string, unknown>
  password: string
  look: Look
  client: Client
  /** Name of the attribute with the user name. */
  name: string
  base: string
  stop(): Promise<void>
}

const ATTRIBUTES = {
  givenName: '{givenName}',
  sn: '{familyName}',
  displayName: '{displayName}',
  title: '{title}',
  mail: '{username}@kommune.test',
  telephoneNumber: '{phone}',
}

async function adWorld(): Promise<World> {
  const samba: Samba = await startSamba()
  const base = samba.domainDn
  for (const name of ['Ansatte', 'Skole', 'Fremmed', 'Grupper']) await samba.addUnit(name)
  await samba.addGroup('Medlemmer', [], `OU=Grupper,${base}`)
  await samba.addGroup('Andre', [], `OU=Grupper,${base}`)
  await samba.addGroup('Udenfor', [], `OU=Fremmed,${base}`)
  const client = await samba.connect()
  return {
    connector: ldapConnector(reachOf({ hosts: [samba.host], secretsDir: dirname(samba.caFile) })),
    settings: {
      ...common(base),
      flavour: 'ad',
      urls: [samba.url],
      caFile: basename(samba.caFile),
      bindDn: samba.adminUpn,
      entryName: 'CN={displayName} ({username})',
      userPrincipalName: '{username}@kommune.test',
    },
    password: samba.password,
    client,
    name: 'sAMAccountName',
    base,
    look: lookWith(client, base),
    stop: async () => {
      await client.unbind()
      await samba.stop()
    },
  }
}

async function slapdWorld(): Promise<World & { slapd: Slapd }> {
  const base = 'dc=kommune,dc=test'
  const slapd = await startSlapd({ baseDn: base, extraConfig: ['moduleload ppolicy', 'overlay ppolicy'] })
  slapd.add(
    [
      ...['Ansatte', 'Skole', 'Fremmed', 'Grupper'].map(
        ou => `dn: ou=${ou},${base}\nobjectClass: organizationalUnit\nou: ${ou}`,
      ),
      ...[
        ['Medlemmer', 'Grupper'],
        ['Andre', 'Grupper'],
        ['Udenfor', 'Fremmed'],
      ].map(
        ([cn, ou]) => `dn: cn=${cn},ou=${ou},${base}\nobjectClass: groupOfNames\ncn: ${cn}\nmember: cn=admin,${base}`,
      ),
    ].join('\n\n'),
  )
  const client = new Client({ url: slapd.ldapsUrl, tlsOptions: { ca: [readFileSync(slapd.caFile)] } })
  await client.bind(slapd.adminDn, slapd.adminPassword)
  return {
    connector: ldapConnector(reachOf({ secretsDir: dirname(slapd.caFile) })),
    settings: {
      ...common(base),
      flavour: 'openldap',
      urls: [slapd.ldapsUrl],
      caFile: basename(slapd.caFile),
      bindDn: slapd.adminDn,
      entryName: 'uid={username}',
    },
    password: slapd.adminPassword,
    client,
    name: 'uid',
    base,
    look: lookWith(client, base),
    slapd,
    stop: async () => {
      await client.unbind()
      await slapd.stop()
    },
  }
}

const common = (base: string) => ({
  password: { env: 'HJEMMEL_SECRET_AD' },
  base,
  scope: [`OU=Ansatte,${base}`, `OU=Skole,${base}`],
  groupScope: [`OU=Grupper,${base}`],
  accountsIn: `OU=Ansatte,${base}`,
  units: { '200': `OU=Skole,${base}` },
  attributes: ATTRIBUTES,
})
const lookWith =
  (client: Client, base: string): Look =>
  async filter => {
    const { searchEntries } = await client.search(base, { filter, scope: 'sub', attributes: ['*', '+'] })
    return searchEntries as { dn: string }[]
  }
const anna = (username: string, more: Record<string, string | string[] | null> = {}) => ({
  username,
  attributes: {
    givenName: 'Anna',
    familyName: 'Åse',
    displayName: 'Anna Åse',
    title: 'Lærer',
    phone: '33 66 33 66',
    unitPath: ['210', '100'],
    ...more,
  },
})
const off = (entry: Record<string, unknown>, { settings }: World) =>
  settings.flavour === 'ad'
    ? (Number(entry.userAccountControl) & 2) === 2
    : entry.pwdAccountLockedTime === '000001010000Z'
const place = (dn: string) => dn.slice(dn.indexOf(',') + 1).toLowerCase()

const worlds: Partial<Record<'ad' | 'openldap', World>> = {}
let openldap: Awaited<ReturnType<typeof slapdWorld>>
beforeAll(async () => {
  openldap = await slapdWorld()
  worlds.openldap = openldap
  worlds.ad = await adWorld()
}, 120_000)
afterAll(async () => {
  for (const world of Object.values(worlds)) await world.stop()
})

describe.each(['openldap', 'ad'] as const)('%s', flavour => {
  const world = () => worlds[flavour]!
  const doIt = (one: OrderToCarryOut, more: object = {}) =>
    carry(world().connector, { ...world().settings, ...more }, one, contextWith(world().password))
  const one = async (username: string) => (await world().look(`(${world().name}=${username})`))[0]
  const members = async (cn: string) => {
    const [group] = await world().look(`(cn=${cn})`)
    return [group!.member ?? []].flat().map(dn => String(dn).toLowerCase())
  }

  test('a person appears closed, is opened, moved, renamed, closed and removed', async () => {
    const person = { id: newId(), name: 'Anna Åse' }
    const made = await doIt(order('create', { person, account: anna('anna1') }))
    expect(made).toMatchObject({ steps: ['Create the account, closed'], verified: 'as-wanted' })
    const { externalId } = made
    expect(externalId).toMatch(/^[0-9a-f]{8}-/)
    const first = (await one('anna1'))!
    expect(off(first, world())).toBe(true)
    expect(first).toMatchObject({ displayName: 'Anna Åse', title: 'Lærer', mail: 'anna1@kommune.test' })
    expect(place(first.dn)).toBe(`ou=ansatte,${world().base}`.toLowerCase())

    const at = (username: string, more = {}) => ({ person, account: { ...anna(username, more), externalId } })
    expect(await doIt(order('enable', at('anna1')))).toMatchObject({ verified: 'as-wanted' })
    expect(off((await one('anna1'))!, world())).toBe(false)

    await doIt(order('move', at('anna1', { unitPath: ['220', '200', '100'], title: null })))
    const moved = (await one('anna1'))!
    expect(place(moved.dn)).toBe(`ou=skole,${world().base}`.toLowerCase())
    expect([moved.title ?? []].flat()).toEqual([])

    const renamed = await doIt(
      order('rename', at('anna.b', { familyName: 'Bæk', displayName: 'Anna Bæk', unitPath: ['200'] })),
    )
    expect(renamed.verified).toBe('as-wanted')
    expect(await one('anna1')).toBeUndefined()
    const anew = (await one('anna.b'))!
    expect(anew).toMatchObject({ sn: 'Bæk', mail: 'anna.b@kommune.test' })
    expect(anew.dn.toLowerCase()).toContain('anna.b')
    if (flavour === 'ad') expect(anew.userPrincipalName).toBe('anna.b@kommune.test')

    expect(await failureOf(doIt(order('delete', at('anna.b'))))).toMatchObject({ why: 'refused' })
    await doIt(order('disable', at('anna.b')))
    expect(off((await one('anna.b'))!, world())).toBe(true)
    expect(await doIt(order('delete', at('anna.b')))).toMatchObject({ verified: 'as-wanted' })
    expect(await one('anna.b')).toBeUndefined()
    // Nothing left to close, and nobody else is taken for it.
    expect(await doIt(order('disable', at('anna.b')))).toMatchObject({ verified: 'already' })
  })

  test('groups change by one member, and what is so already is done', async () => {
    const person = { id: newId(), name: 'Bo' }
    const { externalId } = await doIt(order('create', { person, account: anna('bo1') }))
    const group = `CN=Medlemmer,OU=Grupper,${world().base}`
    const dn = (await one('bo1'))!.dn.toLowerCase()
    const others = (await members('Medlemmer')).length
    const give = order('grant', { person, account: { username: 'bo1', externalId }, right: right(group) })
    expect(await doIt(give)).toMatchObject({ steps: [`Add to ${group}`], verified: 'as-wanted' })
    expect(await members('Medlemmer')).toContain(dn)
    expect(await doIt(give)).toMatchObject({ verified: 'already' })
    expect(await members('Medlemmer')).toHaveLength(others + 1)
    expect(await doIt({ ...give, action: 'revoke' })).toMatchObject({ verified: 'as-wanted' })
    expect(await members('Medlemmer')).not.toContain(dn)
    expect(await doIt({ ...give, action: 'revoke' })).toMatchObject({ verified: 'already' })
    // By name, where that is all that is known.
    expect(await doIt({ ...give, right: right('Andre') })).toMatchObject({ verified: 'as-wanted' })
    expect(await members('Andre')).toContain(dn)
    // Read as not there, and added by somebody else before we write.
    const { connector, settings, password } = world()
    if (connector.mode !== 'each') throw new Error('each')
    const session = await connector.open(connector.settings.parse(settings), contextWith(password))
    const late = { ...give, right: right(group) }
    const steps = session.plan(late, await session.read(late))
    expect(steps).toHaveLength(1)
    await doIt(late)
    await session.apply(late, steps)
    const back = { ...late, action: 'revoke' as const }
    const taking = session.plan(back, await session.read(back))
    await doIt(back)
    await session.apply(back, taking)
    expect(await session.verify(back)).toBe('as-wanted')
    await session.close()
  })

  test('what is protected, somebody else’s or out of scope is not touched', async () => {
    const { settings, client, base, name } = world()
    const plant = async (username: string, ou: string, extra: Record<string, string> = {}) => {
      const ad = settings.flavour === 'ad'
      await client.add(`${ad ? 'CN' : 'uid'}=${username},OU=${ou},${base}`, {
        objectClass: ad ? ['user'] : ['inetOrgPerson'],
        ...(ad ? { userAccountControl: '544' } : { cn: username, sn: username }),
        [name]: username,
        ...extra,
      })
      const entry = (await one(username))!
      const id = ad ? guid(entry.objectGUID as Buffer) : String(entry.entryUUID)
      return { username, externalId: id }
    }
    const closing = async (account: { username: string; externalId: string }) => {
      const said = (await doIt(order('disable', { account }))).untouchable
      expect(off((await one(account.username))!, world())).toBe(false)
      return said
    }
    expect(await closing(await plant('svc-backup', 'Ansatte'))).toBe('account-protected')
    expect(await closing(await plant('fremmed1', 'Fremmed'))).toBe('account-out-of-scope')
    if (flavour === 'ad')
      expect(await closing(await plant('chef1', 'Ansatte', { adminCount: '1' }))).toBe('account-protected')
    // Only the name is the same: another person, whose account was made by hand.
    await plant('carl1', 'Ansatte')
    expect((await doIt(order('disable', { account: { username: 'carl1' } }))).untouchable).toBe('account-of-another')
    expect((await doIt(order('create', { account: anna('carl1') }))).untouchable).toBe('account-of-another')
    expect(await world().look(`(${name}=carl1)`)).toHaveLength(1)

    const person = { id: newId(), name: null }
    const { externalId } = await doIt(order('create', { person, account: anna('dora1') }))
    const grant = (carrier: string, more: object = {}) =>
      doIt(order('grant', { person, account: { username: 'dora1', externalId }, right: right(carrier) }), more)
    expect((await grant(`CN=Udenfor,OU=Fremmed,${base}`)).untouchable).toBe('group-out-of-scope')
    expect((await grant('Medlemmer', { protectedGroups: ['medlemmer'] })).untouchable).toBe('group-protected')
    if (flavour === 'ad')
      expect((await grant(`CN=Domain Admins,CN=Users,${base}`, { groupScope: [base] })).untouchable).toBe(
        'group-protected',
      )
    expect(await members('Medlemmer')).not.toContain((await one('dora1'))!.dn.toLowerCase())
    expect(await failureOf(grant('Findes ikke'))).toMatchObject({ why: 'refused' })
  })

  test('no name leads out of its place', async () => {
    const { base } = world()
    const strangers = async () =>
      (await world().look('(objectClass=person)')).map(({ dn }) => dn).filter(dn => place(dn).startsWith('ou=fremmed'))
    const before = await strangers()
    const nasty = [
      'Bo, Chef',
      '#1 "Bo"',
      ' Bo ',
      'Bo+x=1;<y>',
      'Bo\\',
      'Bo\\,OU=Fremmed',
      `x,OU=Fremmed,${base}`,
      'Æ*)(uid=*',
    ]
    for (const [n, displayName] of nasty.entries()) {
      const person = { id: newId(), name: null }
      const username = `n${n}x`
      const named = { ...anna(username, { displayName }) }
      const more = { entryName: 'CN={displayName} {username}' }
      const { externalId } = await doIt(order('create', { person, account: named }), more)
      const made = (await one(username))!
      expect(made.dn.toLowerCase().endsWith(`,ou=ansatte,${base}`.toLowerCase())).toBe(true)
      expect(String(made.cn)).toBe(`${displayName} ${username}`.trim())
      const moved = order('move', {
        person,
        account: { ...anna(username, { displayName, unitPath: ['200'] }), externalId },
      })
      expect(await doIt(moved, more)).toMatchObject({ verified: 'as-wanted' })
      const there = (await one(username))!
      expect(there.dn.toLowerCase().endsWith(`,ou=skole,${base}`.toLowerCase())).toBe(true)
      expect(there.cn).toEqual(made.cn)
    }
    expect(await strangers()).toEqual(before)
    // A user name is a value in a filter, never a part of it.
    expect(await doIt(order('disable', { account: { username: '*)(objectClass=*' } }))).toMatchObject({
      verified: 'already',
    })
  })

  test('after it was carried out the plan is empty, and two orders may come in either order', async () => {
    const groups = ['Medlemmer', 'Andre']
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(['grant-0', 'grant-1', 'set', 'enable'], { minLength: 4, maxLength: 4 }),
        async sequence => {
          const person = { id: newId(), name: null }
          const username = `p${person.id.replaceAll('-', '').slice(-12)}`
          const { externalId } = await doIt(order('create', { person, account: anna(username) }))
          for (const what of sequence) {
            const [action, n] = what.split('-') as ['grant' | 'set' | 'enable', string?]
            const account = { ...anna(username, { title: 'Leder' }), externalId }
            const next = order(action, { person, account, right: n ? right(groups[Number(n)]!) : null })
            expect((await doIt(next)).verified).toBe('as-wanted')
            expect((await doIt(next)).steps).toEqual([])
          }
          const entry = (await one(username))!
          expect(entry.title).toBe('Leder')
          expect(off(entry, world())).toBe(false)
          for (const group of groups) expect(await members(group)).toContain(entry.dn.toLowerCase())
        },
      ),
      { numRuns: 6 },
    )
  })

  test('a try says how far it came', async () => {
    const { connector, settings, password } = world()
    const good = await connector.test(connector.settings.parse(settings), contextWith(password))
    expect(good.steps.filter(step => !step.ok)).toEqual([])
    expect(good.ok).toBe(true)
    const bad = await connector.test(connector.settings.parse(settings), contextWith('not the password'))
    expect(bad).toMatchObject({ ok: false })
    expect(bad.steps.at(-1)).toMatchObject({ ok: false, said: { code: expect.any(String) } })
    const missing = {
      ...settings,
      scope: [`OU=Nowhere,${world().base}`],
      accountsIn: `OU=Nowhere,${world().base}`,
      units: {},
    }
    expect(await connector.test(connector.settings.parse(missing), contextWith(password))).toMatchObject({ ok: false })
  })
})

test('a server that refers to another one is not left', async () => {
  const { connector, settings, password, base, slapd } = openldap
  slapd.add(
    `dn: ou=Andetsteds,ou=Grupper,${base}\nobjectClass: referral\nobjectClass: extensibleObject\nou: Andetsteds\nref: ldap://127.0.0.1:9/ou=Andetsteds,ou=Grupper,${base}`,
  )
  const person = { id: newId(), name: null }
  const { externalId } = await carry(
    connector,
    settings,
    order('create', { person, account: anna('henvist') }),
    contextWith(password),
  )
  const give = order('grant', {
    ...{ person, account: { username: 'henvist', externalId } },
    right: right(`cn=X,ou=Andetsteds,ou=Grupper,${base}`),
  })
  expect(await failureOf(carry(connector, settings, give, contextWith(password)))).toMatchObject({
    why: 'refused',
    says: expect.stringContaining('not gone to'),
  })
})

describe('a line that is cut', () => {
  const through = async (where: 'before' | 'after', one: OrderToCarryOut) => {
    const { connector, settings, password, slapd } = openldap
    const line = await cuttingLine(slapd.url)
    const plain = { ...settings, urls: [line.url], allowPlain: true, caFile: undefined }
    try {
      line.cutNext(where)
      const failed = await failureOf(carry(connector, plain, one, contextWith(password)))
      expect(line.isCut()).toBe(true)
      return { failed, again: await carry(connector, plain, one, contextWith(password)) }
    } finally {
      await line.close()
    }
  }

  test('after the server has done it: nobody knows, and read again it is done', async () => {
    const person = { id: newId(), name: null }
    const create = order('create', { person, account: anna('cut1') })
    const { failed, again } = await through('after', create)
    expect(failed.why).toBe('lost')
    expect(again).toMatchObject({ verified: 'already' })
    expect(await openldap.look('(uid=cut1)')).toHaveLength(1)
    const grant = order('grant', {
      person,
      account: { username: 'cut1', externalId: again.externalId },
      right: right('Andre'),
    })
    const second = await through('after', grant)
    expect(second.failed.why).toBe('lost')
    expect(second.again.verified).toBe('already')
  })

  test('before the server has it: done by the second try', async () => {
    const { failed, again } = await through(
      'before',
      order('create', { person: { id: newId(), name: null }, account: anna('cut2') }),
    )
    expect(failed.why).toBe('lost')
    expect(again).toMatchObject({ verified: 'as-wanted' })
  })

  test('a session takes the line up again for the next order', async () => {
    const { connector, settings, password, slapd } = openldap
    if (connector.mode !== 'each') throw new Error('each')
    const line = await cuttingLine(slapd.url)
    const plain = connector.settings.parse({ ...settings, urls: [line.url], allowPlain: true, caFile: undefined })
    const session = await connector.open(plain, contextWith(password))
    const one = order('create', { person: { id: newId(), name: null }, account: anna('cut3') })
    line.cutNext('after')
    expect(await failureOf(session.apply(one, session.plan(one, await session.read(one))))).toMatchObject({
      why: 'lost',
    })
    expect(session.plan(one, await session.read(one))).toEqual([])
    await session.close()
    await line.close()
  })
})

test('settings that would lead somewhere else are mistakes', () => {
  const { connector, settings, base } = openldap
  const mistakes = (more: object) => connector.check!(connector.settings.parse({ ...settings, ...more }))
  expect(mistakes({})).toEqual([])
  for (const more of [
    { urls: ['ldap://x.test'] },
    { accountsIn: `OU=Fremmed,${base}` },
    { units: { '1': `OU=Fremmed,${base}` } },
    { attributes: { userPassword: '{username}' } },
    { attributes: { memberOf: '{title}' } },
    { attributes: { title: '{cpr}' } },
    { scope: ['OU=Ansatte,DC=andre,DC=test'], accountsIn: 'OU=Ansatte,DC=andre,DC=test', units: {} },
  ])
    expect(mistakes(more)).not.toEqual([])
  for (const more of [
    { password: 'hemmeligt' },
    { password: { env: 'DATABASE_URL' } },
    { caFile: '../ca.pem' },
    { colour: 1 },
  ])
    expect(connector.settings.safeParse({ ...settings, ...more }).success).toBe(false)
})

test('a host that nobody has allowed is not gone to', async () => {
  const { settings, password } = openldap
  const elsewhere = ldapConnector(reachOf({ hosts: ['ad.kommune.test'], secretsDir: null }))
  const one = order('disable', { account: { username: 'x' } })
  expect(await failureOf(carry(elsewhere, settings, one, contextWith(password)))).toMatchObject({ why: 'refused' })
})

function guid(value: Buffer | string): string {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value, 'binary')
  const part = (from: number, to: number, turn: boolean) => {
    const cut = Buffer.from(bytes.subarray(from, to))
    return (turn ? cut.reverse() : cut).toString('hex')
  }
  return [part(0, 4, true), part(4, 6, true), part(6, 8, true), part(8, 10, false), part(10, 16, false)].join('-')
}
