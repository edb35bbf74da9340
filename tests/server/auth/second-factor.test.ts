import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult, randomBytes, sign } from 'node:crypto'
import { generateSync } from 'otplib'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hashPassword } from '../../../server/auth/password-hash.ts'
import type { Session } from '../../../server/contract/auth.ts'
import { newId } from '../../../server/platform/ids.ts'
import { testDatabase } from '../../support/database.ts'
import { type AuthApp, authApp, type Client } from './auth-app.ts'
import { person } from './people-in-database.ts'

const database = testDatabase()
const PASSWORD = 'blå cykel syv hatte'
let hash: string
let app: AuthApp

beforeAll(async () => {
  hash = await hashPassword(PASSWORD)
})
beforeEach(async () => {
  await database.reset()
  app = await authApp(database.db)
  await database.db.transaction(async tx => {
    const id = newId()
    await tx.query(
      `insert into tool_user (id, kind, username, display_name, password_hash) values ($1, 'outsider', 'dpo', 'Dorte DPO', $2)`,
      [id, hash],
    )
    await tx.query(
      `insert into local_role (id, user_id, role, valid, reason) values ($1, $2, 'dpo', daterange($3::date - 1, $3::date + 30), 'fælles DPO')`,
      [newId(), id, app.clock.today()],
    )
  })
})
afterEach(() => app.close())

type Begun = { id: string; secret: string; uri: string; qr: { size: number; path: string } }
type Enrolled = { session: Session; recoveryCodes: string[] | null }
const code = (secret: string, minutes = 0) =>
  generateSync({ secret, epoch: Math.floor(app.clock.now().getTime() / 1000) + minutes * 60 })

async function signedIn(): Promise<Client> {
  const client = app.client()
  await client.signIn('local', 'dpo', PASSWORD)
  return client
}
async function withTotp(): Promise<{ client: Client; secret: string; codes: string[] }> {
  const client = await signedIn()
  const { body: begun } = await client.post<Begun>('/second-factors/totp')
  const { body } = await client.post<Enrolled>(`/second-factors/totp/${begun.id}`, { code: code(begun.secret) })
  app.clock.forward(1)
  return { client, secret: begun.secret, codes: body.recoveryCodes ?? [] }
}

describe('setting up a code app', () => {
  it('at the first sign-in: QR code, a first code, recovery codes, and then the house opens', async () => {
    const client = await signedIn()
    expect((await client.get('/rules-only')).status).toBe(401)
    const { body: begun } = await client.post<Begun>('/second-factors/totp')
    expect(begun.uri).toContain(`secret=${begun.secret}`)
    expect(begun.qr.path).toMatch(/^(M\d+ \d+h1v1h-1z)+$/)
    expect((await client.post(`/second-factors/totp/${begun.id}`, { code: '000000' })).body.code).toBe(
      'second-factor-wrong',
    )
    const before = client.cookies.get('hjemmel')
    const { body } = await client.post<Enrolled>(`/second-factors/totp/${begun.id}`, { code: code(begun.secret) })
    expect(body.recoveryCodes).toHaveLength(10)
    expect(body.session).toMatchObject({ secondFactor: 'none', actor: { roles: ['dpo'], kind: 'outsider' } })
    expect(client.cookies.get('hjemmel')).not.toBe(before)
    expect((await client.get('/rules-only')).status).toBe(200)
  })

  it('keeps the secret and the recovery codes where nobody can read them', async () => {
    const { secret, codes } = await withTotp()
    const [row] = await database.db.snapshot(tx =>
      tx.query<{ all: string }>(
        `select coalesce((select json_agg(f)::text from second_factor f), '') || coalesce((select json_agg(r)::text from recovery_code r), '')
           || coalesce((select json_agg(p)::text from audit_payload p), '') || coalesce((select json_agg(s)::text from session s), '') as all`,
      ),
    )
    for (const hidden of [secret, ...codes]) expect(row!.all).not.toContain(hidden)
  })

  it('is not for who has a second factor and did not show it', async () => {
    await withTotp()
    const thief = await signedIn()
    expect((await thief.post('/second-factors/totp')).body.code).toBe('second-factor-needed')
    expect((await thief.post('/second-factors/passkey/options')).body.code).toBe('second-factor-needed')
    expect((await thief.post('/second-factors/recovery-codes')).status).toBe(401)
    expect((await thief.get('/second-factors')).status).toBe(401)
  })
})

