import type { z } from 'zod'
import { nameOfType, typeOf } from '#contract/hr-event-types.ts'
import type { EventState, EventWhy, inboxEvent, inboxFilter, inboxRow } from '#contract/hr-events.ts'
import { type Statement, searchWords, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, sqlFor } from '../../policy/policy.ts'

type Row = z.output<typeof inboxRow>
type Filter = z.output<typeof inboxFilter> & { offset: number; limit: number }
type Stored = {
  id: string
  feed: string
  source: string
  eventId: string
  type: string
  subject: string
  time: Date
  effectiveOn: string | null
  receivedAt: Date
  state: EventState
  why: EventWhy | null
  affiliationId: string | null
  notes: number
  personId: string | null
  personName: string | null
  protected: boolean | null
  unitIds: string[] | null
  unitPath: string[] | null
  kind: 'employee' | 'pupil' | 'external' | 'other' | null
  status: 'active' | 'future' | 'ended' | null
}

const COLUMNS = `e.id, e.feed, e.source, e.event_id as "eventId", e.type, e.subject, e.time, e.effective_on as "effectiveOn",
  e.received_at as "receivedAt", s.state, s.why, s.affiliation_id as "affiliationId", jsonb_array_length(s.notes) as notes,
  p.person_id as "personId", p.name as "personName", p.protected, p.unit_ids as "unitIds", p.unit_path as "unitPath",
  p.kind, p.status`
const FROM = `from hr_event e join hr_event_state s on s.event_id = e.id left join person i on i.id = s.person_id
  left join person_current p on p.person_id = coalesce(i.merged_into, i.id)`

/** What personnel programs have sent, the newest first, with what became of it. Three statements. */
export async function inboxView(tx: Tx, actor: Actor, filter: Filter) {
  const q = statement()
  const where = [visible(actor, q)]
  if (filter.state) where.push(`s.state = ${q.bind(filter.state, 'text')}`)
  if (filter.feed) where.push(`e.feed = ${q.bind(filter.feed, 'text')}`)
  const name = filter.name ? (nameOfType(filter.name) ?? nameOfType(`dk.hjemmel.hr.${filter.name}.v1`)) : null
  if (filter.name) where.push(`e.type = ${q.bind(name ? typeOf(name) : filter.name, 'text')}`)
  if (filter.notes) where.push(`s.notes <> '[]'`)
  if (filter.text) {
    const words = searchWords(filter.text)
    // A name is only searched by those who may see the names that are protected, too.
    const named = words.map(word => `p.search like '% ' || ${q.bind(word, 'text')} || '%'`).join(' and ') || 'false'
    const shown = seesNames(actor) ? named : `not p.protected and ${named}`
    where.push(
      `((${shown}) or e.subject = ${q.bind(filter.text, 'text')} or e.event_id = ${q.bind(filter.text, 'text')})`,
    )
  }
  const rows = await tx.query<Stored & { total: number }>(
    `select ${COLUMNS}, (count(*) over ())::int as total ${FROM} where ${where.join(' and ')}
     order by e.received_at desc, e.time desc, e.id desc offset ${q.bind(filter.offset, 'int')} limit ${q.bind(filter.limit, 'int')}`,
    q.params,
  )
  const s = statement()
  const counts = await tx.query<{ feed: string; state: string; count: number }>(
    `select e.feed, s.state, count(*)::int as count from hr_event e join hr_event_state s on s.event_id = e.id
     where ${visible(actor, s)} group by e.feed, s.state`,
    s.params,
  )
  const states: Record<string, number> = {}
  for (const { state, count } of counts) states[state] = (states[state] ?? 0) + count
  return {
    rows: rows.map(row => rowOf(row, actor)),
    total: rows[0]?.total ?? 0,
    states,
    feeds: [...new Set(counts.map(row => row.feed))].sort(),
    gaps: await gapsOf(tx),
  }
}

const visible = (actor: Actor, q: Statement): string =>
  q.use(startAt => sqlFor(actor, 'read', 'HrEvent', { feed: { sql: 'e.feed', type: 'text' } }, { startAt }))

const seesNames = (actor: Actor): boolean =>
  allows(
    actor,
    'read',
    'Person',
    { id: '', kind: 'employee', status: 'active', unitIds: [], unitPath: [], systemIds: [] },
    'protectedName',
  )

