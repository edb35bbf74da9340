import { readFileSync } from 'node:fs'
import { Client as LdapClient } from 'ldapts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { directorySignIn, escapeFilter } from '../../../server/auth/directory-sign-in.ts'
import type { SourceDeclaration } from '../../../server/feeds/sources/source.ts'
import { testDatabase } from '../../support/database.ts'
import { type Samba, startSamba } from '../../support/samba.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { type AuthApp, authApp } from './auth-app.ts'
import { person } from './people-in-database.ts'

const database = testDatabase()
const secret = (value: string) => () => value
const sources = (settings: Record<string, unknown>, owner: 'file' | 'screen' = 'file') => ({
  sources: async () => [{ key: 'ad', kind: 'ldap', folder: '/', owner, settings } as unknown as SourceDeclaration],
})
/** The identity that the feed stores an account under, read with a client of its own. */
async function identity(
  url: string,
  ca: string,
  dn: string,
  password: string,
  base: string,
  filter: string,
  key: string,
) {
  const client = new LdapClient({ url, tlsOptions: { ca: [readFileSync(ca)] } })
  try {
    await client.bind(dn, password)
    const { searchEntries } = await client.search(base, { filter, attributes: [key], explicitBufferAttributes: [key] })
    return searchEntries[0]![key] as Buffer
  } finally {
    await client.unbind()
  }
}

describe('OpenLDAP', () => {
  const baseDn = 'dc=kommune,dc=test'
  let slapd: Slapd
  let app: AuthApp
  let key: string

  beforeAll(async () => {
    slapd = await startSlapd({ baseDn })
    const entry = (uid: string, password: string) =>
      `dn: uid=${uid},${baseDn}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid}\nsn: ${uid}\nuserPassword: ${password}\n\n`
    slapd.add(entry('mette', 'et godt kodeord') + entry('ukendt', 'kodeordet her') + entry('nisse', 'kodeord nisse'))
    const raw = await identity(
      slapd.ldapsUrl,
      slapd.caFile,
      slapd.bindDn,
      slapd.password,
      baseDn,
      '(uid=mette)',
      'entryUUID',
    )
    key = raw.toString('utf8')
    app = await authApp(database.db, {
      directory: directorySignIn(
        'ad',
        sources({
          flavour: 'openldap',
          url: slapd.ldapsUrl,
          caFile: slapd.caFile,
          bindDn: slapd.bindDn,
          password: { env: 'X' },
          base: baseDn,
        }),
        secret(slapd.password),
      ),
    })
  })
  afterAll(async () => {
    await app.close()
    await slapd.stop()
  })
  beforeEach(() => database.reset())
  const signIn = (username: string, password: string) => app.client().signIn('directory', username, password)

  it('lets in who gives the right password and is linked to a person, and knows them by entryUUID', async () => {
    const { personId } = await person(database.db, { username: 'mette', key, roles: ['employee'] })
    const answer = await signIn('mette', 'et godt kodeord')
    expect(answer.body).toMatchObject({ signedIn: true, secondFactor: 'none', actor: { personId, via: 'directory' } })
    expect((await app.client().session()).methods.directory).toBe('ad')
  })

  it('refuses a wrong and an empty password, and a name that is not there', async () => {
    await person(database.db, { username: 'mette', key })
    expect((await signIn('mette', 'forkert')).body.code).toBe('sign-in-failed')
    expect((await signIn('mette', '')).status).toBe(400)
    expect((await signIn('ingen', 'x')).body.code).toBe('sign-in-failed')
    const empty = directorySignIn(
      'ad',
      sources({
        flavour: 'openldap',
        url: slapd.ldapsUrl,
        caFile: slapd.caFile,
        bindDn: slapd.bindDn,
        password: { env: 'X' },
        base: baseDn,
      }),
      secret(slapd.password),
    )
    expect(await empty.authenticate('mette', '')).toBeNull()
  })

  it('a user name that now belongs to another entry does not lead to the person who had it', async () => {
    await person(database.db, { username: 'nisse', key: 'the-entry-that-was-deleted' })
    expect((await signIn('nisse', 'kodeord nisse')).body.code).toBe('not-allowed')
  })

  it('an account that is not linked to a person, or is only disputed, does not get in', async () => {
    expect((await signIn('ukendt', 'kodeordet her')).body.code).toBe('not-allowed')
    await person(database.db, { username: 'mette', key, situation: 'disputed' })
    expect((await signIn('mette', 'et godt kodeord')).body.code).toBe('not-allowed')
  })

  it('who holds no role (a pupil) does not get in', async () => {
    await person(database.db, { username: 'mette', key, roles: [], kind: 'pupil' })
    expect((await signIn('mette', 'et godt kodeord')).body.code).toBe('not-allowed')
  })

  it.each(['*', 'm*', 'mette)(uid=*', '*)(objectClass=*', 'mette)(|(uid=*', '\\2a', 'mette\u0000'])(
    'what is typed into the name field is only ever a value: %j',
    async name => {
      await person(database.db, { username: 'mette', key })
      // U+0000 is no text at all and does not get as far as the directory.
      const refused = name.includes('\u0000') ? 400 : 401
      expect((await signIn(name, 'et godt kodeord')).status).toBe(refused)
    },
  )

  it('asks no directory that is declared on the screen: whoever may declare sources could sign in as anybody', async () => {
    const settings = {
      flavour: 'openldap',
      url: slapd.ldapsUrl,
      caFile: slapd.caFile,
      bindDn: slapd.bindDn,
      password: { env: 'X' },
      base: baseDn,
    }
    const ask = (owner: 'file' | 'screen') =>
      directorySignIn('ad', sources(settings, owner), secret(slapd.password)).authenticate('mette', 'et godt kodeord')
    expect(await ask('file')).toBe(key)
    await expect(ask('screen')).rejects.toMatchObject({ problem: 'source-invalid' })
  })

  it('locks here before the directory locks its own account', async () => {
    await person(database.db, { username: 'mette', key })
    for (let n = 0; n < 5; n++) await signIn('mette', 'forkert')
    expect((await signIn('mette', 'et godt kodeord')).status).toBe(423)
    app.clock.forward(16)
    expect((await signIn('mette', 'et godt kodeord')).status).toBe(200)
  })

  it('says so when the directory does not answer, and counts that against nobody for long', async () => {
    await person(database.db, { username: 'mette', key })
    await slapd.pause()
    try {
      expect((await signIn('mette', 'et godt kodeord')).body.code).toBe('source-unreachable')
    } finally {
      await slapd.resume()
    }
    expect((await signIn('mette', 'et godt kodeord')).status).toBe(200)
  })
})