describe('the second step of signing in', () => {
  it('asks for a code, takes the right one once, and never again', async () => {
    const { secret } = await withTotp()
    const client = await signedIn()
    expect(await client.session()).toMatchObject({ signedIn: true, secondFactor: 'needed', actor: null })
    const right = code(secret)
    expect((await client.post<Session>('/session/totp', { code: right })).body.secondFactor).toBe('none')
    const replay = await signedIn()
    expect((await replay.post('/session/totp', { code: right })).body.code).toBe('second-factor-wrong')
  })

  it('a code brought twice at once counts once', async () => {
    const { secret } = await withTotp()
    const clients = await Promise.all([signedIn(), signedIn(), signedIn()])
    const right = code(secret)
    const answers = await Promise.all(clients.map(client => client.post('/session/totp', { code: right })))
    expect(answers.filter(answer => answer.status === 200)).toHaveLength(1)
  })

  it('takes the code of the step before and after, no others', async () => {
    const { secret } = await withTotp()
    const tryCode = async (minutes: number) =>
      (await (await signedIn()).post('/session/totp', { code: code(secret, minutes) })).status
    expect(await tryCode(-1.5)).toBe(401)
    expect(await tryCode(1.5)).toBe(401)
    expect(await tryCode(0.5)).toBe(200)
  })

  it('locks after five wrong codes, in whatever session', async () => {
    const { secret } = await withTotp()
    for (let n = 0; n < 5; n++)
      expect((await (await signedIn()).post('/session/totp', { code: '000000' })).status).toBe(401)
    expect((await (await signedIn()).post('/session/totp', { code: code(secret) })).status).toBe(423)
    app.clock.forward(16)
    expect((await (await signedIn()).post('/session/totp', { code: code(secret) })).status).toBe(200)
  })

  it('takes a recovery code once, however it is typed', async () => {
    const { codes } = await withTotp()
    const typed = codes[0]!.toLowerCase().replaceAll('-', ' ')
    const client = await signedIn()
    expect((await client.post<Session>('/session/recovery-code', { code: typed })).body.factors.recoveryCodesLeft).toBe(
      9,
    )
    expect((await (await signedIn()).post('/session/recovery-code', { code: codes[0] })).body.code).toBe(
      'second-factor-wrong',
    )
  })

  it('new recovery codes replace the old ones', async () => {
    const { client, codes } = await withTotp()
    const fresh = (await client.post<{ recoveryCodes: string[] }>('/second-factors/recovery-codes')).body.recoveryCodes
    expect((await (await signedIn()).post('/session/recovery-code', { code: codes[3] })).status).toBe(401)
    expect((await (await signedIn()).post('/session/recovery-code', { code: fresh[3] })).status).toBe(200)
  })

  it('the last one cannot be removed by a user whose role needs one', async () => {
    const { client } = await withTotp()
    const { body } = await client.get<{ factors: { id: string }[] }>('/second-factors')
    expect(body.factors).toHaveLength(1)
    expect((await client.send('DELETE', `/second-factors/${body.factors[0]!.id}`)).body.code).toBe('conflict')
    expect((await client.send('DELETE', `/second-factors/${newId()}`)).status).toBe(404)
  })
})

describe('passkeys', () => {
  it('are registered and used; a replayed answer and a copied key are refused', async () => {
    const client = await signedIn()
    const device = softwareKey(app.url)
    const { body: begun } = await client.post<{ options: { challenge: string } }>('/second-factors/passkey/options')
    const enrolled = await client.post<Enrolled>('/second-factors/passkey', {
      name: 'Nøgle',
      response: device.register(begun.options.challenge),
    })
    expect(enrolled.status).toBe(200)
    expect(enrolled.body.recoveryCodes).toHaveLength(10)
    expect(enrolled.body.session.secondFactor).toBe('none')

    const use = async (counter: number, spoil: (answer: object) => object = answer => answer) => {
      const again = await signedIn()
      expect((await again.session()).factors).toMatchObject({ passkey: true, totp: false })
      const { body } = await again.post<{ options: { challenge: string } }>('/session/passkey/options')
      const answer = spoil(device.authenticate(body.options.challenge, counter))
      const first = await again.post<Session>('/session/passkey', { response: answer })
      return { first, again, answer }
    }
    const { first, answer } = await use(1)
    expect(first.body).toMatchObject({ secondFactor: 'none', actor: { displayName: 'Dorte DPO' } })
    // The same answer in another session: its challenge is another one.
    const replay = await signedIn()
    await replay.post('/session/passkey/options')
    expect((await replay.post('/session/passkey', { response: answer })).body.code).toBe('second-factor-wrong')
    // A counter that does not go up: somebody has a copy.
    expect((await use(1)).first.body.code).toBe('second-factor-wrong')
    expect((await use(2)).first.status).toBe(200)
    // Signed on another site.
    const foreign = softwareKey('https://evil.example', device)
    const phished = await signedIn()
    const { body } = await phished.post<{ options: { challenge: string } }>('/session/passkey/options')
    expect(
      (await phished.post('/session/passkey', { response: foreign.authenticate(body.options.challenge, 3) })).status,
    ).toBe(401)
  })
})