function rowOf(row: Stored, actor: Actor): Row {
  const settles = allows(actor, 'decide', 'HrEvent', { feed: row.feed })
  const shown =
    row.personId !== null &&
    allows(
      actor,
      'read',
      'Person',
      {
        id: row.personId,
        kind: row.kind ?? 'employee',
        status: row.status ?? 'active',
        unitIds: row.unitIds ?? [],
        unitPath: row.unitPath ?? [],
        systemIds: [],
      },
      row.protected ? 'protectedName' : 'basic',
    )
  return {
    id: row.id,
    feed: row.feed,
    source: row.source,
    eventId: row.eventId,
    type: row.type,
    name: nameOfType(row.type),
    subject: row.subject,
    time: row.time.toISOString(),
    effectiveOn: row.effectiveOn,
    receivedAt: row.receivedAt.toISOString(),
    state: row.state,
    why: row.why,
    person: row.personId
      ? { id: row.personId, name: shown ? row.personName : null, protected: row.protected === true }
      : null,
    affiliationId: row.affiliationId,
    notes: row.notes,
    allowed: {
      retry: settles && ['failed', 'waiting'].includes(row.state),
      setAside: settles && ['failed', 'waiting', 'held', 'unknown-type'].includes(row.state),
      approve: settles && row.state === 'held',
    },
  }
}

/** Sources that number their events and have left numbers out. */
async function gapsOf(tx: Tx) {
  return tx.query<{ feed: string; source: string; missing: number; first: number }>(
    `select feed, source, (max(sequence) - min(sequence) + 1 - count(distinct sequence))::int as missing,
       (select min(a.sequence) + 1 from hr_event a where a.feed = e.feed and a.source = e.source and a.sequence is not null
          and not exists (select from hr_event b where b.feed = a.feed and b.source = a.source
            and b.sequence = a.sequence + 1))::int as first
     from hr_event e where sequence is not null group by feed, source
     having max(sequence) - min(sequence) + 1 > count(distinct sequence) order by feed, source limit 20`,
  )
}

type Detail = Stored & {
  content: Record<string, unknown>
  attempts: number
  decidedBy: string | null
  reason: string | null
  details: z.output<typeof inboxEvent>['details']
  refersSource: string | null
  refersId: string | null
}

/** One event; null where there is none that the reader may see. Three statements. */
export async function inboxEventView(tx: Tx, actor: Actor, id: string): Promise<z.output<typeof inboxEvent> | null> {
  const q = statement()
  const seen = visible(actor, q)
  const [row] = await tx.query<Detail>(
    `select ${COLUMNS}, e.data as content, s.attempts, s.decided_by as "decidedBy", s.reason, s.notes as details,
       e.refers_source as "refersSource", e.refers_id as "refersId"
     ${FROM} where ${seen} and e.id = ${q.bind(id, 'uuid')}`,
    q.params,
  )
  if (!row) return null
  const related = await tx.query<{ id: string | null; eventId: string; type: string | null; how: 'of' | 'by' }>(
    `select o.id, coalesce(o.event_id, e.refers_id) as "eventId", o.type, 'of' as how from hr_event e
     left join hr_event o on o.feed = e.feed and o.source = e.refers_source and o.event_id = e.refers_id
     where e.id = $1 and e.refers_id is not null
     union all
     select o.id, o.event_id, o.type, 'by' from hr_event e
     join hr_event o on o.feed = e.feed and o.refers_source = e.source and o.refers_id = e.event_id where e.id = $1`,
    [id],
  )
  const facts = await tx.query<{
    kind: string
    op: 'assert' | 'retract'
    from: string | null
    to: string | null
    attributes: string[]
  }>(
    `select f.subject_kind as kind, f.op, lower(f.valid) as from, upper(f.valid) as to,
       array(select k from jsonb_object_keys(f.attrs) as k order by k) as attributes
     from hr_event_state s cross join unnest(s.facts) as h join fact f on f.hash = decode(h, 'hex')
     where s.event_id = $1 order by f.id`,
    [id],
  )
  const made = rowOf(row, actor)
  const settles = allows(actor, 'decide', 'HrEvent', { feed: row.feed })
  return {
    ...made,
    content: settles ? row.content : null,
    attempts: row.attempts,
    decidedBy: row.decidedBy,
    reason: row.reason,
    details: row.details,
    related: related.map(({ type, ...one }) => ({ ...one, name: type === null ? null : nameOfType(type) })),
    facts,
  }
}