describe('Active Directory (Samba)', () => {
  let samba: Samba
  beforeAll(async () => {
    samba = await startSamba({
      users: [
        { username: 'jens', givenName: 'Jens', surname: 'Åkjær', password: 'Sjælland-4711-Møn' },
        { username: 'lukket', password: 'Sjælland-4711-Fyn', disabled: true },
      ],
    })
  })
  afterAll(() => samba.stop())

  it('knows the user by objectGUID, by sAMAccountName, by principal name and by DOMAIN\\name', async () => {
    const directory = directorySignIn(
      'ad',
      sources({
        flavour: 'ad',
        url: samba.url,
        caFile: samba.caFile,
        bindDn: samba.adminUpn,
        password: { env: 'X' },
        base: samba.domainDn,
      }),
      secret(samba.password),
    )
    const raw = await identity(
      samba.url,
      samba.caFile,
      samba.adminDn,
      samba.password,
      samba.domainDn,
      '(sAMAccountName=jens)',
      'objectGUID',
    )
    const hex = (bytes: Buffer) => Buffer.from(bytes).toString('hex')
    const turned = (from: number, to: number) => hex(Buffer.from(raw.subarray(from, to)).reverse())
    const guid = `${turned(0, 4)}-${turned(4, 6)}-${turned(6, 8)}-${hex(raw.subarray(8, 10))}-${hex(raw.subarray(10))}`
    for (const name of ['jens', 'JENS', `jens@${samba.realm.toLowerCase()}`, 'KOMMUNE\\jens'])
      expect(await directory.authenticate(name, 'Sjælland-4711-Møn')).toBe(guid)
    expect(await directory.authenticate('jens', 'Sjælland-4711-Fyn')).toBeNull()
    expect(await directory.authenticate('jens', '')).toBeNull()
    expect(await directory.authenticate('lukket', 'Sjælland-4711-Fyn')).toBeNull()
    expect(await directory.authenticate('j*', 'Sjælland-4711-Møn')).toBeNull()
  })
})

describe('escaping', () => {
  it('leaves nothing that means something in a filter', () => {
    expect(escapeFilter('Åse*()\\\0')).toBe('\\c3\\85se\\2a\\28\\29\\5c\\00')
  })
})
