import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sendMails } from '../../../server/mails/mail-service.ts'
import { setLanguage, tryAgain } from '../../../server/mails/mail-store.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import { newId } from '../../../server/platform/ids.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { createMailer, type Mailer } from '../../../server/platform/mail.ts'
import { testDatabase } from '../../support/database.ts'
import { startMailServer } from '../../support/mail-server.ts'
import { withoutIds } from '../../support/without-ids.ts'
import { smallTown } from '../overview/small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let through: Mailer
let server: Awaited<ReturnType<typeof startMailServer>>

/** Half past eight in Copenhagen, unless told otherwise. */
const NOW = '2026-03-02T07:30:00Z'
const run = (now = NOW, mailer: Mailer | null = through) =>
  sendMails({ db: database.db, clock: fixedClock(now), log: silentLog, mailer, publicUrl: 'https://hjemmel.example' })
const tell = <T>(sql: string, params: unknown[] = []) =>
  database.db.transaction(tx => tx.query<T & object>(sql, params))
const kinds = async () =>
  (
    await tell<{ said: string }>(
      `select i.kind || ' ' || i.stage || ' ' || p.given_name as said from mail_item i
       join person_current p on p.person_id = i.person_id where i.told_at is not null order by 1`,
    )
  ).map(row => row.said)
const states = async () =>
  (await tell<{ state: string }>('select state from mail order by made_at, id')).map(row => row.state)
const task = async (due: string, given: { person?: string; at?: string; system?: string } = {}) => {
  const id = newId()
  await tell(
    `insert into task (id, system_id, person_id, due_on, direction, made_at) values ($1, $2, $3, $4, 'give', $5)`,
    [
      id,
      town.systems[given.system ?? 'sbsys'],
      town.people[given.person ?? 'Fie'],
      due,
      given.at ?? '2026-02-01T08:00:00Z',
    ],
  )
  return id
}

beforeAll(async () => {
  town = await smallTown(database.db)
  server = await startMailServer()
  through = createMailer({ url: server.url, from: 'hjemmel@town.example' })
  await tell(`update mail_start set at = '2026-01-01'`)
  await tell(`update person_current set email = lower(given_name) || '@town.example'`)
})
afterAll(() => server.close())
beforeEach(async () => {
  server.got.length = 0
  server.behaviour.answer = 'take'
  for (const table of ['mail_item', 'mail', 'mail_language', 'task', 'lock_roster', 'person_lock', 'right_grant'])
    await tell(`delete from ${table}`)
  await tell('update affiliation_current set access_ends_on = ends_on where ends_on is not null')
  await tell(`update person_current set died_on = null`)
})

