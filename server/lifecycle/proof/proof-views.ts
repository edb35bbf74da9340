import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { getProof, listProof, ProofLine, ProofRow } from '#contract/lifecycle-proof.ts'
import { DANISH, personRefSql, unitRefSql, visibleTo } from '../../access/visible.ts'
import { addDays } from '../../platform/civil-date.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { PROOF_COUNTS, type ProofScope, type ProofWhen, proofSql } from './proof-sql.ts'

type List = ResponseOf<typeof listProof>
type Raw<Row> = Omit<Row, 'confirmedAt'> & { confirmedAt: Date }

const rowsSql = (actor: Actor, q: Statement) => {
  const shown = visibleTo(actor, q).name('p')
  return `select d.affiliation_id as "affiliationId", ${personRefSql('p', shown)} as person, d.title, ${unitRefSql('u')} as unit,
      d.ends_on as "endsOn", d.confirmed_at as "confirmedAt", d.until_hour as "untilHour", n.*,
      p.family_name, p.given_name
    from ended d join person_current p on p.person_id = d.person_id
    left join org_unit_current u on u.unit_id = d.unit_id
    cross join lateral (select ${PROOF_COUNTS}, max(l.age) as oldest from line l where l.affiliation_id = d.affiliation_id) n`
}

const SUMS = ['lines', 'open', 'overdue', 'said', 'verified', 'onTime', 'late', 'unexpected']
  .map(name => `'${name}', coalesce(sum("${name}"), 0)::int`)
  .join(', ')

const SHOW: Record<NonNullable<QueryOf<typeof listProof>['show']>, string> = {
  open: 'open > 0',
  overdue: 'overdue > 0',
  late: 'late > 0',
  unexpected: 'unexpected > 0',
  done: 'open = 0 and said = 0',
}

/** Those who have left in the period, what is open first, and the sum over all of them. One statement. */
export async function proofView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listProof>,
  when: ProofWhen,
): Promise<List> {
  const q = statement()
  const ctes = proofSql(actor, q, query, when)
  const rows = rowsSql(actor, q)
  const [answer] = await tx.query<{ rows: ProofRow[] | null; total: number; people: number; sum: List['sum'] }>(
    `with ${ctes}, sheet as materialized (${rows}),
       shown as (select * from sheet ${query.show ? `where ${SHOW[query.show]}` : ''}),
       page as (select * from shown order by overdue > 0 desc, oldest desc nulls last, "endsOn" desc, family_name ${DANISH},
         given_name ${DANISH}, "affiliationId" offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')})
     select (select json_agg(to_jsonb(page) - 'family_name' - 'given_name' order by overdue > 0 desc, oldest desc nulls last, "endsOn" desc,
         family_name ${DANISH}, given_name ${DANISH}, "affiliationId") from page) as rows,
       (select count(*)::int from shown) as total, (select count(*)::int from sheet) as people,
       (select jsonb_build_object(${SUMS}) from sheet) as sum`,
    q.params,
  )
  if (!answer) throw new Error('a statement without from has one row')
  return { ...answer, rows: (answer.rows ?? []).map(row => ({ ...row, confirmedAt: utc(row.confirmedAt) })) }
}

/** Instants inside of JSON carry the session's offset. */
const utc = (value: string | Date): string => new Date(value).toISOString()

/** How far back a home looks for what is over time, in days: the period that the list opens with. */
const HOME_DAYS = 90
/** How many leavers have something left after the hour at which it should have ended. One statement. */
export async function countOverdue(tx: Tx, actor: Actor, when: ProofWhen): Promise<number> {
  const q = statement()
  const scope = { from: addDays(when.today, 1 - HOME_DAYS), to: addDays(when.today, 1) }
  const [row] = await tx.query<{ n: number }>(
    `with ${proofSql(actor, q, scope, when)} select count(distinct affiliation_id)::int as n from line where timing = 'overdue'`,
    q.params,
  )
  return row?.n ?? 0
}

const LINE = (line: string) => `${line}.kind, case when s.id is not null then
    jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) end as system, ${line}.name, ${line}.sensitivity,
  ${line}.state, ${line}.timing, ${line}.should_at as "shouldEndAt", ${line}.ended_at as "endedAt", ${line}.by,
  ${line}.seen_at as "verifiedAt", ${line}.age, ${line}.task_id as "taskId"`

type RawLine = Omit<ProofLine, 'shouldEndAt' | 'endedAt' | 'verifiedAt'> & {
  shouldEndAt: Date
  endedAt: Date | null
  verifiedAt: Date | null
}
const lineOf = (row: RawLine): ProofLine => ({
  ...row,
  shouldEndAt: row.shouldEndAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
  verifiedAt: row.verifiedAt?.toISOString() ?? null,
})
const WORST = `array_position(array['open', 'unseen', 'said', 'verified', 'kept'], l.state), l.age desc nulls last`

/** One sheet, what is open first; null where the reader may not know of it. Three statements. */
export async function proofSheet(
  tx: Tx,
  actor: Actor,
  affiliationId: string,
  when: ProofWhen,
): Promise<ResponseOf<typeof getProof> | null> {
  const head = statement()
  const ctes = proofSql(actor, head, { affiliationId }, when)
  const [row] = await tx.query<Raw<ProofRow>>(`with ${ctes} ${rowsSql(actor, head)}`, head.params)
  if (!row) return null
  const q = statement()
  const lines = await tx.query<RawLine>(
    `with ${proofSql(actor, q, { affiliationId }, when)}
     select ${LINE('l')} from line l left join it_system s on s.id = l.system_id
     order by ${WORST}, s.name ${DANISH}, l.name ${DANISH}`,
    q.params,
  )
  return { row: { ...row, confirmedAt: row.confirmedAt.toISOString() }, lines: lines.map(lineOf) }
}

export type ReportLine = ProofLine & Pick<ProofRow, 'affiliationId' | 'person' | 'title' | 'unit' | 'endsOn'>

/** Every line of a period for a file, by day and person. Names that are protected are left out whoever asks. One statement. */
export async function proofLines(
  tx: Tx,
  actor: Actor,
  scope: ProofScope,
  when: ProofWhen,
  most: number,
): Promise<ReportLine[]> {
  const q = statement()
  const rows = await tx.query<RawLine & Pick<ReportLine, 'affiliationId' | 'person' | 'title' | 'unit' | 'endsOn'>>(
    `with ${proofSql(actor, q, scope, when)}
     select ${LINE('l')}, l.affiliation_id as "affiliationId", ${personRefSql('p', 'not p.protected')} as person, d.title,
       ${unitRefSql('u')} as unit, d.ends_on as "endsOn"
     from line l join due d on d.affiliation_id = l.affiliation_id join person_current p on p.person_id = l.person_id
     left join org_unit_current u on u.unit_id = d.unit_id left join it_system s on s.id = l.system_id
     order by d.ends_on, p.family_name ${DANISH}, p.given_name ${DANISH}, l.affiliation_id, s.name ${DANISH}, l.name ${DANISH}
     limit ${q.bind(most, 'int')}`,
    q.params,
  )
  return rows.map(row => ({ ...row, ...lineOf(row) }))
}
