import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { peopleView } from '../../../server/overview/people-views.ts'
import { weeklyDigests } from '../../../server/overview/views/digest-service.ts'
import { putSubscription } from '../../../server/overview/views/subscription-store.ts'
import { putView } from '../../../server/overview/views/view-store.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import { newId } from '../../../server/platform/ids.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { createMailer, lastDue, type Mailer } from '../../../server/platform/mail.ts'
import { type Authority, createAuthority } from '../../support/certificates.ts'
import { testDatabase } from '../../support/database.ts'
import { smallTown } from './small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let userId: string
let viewId: string
/** What the mail server got, and what it does with the next one. */
const got: { text: string; secure: boolean }[] = []
let answer: 'take' | 'later' | 'never' | 'hang up' = 'take'
const servers: SMTPServer[] = []
let authority: Authority
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-mail-'))

async function mailServer(options: { hideSTARTTLS?: boolean } = {}): Promise<number> {
  const certificate = authority.issue('mail', ['localhost', '127.0.0.1'])
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH'],
    key: readFileSync(certificate.keyFile),
    cert: readFileSync(certificate.certFile),
    ...options,
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', part => parts.push(part))
      stream.on('end', () => {
        if (answer === 'hang up') {
          // Taken, and the connection is lost before it could say so.
          got.push({ text: Buffer.concat(parts).toString(), secure: session.secure })
          for (const connection of server.connections) (connection as { close(): void }).close()
          return
        }
        if (answer === 'take') {
          got.push({ text: Buffer.concat(parts).toString(), secure: session.secure })
          return done()
        }
        const error = Object.assign(new Error('for ann@town.example'), { responseCode: answer === 'later' ? 451 : 554 })
        done(error)
      })
    },
  })
  server.on('error', () => {})
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return (server.server.address() as AddressInfo).port
}