describe('what is told', () => {
  it('is one mail a day, however much there is, and each thing once', async () => {
    for (let n = 0; n < 20; n++) await task(`2026-02-${String(n + 5).padStart(2, '0')}`, { at: '2026-01-02T08:00:00Z' })
    await run()
    // The owner of the system, and those above: who leads and who stands in.
    expect(server.got.map(mail => mail.to).sort()).toEqual([
      'ann@town.example',
      'chief@town.example',
      'leder@town.example',
    ])
    await run()
    await run('2026-03-02T16:00:00Z')
    await run('2026-03-03T08:00:00Z')
    expect(server.got).toHaveLength(3)
  })

  it('comes three days before, on the day and after it, and only the last of what was missed', async () => {
    await task('2026-03-05')
    await run('2026-03-02T07:30:00Z')
    await run('2026-03-05T07:30:00Z')
    await run('2026-03-06T07:30:00Z')
    expect(await kinds()).toEqual(['task-due after Leder', 'task-due before Leder', 'task-due on Leder'])
    await tell('delete from mail_item')
    await tell('delete from mail')
    server.got.length = 0
    await run('2026-03-07T07:30:00Z')
    expect(await kinds()).toEqual(['task-due after Leder'])
  })

  it('is told at once when it is assigned, and once an hour', async () => {
    await task('2026-03-04', { at: '2026-03-02T07:00:00Z' })
    await run('2026-03-02T07:01:00Z')
    await task('2026-03-04', { at: '2026-03-02T07:05:00Z', person: 'Ann' })
    await run('2026-03-02T07:06:00Z')
    expect(server.got).toHaveLength(1)
    await run('2026-03-02T08:00:00Z')
    expect(server.got).toHaveLength(2)
    expect(await kinds()).toEqual(['task-assigned assigned Leder', 'task-assigned assigned Leder'])
  })

  it('goes on to the deputy after three days over, and to IT after a week', async () => {
    await tell(
      `insert into tool_user (id, kind, username, person_id) values ($1, 'person', 'bo', $2) on conflict do nothing`,
      [newId(), town.people.Bo],
    )
    await tell(
      `insert into local_role (id, user_id, role, valid, reason)
       select $1, id, 'it', daterange('2026-01-01', '2027-01-01'), 'IT' from tool_user where username = 'bo'`,
      [newId()],
    )
    await task('2026-03-01', { at: '2026-01-02T08:00:00Z' })
    const escalated = async () => (await kinds()).filter(said => said.startsWith('task-escalated'))
    await run('2026-03-03T08:00:00Z')
    expect(await escalated()).toEqual([])
    await run('2026-03-04T08:00:00Z')
    const deputies = ['task-escalated deputy Ann', 'task-escalated deputy Chief']
    expect(await escalated()).toEqual(deputies)
    await run('2026-03-08T08:00:00Z')
    expect(await escalated()).toEqual([...deputies, 'task-escalated it Bo'])
    await tell('delete from local_role')
    await tell(`delete from tool_user where username = 'bo'`)
  })

  it('asks the leader for things that have not come back, then HR', async () => {
    await tell(
      `insert into tool_user (id, kind, username, person_id) values ($1, 'person', 'hr1', $2) on conflict do nothing`,
      [newId(), town.people.Bo],
    )
    await tell(
      `insert into local_role (id, user_id, role, valid, reason)
       select $1, id, 'hr', daterange('2026-01-01', '2027-01-01'), 'HR' from tool_user where username = 'hr1'`,
      [newId()],
    )
    const [led] = await tell<{ id: string; name: string; job: string }>(
      `select m.person_id as id, m.given_name as name, ac.affiliation_id as job from affiliation_current ac
       join person_current p on p.person_id = ac.person_id and p.given_name = 'Fie'
       join person_current m on m.person_id = ac.manager_person_id`,
    )
    const put = async (action: string) => {
      const id = await task('2026-03-01', { at: '2026-01-02T08:00:00Z', system: 'sbsys' })
      await tell(
        `insert into provisioning_order (id, system_id, person_id, affiliation_id, entitlement_id, action, due_on, state, cause, made_at, task_id)
         values ($1, $2, $3, $4, $5, $6, '2026-03-01', 'task', 'ended', '2026-01-02', $7)`,
        [newId(), town.systems.sbsys, town.people.Fie, led!.job, town.rights['sbsys/reader'], action, id],
      )
    }
    const chased = async () => (await kinds()).filter(said => /^task-escalated (manager|hr) /.test(said))
    await put('revoke')
    await run('2026-03-09T08:00:00Z')
    // A right is nobody's thing.
    expect(await chased()).toEqual([])
    for (const table of ['provisioning_order', 'mail_item', 'mail', 'task']) await tell(`delete from ${table}`)
    await put('take-back')
    await run('2026-03-03T08:00:00Z')
    expect(await chased()).toEqual([])
    await run('2026-03-08T08:00:00Z')
    expect(await chased()).toEqual([
      'task-escalated hr Bo',
      ...(led!.name === 'Leder' ? [] : [`task-escalated manager ${led!.name}`]),
    ])
    await tell('delete from provisioning_order')
    await tell('delete from local_role')
    await tell(`delete from tool_user where username = 'hr1'`)
  })

  it('waits for the morning where it can', async () => {
    await task('2026-03-01', { at: '2026-01-02T08:00:00Z' })
    await run('2026-03-02T05:59:00Z')
    expect(server.got).toEqual([])
    await run('2026-03-02T06:00:00Z')
    expect(server.got).toHaveLength(1)
  })

  it('is dropped when it is done before anybody was told', async () => {
    const id = await task('2026-03-01', { at: '2026-01-02T08:00:00Z' })
    await run('2026-03-02T05:00:00Z')
    await tell(`update task set state = 'done' where id = $1`, [id])
    await run()
    expect(server.got).toEqual([])
    expect(await tell('select id from mail_item')).toEqual([])
  })

  it('reaches nobody who has died, names nobody who is protected, and holds no number', async () => {
    await task('2026-03-01', { at: '2026-01-02T08:00:00Z', person: 'Kim' })
    await run()
    expect(server.got[0]?.text).toContain('en person med beskyttet navn')
    for (const mail of server.got) {
      expect(mail.html).toContain('en person med beskyttet navn')
      // The mail's own number and its boundary are random digits, which may happen to look like a CPR number.
      const head = mail.head.replace(/(Message-ID: <|boundary=")[^>"]*/g, '$1')
      expect(withoutIds(`${head}${mail.text}${mail.html}`)).not.toMatch(/Hemmelig|Kim|\d{6}-?\d{4}/)
    }
    await task('2026-03-01', { at: '2026-01-02T08:00:00Z', system: 'kmd' })
    await tell(`update person_current set died_on = '2026-03-01' where person_id = $1`, [town.people.Chief])
    server.got.length = 0
    await run('2026-03-03T08:00:00Z')
    expect(server.got.map(mail => mail.to)).not.toContain('chief@town.example')
  })

  it('is in the language of its reader', async () => {
    await database.db.transaction(tx => setLanguage(tx, town.people.Leder as string, 'en'))
    await task('2026-03-05')
    await run()
    expect(server.got[0]?.text).toContain('is due on 5 March 2026')
  })

  it('warns of an end once a stage, not for a job shorter than the stage, nor where HR has said the end', async () => {
    await tell(`update affiliation_current set access_ends_on = null`)
    // Sten in Syd ends on 10 March; nobody leads Syd but who leads above it.
    await run()
    expect(await kinds()).toEqual(['affiliation-expires 14 Chief'])
    await run('2026-03-05T08:00:00Z')
    expect(await kinds()).toEqual(['affiliation-expires 14 Chief', 'affiliation-expires 5 Chief'])
    expect(server.got[0]?.text).toContain('sidste dag er 9. marts 2026')
  })

  it('tells who is on call of a lock at once, at night too, without a name', async () => {
    const roster = `insert into lock_roster (id, person_id, starts_at, ends_at, created_at, created_by)
      values ($1, $2, '2026-03-01', '2026-03-08', '2026-03-01', 'x')`
    await tell(roster, [newId(), town.people.Ann])
    await tell(roster, [newId(), town.people.Bo])
    await tell(
      `insert into person_lock (id, person_id, reason, locked_at, locked_by, locked_by_person_id)
       values ($1, $2, 'Mistanke', '2026-03-02T01:00:00Z', 'x', $3)`,
      [newId(), town.people.Gert, town.people.Bo],
    )
    await run('2026-03-02T01:01:00Z')
    // Who has set it cannot lift it.
    expect(server.got.map(mail => mail.to)).toEqual(['ann@town.example'])
    expect(server.got[0]?.text).not.toMatch(/Gert|Mistanke/)
  })

  it('tells both managers when rights stay after a move, and before they end', async () => {
    const affiliation = await tell<{ id: string }>(
      `select affiliation_id as id from affiliation_current where person_id = $1`,
      [town.people.Ann],
    )
    const rights = await tell<{ id: string }>('select id from entitlement order by key limit 2')
    for (const right of rights)
      await tell(
        `insert into right_grant (id, affiliation_id, entitlement_id, kind, reason, valid_from, valid_to, created_at, created_by, from_unit_id)
         values ($1, $2, $3, 'grace', 'x', '2026-03-01', '2026-03-15', '2026-03-01', 'system', $4)`,
        [newId(), affiliation[0]?.id, right.id, town.units['100']],
      )
    await run()
    expect(await kinds()).toEqual(['grace-begins grace-begins Chief', 'grace-begins grace-begins Leder'])
    expect(server.got[0]?.text).toContain('2 rettigheder fra Kommunen beholdes til og med 14. marts 2026')
    await run('2026-03-12T08:00:00Z')
    expect((await kinds()).slice(2)).toEqual(['grace-ends grace-ends Chief', 'grace-ends grace-ends Leder'])
  })
})

