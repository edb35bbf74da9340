import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { hashToken, makeToken } from '../../../../server/auth/tokens/token.ts'
import type { SimpleName } from '../../../../server/contract/hr-event-types.ts'
import { type EventName, typeOf } from '../../../../server/contract/hr-event-types.ts'
import { civilDate } from '../../../../server/platform/clock.ts'
import { newId } from '../../../../server/platform/ids.ts'
import type { House } from '../../../../server/wiring.ts'
import { testDatabase } from '../../../support/database.ts'
import { openHouse, serve } from '../../../support/house.ts'

export type Sent = {
  status: number
  body: Record<string, never> & { receipts?: { receipt: string; state: string; why: string | null }[] }
  text: string
}

/** The whole house on an empty town, with a program that may send events to it. The clock is the test's. */
export function hrHouse() {
  const database = testDatabase()
  const made = {
    house: undefined as unknown as House,
    url: '',
    token: '',
    today: '2026-03-02',
    hour: 9,
    log: '',
    send: async (event: unknown, type = 'application/cloudevents+json'): Promise<Sent> => {
      const response = await fetch(`${made.url}/api/hr/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${made.token}`, 'content-type': type },
        body: JSON.stringify(event),
      })
      const text = await response.text()
      return { status: response.status, body: JSON.parse(text), text }
    },
    /** Sends, and waits until nothing is left to carry out. */
    tell: async (...events: unknown[]): Promise<Sent[]> => {
      const answers: Sent[] = []
      for (const event of events) answers.push(await made.send(event))
      await made.house.events.settled()
      return answers
    },
    get: async (path: string) => {
      const response = await fetch(`${made.url}/api${path}`, { headers: { authorization: `Bearer ${made.token}` } })
      return { status: response.status, body: await response.json() }
    },
    query: <Row>(sql: string, params: unknown[] = []) => made.house.db.transaction(tx => tx.query<Row>(sql, params)),
    /** What is known now, by the sources' own keys and without ids, as of every day. */
    state: () => stateOf(made),
    makeToken: (feed = 'hr-events') => giveToken(made.house, feed),
    reset: async () => {
      await made.house.events.settled()
      await database.reset()
      made.token = await giveToken(made.house)
    },
  }
  let close = async (): Promise<void> => {}
  const dataDir = mkdtempSync(join(tmpdir(), 'hjemmel-hr-'))
  beforeAll(async () => {
    const clock = {
      now: () => new Date(`${made.today}T${String(made.hour).padStart(2, '0')}:00:00Z`),
      today: () => civilDate(clock.now()),
    }
    made.house = await openHouse(
      database.url,
      dataDir,
      { HJEMMEL_REQUESTS_PER_MINUTE: '1000000' },
      {
        clock,
        log: {
          write: line => {
            made.log += line
          },
        },
      },
    )
    const served = await serve(made.house)
    made.url = served.url
    made.token = await giveToken(made.house)
    close = async () => {
      await made.house.events.settled()
      await served.close()
      await made.house.db.close()
    }
  })
  afterAll(async () => {
    await close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return made
}

async function giveToken(house: House, feed = 'hr-events'): Promise<string> {
  const { token } = makeToken()
  await house.db.transaction(tx =>
    tx.query(
      `insert into api_token (id, name, hash, hint, rights, feed, created_at, created_by, expires_at)
       values ($1, 'Løn', $2, 'abcd', '{hr-event.send}', $3, now(), 'test', '2030-01-01')`,
      [newId(), hashToken(token), feed],
    ),
  )
  return token
}

async function stateOf({ house }: { house: House }) {
  return house.db.transaction(async tx => ({
    affiliations: await tx.query(
      `select a.source, a.key, lower(s.valid) as f, upper(s.valid) as t,
         s.attrs - 'unit' || jsonb_build_object('unit', (select key from org_unit u where u.id::text = s.attrs ->> 'unit')) as attrs,
         (select jsonb_agg(k.key order by k.source, k.key) from person_key k where k.person_id = a.person_id) as person
       from affiliation a join affiliation_state s on s.affiliation_id = a.id where upper_inf(s.recorded)
       order by a.source, a.key, lower(s.valid) nulls first`,
    ),
    persons: await tx.query(
      `select (select jsonb_agg(k.key order by k.source, k.key) from person_key k where k.person_id = s.person_id) as person,
         lower(s.valid) as f, upper(s.valid) as t, s.attrs, c.hash is not null as numbered
       from person_state s left join person_cpr c on c.person_id = s.person_id where upper_inf(s.recorded)
       order by 1, lower(s.valid) nulls first`,
    ),
    current: await tx.query(
      `select a.source, a.key, c.status, c.title, c.starts_on, c.ends_on, c.contract_ends_on, c.access_ends_on, c.on_leave
       from affiliation_current c join affiliation a on a.id = c.affiliation_id order by 1, 2`,
    ),
  }))
}

let counter = 0
/** An event as a program sends it. */
export function event(
  name: EventName,
  subject: string,
  data: Record<string, unknown>,
  more: { id?: string; time?: string; source?: string; sequence?: number } = {},
): Record<string, unknown> & { id: string; source: string } {
  counter += 1
  return {
    specversion: '1.0',
    id: more.id ?? `e${counter}`,
    source: more.source ?? '/loen/ansaettelser',
    type: typeOf(name),
    subject,
    time: more.time ?? new Date(Date.UTC(2026, 1, 1) + counter * 60_000).toISOString(),
    datacontenttype: 'application/json',
    ...(more.sequence === undefined ? {} : { sequence: more.sequence }),
    data,
  }
}

export const hired = (subject: string, person: string, from: string, more: Record<string, unknown> = {}) =>
  event('hired', subject, {
    effectiveDate: from,
    person: { key: person, givenName: 'Karen', familyName: `Holm ${person}`, birthDate: '1980-05-04' },
    affiliationKind: 'employment',
    unit: '100',
    title: 'Pædagog',
    fraction: 1,
    ...more,
  })
export const cancels = (subject: string, of: { id: string; source: string }) =>
  event('cancelled', subject, { event: { source: of.source, id: of.id } })
export const corrects = (
  subject: string,
  of: { id: string; source: string },
  name: SimpleName,
  data: Record<string, unknown>,
) => event('corrected', subject, { event: { source: of.source, id: of.id }, type: typeOf(name), data })