beforeAll(async () => {
  town = await smallTown(database.db)
  authority = createAuthority(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(async () => {
  got.length = 0
  answer = 'take'
  await database.db.transaction(async tx => {
    await tx.query('delete from local_role')
    await tx.query('delete from tool_user')
    await tx.query('update person_current set email = $2 where person_id = $1', [town.people.Ann, 'ann@town.example'])
    userId = newId()
    await tx.query(`insert into tool_user (id, kind, username, person_id) values ($1, 'person', 'ann', $2)`, [
      userId,
      town.people.Ann,
    ])
    await tx.query(
      `insert into local_role (id, user_id, role, valid, reason) values ($1, $2, 'hr', daterange('2026-01-01', '2027-01-01'), 'HR')`,
      [newId(), userId],
    )
    const view = await putView(tx, {
      screen: 'people',
      name: 'Plejen med afvigelser',
      search: { drift: true },
      sharedWith: [],
      ownerId: userId,
    })
    viewId = view.id
    await putSubscription(tx, { viewId, userId, language: 'da', weekday: 1, hour: 8 })
    await tx.query(`update view_subscription set created_at = '2026-02-20T12:00:00Z'`)
  })
})
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>(resolve => server.close(() => resolve()))
})

/** Monday 2 March 2026, 10 in Copenhagen, unless told otherwise. */
const run = (mailer: Mailer | null, now = '2026-03-02T09:00:00Z') =>
  weeklyDigests({
    db: database.db,
    clock: fixedClock(now),
    log: silentLog,
    mailer,
    publicUrl: 'https://hjemmel.example',
  })
const mailer = async (port?: number) =>
  createMailer({
    url: `smtp://127.0.0.1:${port ?? (await mailServer())}`,
    from: 'hjemmel@town.example',
    ca: authority.caPem,
  })
const states = () =>
  database.db.snapshot(tx =>
    tx.query<{
      state: string
      attempts: number
      error: string | null
      content: { value: number; before: number | null }[]
    }>('select state, attempts, error, content from view_digest order by due_on'),
  )
const actions = () =>
  database.db.snapshot(async tx =>
    (await tx.query<{ action: string }>(`select action from audit_entry where action like 'view.%' order by id`)).map(
      row => row.action,
    ),
  )

describe('when something that comes every week was last due', () => {
  it('is by the clock on the wall in Copenhagen, in summer and in winter', () => {
    expect(lastDue(new Date('2026-03-02T06:59:00Z'), 1, 8)).toBe('2026-02-23')
    expect(lastDue(new Date('2026-03-02T07:00:00Z'), 1, 8)).toBe('2026-03-02')
    expect(lastDue(new Date('2026-07-06T06:00:00Z'), 1, 8)).toBe('2026-07-06')
    expect(lastDue(new Date('2026-03-01T23:30:00Z'), 1, 0)).toBe('2026-03-02')
    expect(lastDue(new Date('2026-03-04T09:00:00Z'), 5, 8)).toBe('2026-02-27')
  })
})

describe('a digest', () => {
  it('is one mail a week, encrypted, with numbers and links and nobody’s name', async () => {
    const through = await mailer()
    expect(await run(through)).toEqual({ made: 1, sent: 1 })
    expect(await run(through)).toEqual({ made: 0, sent: 0 })
    expect(await run(through, '2026-03-09T09:00:00Z')).toEqual({ made: 1, sent: 1 })
    expect(got).toHaveLength(2)
    expect(got.every(mail => mail.secure)).toBe(true)
    const [, second] = got.map(mail => mail.text.replaceAll('=\r\n', '').replaceAll('=3D', '='))
    expect(second).toContain('https://hjemmel.example/people?drift=true')
    expect(second).toMatch(/I visningen nu: \d+ \(for en uge siden \d+\)/)
    expect(second).toContain('https://hjemmel.example/views')
    for (const name of ['Ærlig', 'Hemmelig', 'Kim', 'Gert']) expect(second).not.toContain(name)
    expect((await states()).map(row => row.state)).toEqual(['sent', 'sent'])
    expect((await states())[1]!.content[0]!.before).toBe((await states())[0]!.content[0]!.value)
  })

  it('is shown on the page where there is no server or no address', async () => {
    expect(await run(null)).toEqual({ made: 1, sent: 0 })
    expect((await states()).map(row => row.state)).toEqual(['shown'])
    await database.db.transaction(tx => tx.query('update person_current set email = null'))
    await run(await mailer(), '2026-03-09T09:00:00Z')
    expect((await states()).map(row => row.state)).toEqual(['shown', 'shown'])
    expect(got).toEqual([])
  })

  it('is tried again later, with pauses that grow, and is given up in the end', async () => {
    answer = 'later'
    const through = await mailer()
    await run(through)
    expect(await states()).toMatchObject([{ state: 'waiting', attempts: 1 }])
    expect((await states())[0]!.error).not.toContain('ann@')
    await run(through, '2026-03-02T09:14:00Z')
    expect(await states()).toMatchObject([{ attempts: 1 }])
    for (const at of ['09:16', '10:30', '15:00']) await run(through, `2026-03-02T${at}:00Z`)
    expect(await states()).toMatchObject([{ state: 'waiting', attempts: 4 }])
    answer = 'take'
    expect(await run(through, '2026-03-03T12:00:00Z')).toEqual({ made: 0, sent: 1 })
    answer = 'never'
    await run(through, '2026-03-09T09:00:00Z')
    expect((await states())[1]).toMatchObject({ state: 'failed', attempts: 1 })
  })

  it('waits for a server that is not there', async () => {
    await run(createMailer({ url: 'smtp://127.0.0.1:1', from: 'hjemmel@town.example' }))
    expect(await states()).toMatchObject([{ state: 'waiting', attempts: 1 }])
  })

  it('never goes twice: not when the connection is lost after it was handed over, nor when the process dies', async () => {
    answer = 'hang up'
    const through = await mailer()
    await run(through)
    answer = 'take'
    await run(through, '2026-03-02T12:00:00Z')
    expect(got).toHaveLength(1)
    expect(await states()).toMatchObject([{ state: 'sending', attempts: 1 }])
    // Dies between taking the digest and the answer of the server.
    const dying: Mailer = {
      send: async mail => {
        await through.send(mail)
        throw new Error('killed')
      },
    }
    await expect(run(dying, '2026-03-09T09:00:00Z')).rejects.toThrow('killed')
    await run(through, '2026-03-09T12:00:00Z')
    expect(got).toHaveLength(2)
  })

  it('goes once when two processes send at the same time', async () => {
    const through = await mailer()
    const sent = await Promise.all([run(through), run(through), run(through)])
    expect(sent.reduce((sum, one) => sum + one.made, 0)).toBe(1)
    await run(through)
    expect(got).toHaveLength(1)
  })

  it('is never given to a server elsewhere without encryption', async () => {
    const port = await mailServer({ hideSTARTTLS: true })
    await run(createMailer({ url: `smtp://0.0.0.0:${port}`, from: 'hjemmel@town.example' }))
    expect(got).toEqual([])
    expect(await states()).toMatchObject([{ state: 'waiting' }])
    // STARTTLS with a certificate that nobody vouches for is no better.
    await run(
      createMailer({ url: `smtp://0.0.0.0:${await mailServer()}`, from: 'a@town.example' }),
      '2026-03-02T10:00:00Z',
    )
    expect(got).toEqual([])
  })
})

describe('a subscription', () => {
  it('ends when its reader may no longer see what it shows', async () => {
    await database.db.transaction(async tx => {
      await tx.query(`update saved_view set screen = 'rules', search = '{}'`)
      // What is left is to stand in for the leader of a unit, who reads no rules.
      await tx.query('delete from local_role')
    })
    expect(await run(await mailer())).toEqual({ made: 0, sent: 0 })
    expect(await database.db.snapshot(tx => tx.query('select id from view_subscription'))).toEqual([])
    expect(await actions()).toContain('view.subscription-ended')
    expect(got).toEqual([])
  })

  it('is not sent any more to somebody whose sign-in was closed after the digest was made', async () => {
    answer = 'later'
    const through = await mailer()
    await run(through)
    answer = 'take'
    await database.db.transaction(tx => tx.query('update tool_user set disabled_at = now()'))
    await run(through, '2026-03-02T12:00:00Z')
    expect(got).toEqual([])
    expect(await states()).toMatchObject([{ state: 'shown' }])
  })

  it('counts what its reader may see, and that only', async () => {
    await database.db.transaction(tx => tx.query(`update saved_view set search = '{}'`))
    const counts: number[] = []
    for (const role of ['hr', 'it']) {
      await database.db.transaction(async tx => {
        await tx.query('delete from view_digest')
        await tx.query('update local_role set role = $1', [role])
      })
      await run(null)
      counts.push((await states())[0]!.content[0]!.value)
    }
    const shown = await Promise.all(
      (['hr', 'it'] as const).map(role =>
        database.db.snapshot(tx =>
          peopleView(tx, town.actors[role], { offset: 0, limit: 50, sort: 'name', descending: false }, '2026-03-02'),
        ),
      ),
    )
    expect(counts).toEqual(shown.map(list => list.total))
    expect(counts[0]).not.toBe(counts[1])
  })
})