describe('on the own network', () => {
  const settings = { ownNetworks: ['10.1.0.0/16'] }
  const from = (client: Client, address: string) => {
    client.headers['x-forwarded-for'] = address
    return client
  }

  it('the own page needs no second factor, and it is the own page only', async () => {
    const { personId } = await person(database.db, { username: 'leder', roles: ['employee', 'hr', 'it'] })
    const waived = await authApp(database.db, {
      ...settings,
      directory: { source: 'ad', name: 'AD', authenticate: async () => 'leder' },
    })
    try {
      const inside = from(waived.client(), '10.1.2.3')
      const answer = await inside.signIn('directory', 'leder', 'x')
      expect(answer.body).toMatchObject({ secondFactor: 'enrol', actor: { personId, roles: ['employee'] } })
      expect(answer.body.permissions).toEqual(['me.read'])
      expect((await inside.get<{ roles: string[] }>('/who')).body.roles).toEqual(['employee'])
      expect((await inside.get('/rules-only')).status).toBe(403)
      const outside = from(waived.client(), '192.0.2.1')
      expect((await outside.signIn('directory', 'leder', 'x')).body.actor).toBeNull()
      expect((await outside.get('/who')).status).toBe(401)
      // The same session, carried out of the building.
      from(inside, '192.0.2.1')
      expect((await inside.get('/who')).status).toBe(401)
    } finally {
      await waived.close()
    }
  })

  it('a plain employee sees nobody else and needs none anywhere', async () => {
    await person(database.db, { username: 'medarbejder', roles: ['employee'] })
    const plain = await authApp(database.db, {
      directory: { source: 'ad', name: 'AD', authenticate: async () => 'medarbejder' },
    })
    try {
      const client = plain.client()
      expect((await client.signIn('directory', 'medarbejder', 'x')).body).toMatchObject({
        secondFactor: 'none',
        actor: { roles: ['employee'] },
      })
    } finally {
      await plain.close()
    }
  })
})

/** An authenticator in software (WebAuthn level 2, ES256, no attestation), as a browser would answer for it. */
type KeyMaterial = { pair: KeyPairKeyObjectResult; id: Buffer }
function softwareKey(origin: string, copyOf?: KeyMaterial) {
  const pair = copyOf?.pair ?? generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id: Buffer = copyOf?.id ?? randomBytes(32)
  const rpIdHash = createHash('sha256').update(new URL(origin).hostname).digest()
  const clientData = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  const uint32 = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const answer = (response: Record<string, string>) => ({
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key',
    clientExtensionResults: {},
    response,
  })
  return {
    pair,
    id,
    register(challenge: string) {
      const { x, y } = pair.publicKey.export({ format: 'jwk' })
      const cose = Buffer.concat([
        Buffer.from('a5010203262001215820', 'hex'),
        Buffer.from(x!, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y!, 'base64url'),
      ])
      const length = Buffer.from([0, id.length])
      const authData = Buffer.concat([rpIdHash, Buffer.from([0x45]), uint32(0), Buffer.alloc(16), length, id, cose])
      // CBOR: { fmt: "none", attStmt: {}, authData }
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
        Buffer.from([0x58, authData.length]),
        authData,
      ])
      return answer({
        clientDataJSON: clientData('webauthn.create', challenge).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
      })
    },
    authenticate(challenge: string, counter: number) {
      const client = clientData('webauthn.get', challenge)
      const authData = Buffer.concat([rpIdHash, Buffer.from([0x05]), uint32(counter)])
      const signed = Buffer.concat([authData, createHash('sha256').update(client).digest()])
      return answer({
        clientDataJSON: client.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, pair.privateKey).toString('base64url'),
      })
    },
  }
}
