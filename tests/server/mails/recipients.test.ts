import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MAIL_KINDS, type MailKind } from '#contract/mail-lists.ts'
import { sendMails } from '../../../server/mails/mail-service.ts'
import { setLanguage } from '../../../server/mails/mail-store.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import { newId } from '../../../server/platform/ids.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { createMailer } from '../../../server/platform/mail.ts'
import { testDatabase } from '../../support/database.ts'
import { startMailServer } from '../../support/mail-server.ts'
import { activityInForce } from '../../support/register.ts'
import { withoutIds } from '../../support/without-ids.ts'
import { smallTown } from '../overview/small-town.ts'

/* Of every kind of mail: who gets it, who gets it while they are away, in which language, and what is never in it. */
const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let server: Awaited<ReturnType<typeof startMailServer>>
/** A record in force that Leder owns. */
let care: string
/** The user that Bo signs in as. */
let hrUser: string
const tell = <T>(sql: string, params: unknown[] = []) =>
  database.db.transaction(tx => tx.query<T & object>(sql, params))
const CPR = '010203-1234'
const role = (user: string, name: 'hr' | 'dpo' | 'it') =>
  tell(
    `insert into local_role (id, user_id, role, valid, reason) values ($1, $2, $3, daterange('2026-01-01', '2027-01-01'), 'x')`,
    [newId(), user, name],
  )
const hold = async (person: string, { placed = '2026-01-02', expires = '2026-03-16' } = {}) => {
  const id = newId()
  await tell(
    `insert into legal_hold (id, kind, subject_id, reason, owner_id, placed_at, placed_by, expires_on) values ($1, 'person', $2, $3, $4, $5, $6, $7)`,
    [id, town.people[person], `Retssag ${CPR}`, town.people.Chief, placed, hrUser, expires],
  )
  return id
}

beforeAll(async () => {
  town = await smallTown(database.db)
  server = await startMailServer()
  await tell(`update mail_start set at = '2026-01-01'`)
  await tell(`update person_current set email = lower(given_name) || '@town.example'`)
  // Sten is led by Leder of Nord, whose deputy is Ann. Bo is HR, Eks is on call for locks.
  await tell('update affiliation_current set manager_person_id = $1 where person_id = $2', [
    town.people.Leder,
    town.people.Sten,
  ])
  const user = newId()
  await tell(`insert into tool_user (id, kind, username, person_id) values ($1, 'person', 'bo', $2)`, [
    user,
    town.people.Bo,
  ])
  await role(user, 'hr')
  hrUser = user
  // Eks is the DPO.
  const dpo = newId()
  await tell(`insert into tool_user (id, kind, username, person_id) values ($1, 'person', 'eks', $2)`, [
    dpo,
    town.people.Eks,
  ])
  await role(dpo, 'dpo')
  // Chief is IT.
  const it = newId()
  await tell(`insert into tool_user (id, kind, username, person_id) values ($1, 'person', 'chief', $2)`, [
    it,
    town.people.Chief,
  ])
  await role(it, 'it')
  care = await database.db.transaction(tx => activityInForce(tx, { ref: 'BA-1', name: `Personlig pleje ${CPR}` }))
  await tell('update activity_version set owner_id = $1 where activity_id = $2', [await jobOf('Leder'), care])
})
afterAll(() => server.close())
beforeEach(async () => {
  server.got.length = 0
  const made = [
    'mail_item',
    'mail',
    'mail_language',
    'task',
    'person_lock',
    'lock_roster',
    'right_grant',
    'lifecycle_case',
    'legal_hold',
    'rectification',
    'purpose_binding',
  ]
  for (const table of made) await tell(`delete from ${table}`)
  await tell(`update affiliation_current set on_leave = false, access_ends_on = coalesce(ends_on, '2030-01-01')`)
  await tell(`update affiliation set source = 'hr'`)
  await tell(`update person_current set died_on = null`)
  await tell('update activity set attest_due = null')
  await tell(`update it_system set sheet = sheet - 'contracts', attest_due = '2027-01-01'`)
})