describe('a mail', () => {
  it('is shown on the page where there is no server or no address', async () => {
    await task('2026-03-05')
    expect(await run(NOW, null)).toEqual({ made: 1, sent: 0 })
    expect(await states()).toEqual(['shown'])
  })

  it('is tried again later, and by IT when it was given up', async () => {
    await task('2026-03-05')
    server.behaviour.answer = 'later'
    await run()
    expect(await states()).toEqual(['waiting'])
    await run('2026-03-02T07:40:00Z')
    expect(await tell('select attempts from mail')).toEqual([{ attempts: 1 }])
    for (const at of ['07:46', '08:50', '13:00', '23:30'])
      await run(at === '23:30' ? '2026-03-03T23:30:00Z' : `2026-03-02T${at}:00Z`)
    expect(await states()).toContain('failed')
    const [mail] = await tell<{ id: string }>(`select id from mail where state = 'failed'`)
    server.behaviour.answer = 'take'
    const now = new Date('2026-03-04T02:00:00Z')
    expect(await database.db.transaction(tx => tryAgain(tx, mail!.id, now))).toBe('done')
    await run('2026-03-04T02:00:00Z')
    expect(server.got).toHaveLength(1)
    expect(await database.db.transaction(tx => tryAgain(tx, mail!.id, now))).toBe('not-now')
    expect(await database.db.transaction(tx => tryAgain(tx, newId(), now))).toBe('unknown')
  })

  it('never goes twice: not when the connection is lost, not when the process dies after it was handed over', async () => {
    await task('2026-03-05')
    server.behaviour.answer = 'hang up'
    await run()
    server.behaviour.answer = 'take'
    await run('2026-03-02T12:00:00Z')
    expect(server.got).toHaveLength(1)
    expect(await states()).toEqual(['sending'])
    await tell('delete from mail_item')
    await tell('delete from mail')
    const dying: Mailer = {
      send: async mail => {
        await through.send(mail)
        throw new Error('killed')
      },
    }
    await expect(run('2026-03-02T12:00:00Z', dying)).rejects.toThrow('killed')
    await run('2026-03-02T13:00:00Z')
    expect(server.got).toHaveLength(2)
    const [mail] = await tell<{ id: string }>('select id from mail')
    const again = (at: string) => database.db.transaction(tx => tryAgain(tx, mail!.id, new Date(at)))
    // It may be under way this very moment.
    expect(await again('2026-03-02T12:05:00Z')).toBe('not-now')
    expect(await again('2026-03-02T13:00:00Z')).toBe('done')
  })

  it('goes once when several processes work at the same time', async () => {
    for (let n = 0; n < 5; n++) await task('2026-03-05', { person: ['Ann', 'Bo', 'Kim', 'Fie', 'Sten'][n]! })
    const sent = await Promise.all([run(), run(), run()])
    expect(sent.reduce((sum, one) => sum + one.sent, 0)).toBe(1)
    expect(server.got).toHaveLength(1)
  })
})
