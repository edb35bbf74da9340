import type { ResponseOf } from '#contract/endpoint.ts'
import type { listOwnRectifications, listRectifications } from '#contract/rectifications.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, sqlFor } from '../../policy/policy.ts'
import { personRefSql, unitRefSql, visibleTo } from '../visible.ts'
import type { Office } from './rectification-store.ts'

type List = ResponseOf<typeof listRectifications>
type Own = ResponseOf<typeof listOwnRectifications>
type Dates = { askedAt: Date; answeredAt: Date | null }

const COLUMNS = `r.id, jsonb_strip_nulls(jsonb_build_object('about', r.about, 'entitlementId', r.entitlement_id,
    'affiliationId', r.affiliation_id, 'accountId', r.account_id)) as object,
  coalesce(e.name, acc.username, (select concat_ws(', ', ac.title, o.name) from affiliation_current ac
    left join org_unit_current o on o.unit_id = ac.unit_id where ac.affiliation_id = r.affiliation_id)) as label,
  case when s.id is not null then json_build_object('id', s.id, 'key', s.key, 'name', s.name) end as system,
  r.office, r.words, r.asked_at as "askedAt", r.outcome, r.answer, r.answered_at as "answeredAt", r.answered_as as "answeredAs"`
const NAMED = `left join entitlement e on e.id = r.entitlement_id left join account acc on acc.id = r.account_id
  left join it_system s on s.id = r.system_id`

/** What a person has said, with the answers. One statement. */
export async function ownRectificationsView(tx: Tx, actor: Actor): Promise<Own> {
  const rows = await tx.query<Omit<Own['rows'][number], keyof Dates> & Dates>(
    `select ${COLUMNS}, r.answered_at is null or r.seen_at is not null as seen from rectification r ${NAMED}
     where r.person_id in (select id from person where id = $1 or merged_into = $1)
     order by r.asked_at desc, r.id limit 200`,
    [actor.personId],
  )
  return { rows: rows.map(told), unseen: rows.filter(row => !row.seen).length }
}

/** Over `rectification r` and its person `p`: the reader may see it, or answer it. */
const may = (actor: Actor, action: 'read' | 'decide', q: Statement): string =>
  q.use(startAt =>
    sqlFor(
      actor,
      action,
      'Rectification',
      {
        personKind: { sql: 'p.kind', type: 'text' },
        office: { sql: 'r.office', type: 'text' },
        systemId: { sql: 'r.system_id', type: 'uuid' },
      },
      { startAt },
    ),
  )
const PERSON = `join person i on i.id = r.person_id join person_current p on p.person_id = coalesce(i.merged_into, i.id)`

/** What the reader answers for, or may see: open ones first, the oldest first. Two statements. */
export async function rectificationsView(
  tx: Tx,
  actor: Actor,
  query: { state?: 'open' | 'answered' | undefined; offset: number; limit: number },
  now: Date,
): Promise<List> {
  const q = statement()
  const shown = visibleTo(actor, q)
  const from = `from rectification r ${PERSON} where ${may(actor, 'read', q)}`
  const state = query.state ? `r.answered_at is ${query.state === 'open' ? '' : 'not '}null` : 'true'
  const at = q.bind(now, 'timestamptz')
  const page = `offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`
  const rows = await tx.query<
    Omit<List['rows'][number], keyof Dates | 'allowed'> & Dates & { personKind: string; total: number; open: number }
  >(
    `with mine as materialized (select r.*, p.person_id as who ${from}),
       counts as (select (count(*) filter (where ${state}))::int as total, (count(*) filter (where r.answered_at is null))::int as open from mine r)
     select ${COLUMNS}, ${personRefSql('p', shown.name('p'))} as person, ${unitRefSql('u')} as unit, p.kind as "personKind",
       (coalesce(r.answered_at, ${at})::date - r.asked_at::date) as days, c.total, c.open
     from (select * from mine r where ${state} order by r.answered_at is not null, case when r.answered_at is null then r.asked_at end,
       r.answered_at desc, r.id ${page}) r
     right join counts c on true left join person_current p on p.person_id = r.who left join org_unit_current u on u.unit_id = p.unit_id
     ${NAMED}
     order by r.answered_at is not null, case when r.answered_at is null then r.asked_at end, r.answered_at desc, r.id`,
    q.params,
  )
  const [first] = rows
  return {
    rows: rows
      .filter(row => row.id !== null)
      .map(({ personKind, total: _, open: __, ...row }) => ({
        ...told(row),
        allowed: {
          answer:
            row.answeredAt === null &&
            row.person.id !== actor.personId &&
            allows(actor, 'decide', 'Rectification', {
              ...{ personKind, office: row.office as Office, systemId: row.system?.id ?? null },
            }),
        },
      })),
    total: first?.total ?? 0,
    open: first?.open ?? 0,
  }
}

/** For a home: what waits for the reader's answer, and how much of it is past the month of Art. 12(3). SQL of a number each. */
export function countRectificationsSql(actor: Actor, q: Statement, today: string): string {
  const from = `from rectification r ${PERSON} where r.answered_at is null`
  const mine = `${from} and ${may(actor, 'decide', q)} and p.person_id is distinct from ${q.bind(actor.personId, 'uuid')}`
  const late = `(r.asked_at at time zone 'Europe/Copenhagen')::date + interval '1 month' < ${q.bind(today, 'date')}`
  return `(select count(*) ${mine}) as rectifications, (select count(*) ${from} and ${may(actor, 'read', q)} and ${late}) as rectifications_late`
}

/** For one's own home: answers that are not read yet. */
export const countAnswersSql = (actor: Actor, q: Statement): string =>
  `(select count(*) from rectification r where r.answered_at is not null and r.seen_at is null
     and r.person_id in (select id from person where id = ${q.bind(actor.personId, 'uuid')} or merged_into = ${q.bind(actor.personId, 'uuid')}))`

const told = <Row extends Dates>(row: Row) => ({
  ...row,
  askedAt: row.askedAt.toISOString(),
  answeredAt: row.answeredAt?.toISOString() ?? null,
})