const jobOf = async (person: string): Promise<string> => {
  const rows = await tell<{ id: string }>(
    'select affiliation_id as id from affiliation_current where person_id = $1 order by affiliation_id limit 1',
    [town.people[person]],
  )
  return rows[0]?.id as string
}
const report = async (person: string) => {
  const id = newId()
  await tell(
    `insert into lifecycle_case (id, kind, state, person_id, affiliation_id, unit_id, effective_on, form, created_at, updated_at, sent_at, stated_at)
     values ($1, 'end', 'sent', $2, $3, $4, '2026-03-10', $5, '2026-03-02T06:00:00Z', '2026-03-02T06:00:00Z', '2026-03-02T06:00:00Z', '2026-03-02T06:00:00Z')`,
    [id, town.people[person], await jobOf(person), town.units['111'], JSON.stringify({ title: `SSA ${CPR}` })],
  )
  return id
}
const task = async (person: string, due: string, made: string) => {
  await tell(
    `insert into task (id, system_id, person_id, due_on, direction, made_at) values ($1, $2, $3, $4, 'take', $5)`,
    [newId(), town.systems.sbsys, town.people[person], due, made],
  )
}
const approval = async (person: string, reminded: boolean) => {
  const id = newId()
  await tell(
    `insert into lifecycle_approval (id, case_id, affiliation_id, person_id, entitlement_id, constraints, valid_from, because, via,
       unit_id, approver_person_id, created_at)
     values ($1, $2, $3, $4, $5, '{}', '2026-03-10', 'special', 'manager', $6, $7, $8)`,
    [
      ...[id, await report(person), await jobOf(person), town.people[person], town.rights['sbsys/caseworker']],
      ...[town.units['111'], town.people.Leder, reminded ? '2026-02-20T08:00:00Z' : '2026-03-02T06:00:00Z'],
    ],
  )
  if (reminded) await tell(`insert into lifecycle_reminder (approval_id, due_on) values ($1, '2026-03-02')`, [id])
}
const grace = async (person: string, from: string, to: string) => {
  await tell(
    `insert into right_grant (id, affiliation_id, entitlement_id, kind, reason, valid_from, valid_to, created_at, created_by, from_unit_id)
     values ($1, $2, $3, 'grace', 'x', $4::date, $5, $4::date, 'system', $6)`,
    [newId(), await jobOf(person), town.rights['sbsys/reader'], from, to, town.units['100']],
  )
}

/** The person says that a right in the system that Leder owns is wrong. */
const wrong = async (
  person: string,
  { asked, answered = null, office = 'systemowner' }: { asked: string; answered?: string | null; office?: string },
) => {
  const id = newId()
  const outcome = answered === null ? null : 'corrected'
  await tell(
    `insert into rectification (id, person_id, about, entitlement_id, system_id, office, words, asked_at, answered_at, outcome, answer)
     values ($1, $2, 'right', $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[id, town.people[person], town.rights['sbsys/reader'], town.systems.sbsys, office, `Ikke mig ${CPR}`],
      ...[asked, answered, outcome, outcome && `Rettet for ${CPR}`],
    ],
  )
  return id
}
/** What that system is for; by a rule: what everybody has. */
const bound = async ({ approved, rule = null, by = 'x' }: { approved: string; rule?: string | null; by?: string }) => {
  const id = newId()
  await tell(
    `insert into purpose_binding (id, level, system_id, rule_key, activity_id, purpose_key, necessity, origin, proposed_by, proposed_at,
       approved_by, approved_at, valid, recorded)
     values ($1, $2, $3, $4, $5, 'main', 'Til plejen', 'manual', $6, $7, 'y', $7, daterange($8::date, null), tstzrange($7::timestamptz, null))`,
    [id, rule ? 'rule' : 'system', rule ? null : town.systems.sbsys, rule, care, by, `${approved}T08:00:00Z`, approved],
  )
  return id
}

/** A contract of the system that Leder owns. */
const contract = (said: object) =>
  tell(`update it_system set sheet = jsonb_set(sheet, '{contracts}', $2::jsonb) where id = $1`, [
    town.systems.sbsys,
    JSON.stringify([{ name: `Drift ${CPR}`, ...said }]),
  ])

/** What is about nobody, or only about its reader. */
const NAMELESS: readonly MailKind[] = [
  ...(['lock-set', 'hold-ends', 'rectification-answered', 'binding-review', 'attestation-due'] as const),
  ...(['contract-day', 'sheet-attestation'] as const),
]

/** What makes each mail due on Monday 2 March, about somebody in Nord; who reads it, and who more while Leder is away. */
const KINDS: Record<MailKind, { make(person: string): Promise<unknown>; to: string[]; away: string[] }> = {
  'task-assigned': { make: person => task(person, '2026-03-04', '2026-03-02T06:00:00Z'), to: ['leder'], away: ['ann'] },
  'task-due': { make: person => task(person, '2026-03-02', '2026-01-02T06:00:00Z'), to: ['leder'], away: ['ann'] },
  // Deputies and those above are told in any case.
  'task-escalated': {
    make: person => task(person, '2026-02-26', '2026-01-02T06:00:00Z'),
    to: ['ann', 'chief'],
    away: [],
  },
  'approval-asked': { make: person => approval(person, false), to: ['ann', 'leder'], away: [] },
  'approval-reminded': { make: person => approval(person, true), to: ['ann', 'leder'], away: [] },
  'case-plan': { make: report, to: ['leder'], away: ['ann'] },
  'affiliation-expires': {
    make: async person =>
      tell(`update affiliation_current set ends_on = '2026-03-30', access_ends_on = null where affiliation_id = $1`, [
        await jobOf(person),
      ]),
    to: ['leder'],
    away: ['ann'],
  },
  'payroll-unconfirmed': {
    make: async person => {
      await tell(`update affiliation set source = 'report', created_at = '2026-01-02' where id = $1`, [
        await jobOf(person),
      ])
    },
    to: ['bo'],
    away: [],
  },
  'lock-set': {
    make: async person => {
      await tell(
        `insert into lock_roster (id, person_id, starts_at, ends_at, created_at, created_by)
         values ($1, $2, '2026-03-01', '2026-03-08', '2026-03-01', 'x')`,
        [newId(), town.people.Eks],
      )
      await tell(
        `insert into person_lock (id, person_id, reason, locked_at, locked_by) values ($1, $2, $3, '2026-03-02T06:00:00Z', 'x')`,
        [newId(), town.people[person], `Mistanke ${CPR}`],
      )
    },
    to: ['eks'],
    away: [],
  },
  death: {
    make: async person => {
      await tell(`update person_current set died_on = '2026-02-28' where person_id = $1`, [town.people[person]])
      // Reported as an end, with tasks and a right that was asked for: none of that may name them.
      await approval(person, false)
      await task(person, '2026-03-04', '2026-03-02T06:00:00Z')
    },
    to: ['leder'],
    away: ['ann'],
  },
  'hold-ends': { make: person => hold(person), to: ['bo', 'eks'], away: [] },
  'rectification-asked': {
    make: person => wrong(person, { asked: '2026-03-02T06:00:00Z' }),
    to: ['leder'],
    away: ['chief'],
  },
  // Past its day IT, who may answer too, is told as well.
  'rectification-due': {
    make: person => wrong(person, { asked: '2026-02-01T06:00:00Z' }),
    to: ['chief', 'leder'],
    away: [],
  },
  'rectification-answered': {
    make: person => wrong(person, { asked: '2026-02-20T06:00:00Z', answered: '2026-03-02T06:00:00Z' }),
    to: ['sten'],
    away: [],
  },
  'binding-review': { make: () => bound({ approved: '2025-03-02' }), to: ['leder'], away: [] },
  'attestation-due': {
    make: () => tell(`update activity set attest_due = '2026-03-15' where id = $1`, [care]),
    to: ['leder'],
    away: [],
  },
  'contract-day': { make: () => contract({ to: '2026-05-01' }), to: ['leder'], away: [] },
  'sheet-attestation': {
    make: () => tell(`update it_system set attest_due = '2026-03-15' where id = $1`, [town.systems.sbsys]),
    to: ['leder'],
    away: [],
  },
  'grace-begins': { make: person => grace(person, '2026-03-02', '2026-03-30'), to: ['chief', 'leder'], away: ['ann'] },
  'grace-ends': { make: person => grace(person, '2026-02-01', '2026-03-05'), to: ['chief', 'leder'], away: ['ann'] },
}
/** Half past eight in Copenhagen; only mails that tell of this kind. */
const sent = async (kind: MailKind, day = '2026-03-02') => {
  const through = createMailer({ url: server.url, from: 'hjemmel@town.example' })
  await sendMails({
    ...{ db: database.db, clock: fixedClock(`${day}T07:30:00Z`), log: silentLog, mailer: through },
    publicUrl: 'https://hjemmel.example',
  })
  const rows = await tell<{ email: string }>(
    `select p.email from mail_item i join person_current p on p.person_id = i.person_id where i.kind = $1 and i.told_at is not null`,
    [kind],
  )
  const readers = rows.map(row => row.email)
  return server.got.filter(mail => readers.includes(mail.to)).sort((a, b) => (a.to < b.to ? -1 : 1))
}
/** A reader may have got more than one, of another rhythm. */
const names = (mails: { to: string }[]) => [...new Set(mails.map(mail => mail.to.replace('@town.example', '')))]

describe.each(MAIL_KINDS)('a mail of the kind %s', kind => {
  const { make, to, away } = KINDS[kind]

  it('reaches whoever it is for, each in the own language, with both parts and no number', async () => {
    await database.db.transaction(tx => setLanguage(tx, town.people.Leder as string, 'en'))
    await make('Sten')
    const mails = await sent(kind)
    expect(names(mails)).toEqual(to)
    for (const mail of mails) {
      const english = mail.to === 'leder@town.example'
      expect(mail.text).toMatch(english ? /^Hello\n/ : /^Hej\n/)
      expect(mail.html).toContain(`<html lang="${english ? 'en' : 'da'}">`)
      expect(withoutIds(`${mail.text}${mail.html}`)).not.toMatch(/\d{6}[ -]?\d{4}/)
      // A lock, and what is kept because of a matter against somebody, are told of without a name.
      if (NAMELESS.includes(kind)) expect(`${mail.text}${mail.html}`).not.toMatch(/Sten|Retssag/)
      else expect(mail.text).toContain('Sten')
    }
  })

  it('reaches the deputy as well while the one who leads is away', async () => {
    await tell('update affiliation_current set on_leave = true where person_id = $1', [town.people.Leder])
    await make('Sten')
    expect(names(await sent(kind))).toEqual([...to, ...away].sort())
  })

  it('names nobody whose name is protected, and tells nobody about themselves', async () => {
    await make('Kim')
    const mails = await sent(kind)
    expect(mails.length).toBeGreaterThan(0)
    for (const mail of mails) expect(`${mail.head}${mail.text}${mail.html}`).not.toMatch(/Kim|Hemmelig/)
    // An answer is for the one who asked.
    expect(names(mails).includes('kim')).toBe(kind === 'rectification-answered')
    server.got.length = 0
    await make('Ann')
    expect((await sent(kind)).filter(mail => mail.to.startsWith('ann') && mail.text.includes('Ann'))).toEqual([])
  })
})

describe('a legal hold that ends', () => {
  const due = async (today: string) => {
    server.got.length = 0
    await sendMails({
      ...{ db: database.db, clock: fixedClock(`${today}T07:30:00Z`), log: silentLog },
      ...{
        mailer: createMailer({ url: server.url, from: 'hjemmel@town.example' }),
        publicUrl: 'https://hjemmel.example',
      },
    })
    return names([...server.got].sort((a, b) => (a.to < b.to ? -1 : 1)))
  }

  it('is told of 14 and 3 days before, once each, and again where it was moved', async () => {
    const id = await hold('Sten')
    expect(await due('2026-03-01')).toEqual([])
    expect(await due('2026-03-02')).toEqual(['bo', 'eks'])
    expect(server.got[0]?.text).toContain('slutter 16. marts 2026')
    expect(server.got[0]?.text).toContain('https://hjemmel.example/admin/compliance/holds')
    expect(await due('2026-03-12')).toEqual([])
    expect(await due('2026-03-13')).toEqual(['bo', 'eks'])
    expect(await due('2026-03-14')).toEqual([])
    await tell(`update legal_hold set expires_on = '2026-04-16' where id = $1`, [id])
    expect(await due('2026-04-02')).toEqual(['bo', 'eks'])
    await tell(`update legal_hold set ended_at = '2026-04-03' where id = $1`, [id])
    expect(await due('2026-04-13')).toEqual([])
  })

  it('is not told to whom it is about, nor on the day it is placed for a week', async () => {
    await hold('Eks')
    expect(await due('2026-03-02')).toEqual(['bo'])
    await tell('delete from legal_hold')
    await hold('Sten', { placed: '2026-03-02', expires: '2026-03-09' })
    expect(await due('2026-03-02')).toEqual([])
    expect(await due('2026-03-06')).toEqual(['bo', 'eks'])
  })
})

describe('a death', () => {
  it('is told to who leads, once, and nothing else that is sent is to or about the dead', async () => {
    await KINDS.death.make('Sten')
    await tell(`update affiliation set source = 'report', created_at = '2026-01-02' where id = $1`, [
      await jobOf('Sten'),
    ])
    await grace('Sten', '2026-03-02', '2026-03-30')
    await tell(
      `update affiliation_current set ends_on = '2026-03-30', access_ends_on = null where affiliation_id = $1`,
      [await jobOf('Sten')],
    )
    await sent('death')
    await sent('death')
    const about = server.got.filter(mail => /Sten/.test(`${mail.head}${mail.text}${mail.html}`))
    expect(about).toHaveLength(1)
    expect(about[0]?.text).toContain('Hjemmel lukker adgangene uden at skrive til andre om det')
    expect(about[0]?.to).toBe('leder@town.example')
    expect(server.got.map(mail => mail.to)).not.toContain('sten@town.example')
    const kinds = await tell<{ kind: string }>('select distinct kind from mail_item order by kind')
    expect(kinds.map(row => row.kind)).toEqual(['death', 'task-assigned'])
    // The oracle objects where somebody lives.
    await tell(`update person_current set died_on = null`)
    await sent('case-plan')
    expect(server.got.filter(mail => /Sten/.test(mail.text)).length).toBeGreaterThan(1)
  })
})

describe('what somebody says is wrong', () => {
  const told = async (day: string) => {
    await tell('delete from mail_item')
    await tell('delete from mail')
    await sent('rectification-due', day)
    const rows = await tell<{ said: string }>(
      `select i.kind || ' ' || i.stage || ' ' || p.given_name as said from mail_item i join person_current p on p.person_id = i.person_id
       where i.kind like 'rectification%' order by 1`,
    )
    return rows.map(row => row.said)
  }

  it('is told to whoever may answer: the owner, HR, and IT where nobody else may', async () => {
    await wrong('Sten', { asked: '2026-03-02T06:00:00Z', office: 'hr' })
    expect(await told('2026-03-02')).toEqual(['rectification-asked asked Bo'])
    await tell('delete from rectification')
    // Of a pupil HR may not know.
    await wrong('Ole', { asked: '2026-03-02T06:00:00Z', office: 'hr' })
    expect(await told('2026-03-02')).toEqual(['rectification-asked asked Chief'])
    await tell('delete from rectification')
    // Nobody answers for themselves: IT does.
    await wrong('Leder', { asked: '2026-03-02T06:00:00Z' })
    expect(await told('2026-03-02')).toEqual(['rectification-asked asked Chief'])
  })

  it('is told again a week before its month is over, and after it, until it is answered', async () => {
    const id = await wrong('Sten', { asked: '2026-02-10T06:00:00Z' })
    expect(await told('2026-03-02')).toEqual(['rectification-asked asked Leder'])
    expect(await told('2026-03-03')).toEqual(['rectification-due before Leder'])
    expect(await told('2026-03-10')).toEqual(['rectification-due before Leder'])
    expect(await told('2026-03-11')).toEqual(['rectification-due after Chief', 'rectification-due after Leder'])
    await tell(
      `update rectification set answered_at = '2026-03-11T06:00:00Z', outcome = 'corrected', answer = 'Nu' where id = $1`,
      [id],
    )
    expect(await told('2026-03-11')).toEqual(['rectification-answered answered Sten'])
    await tell(`update rectification set seen_at = '2026-03-11T06:30:00Z' where id = $1`, [id])
    expect(await told('2026-03-11')).toEqual([])
  })
})

describe('a purpose that is to be looked at again', () => {
  const told = async (day: string) => {
    const mails = await sent('binding-review', day)
    return names(mails)
  }

  it('is told to the owner on its day and once more a month later, and no more when somebody has looked', async () => {
    const id = await bound({ approved: '2025-03-02' })
    expect(await told('2026-03-01')).toEqual([])
    expect(await told('2026-03-02')).toEqual(['leder'])
    server.got.length = 0
    await told('2026-03-20')
    expect(server.got).toEqual([])
    await told('2026-04-01')
    expect(server.got.map(mail => mail.to)).toEqual(['leder@town.example'])
    server.got.length = 0
    await tell('delete from mail_item')
    await tell('delete from mail')
    await tell(`update purpose_binding set approved_at = '2026-03-30' where id = $1`, [id])
    await told('2026-04-02')
    expect(server.got).toEqual([])
  })

  it('of a rule is for IT to look at, but for nobody who said it first; so is what has no owner', async () => {
    await bound({ approved: '2025-03-02', rule: 'everybody' })
    expect(await told('2026-03-02')).toEqual(['chief'])
    await tell('delete from purpose_binding')
    await tell('delete from mail_item')
    await tell('delete from mail')
    server.got.length = 0
    const [user] = await tell<{ id: string }>(`select id from tool_user where username = 'chief'`)
    await bound({ approved: '2025-03-02', rule: 'everybody', by: user!.id })
    expect(await told('2026-03-02')).toEqual([])
    await bound({ approved: '2025-03-02' })
    await tell('update it_system set owner_affiliation_id = null where id = $1', [town.systems.sbsys])
    expect(await told('2026-03-02')).toEqual(['chief'])
    await tell('update it_system set owner_affiliation_id = $2 where id = $1', [
      town.systems.sbsys,
      await jobOf('Leder'),
    ])
  })
})
