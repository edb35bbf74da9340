import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { getLeadTimes } from '#contract/lifecycle-lead-times.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { workingDays } from '../../platform/working-days.ts'
import type { Actor } from '../../policy/actor.ts'
import { type ProofWhen, proofSql } from '../proof/proof-sql.ts'
import { figuresOf, type Measured, mergeSmall, partOf, quantile } from './lead-times.ts'

type Query = QueryOf<typeof getLeadTimes>
type Answer = ResponseOf<typeof getLeadTimes>
type Cause = Answer['late']['causes'][number]['cause']
const NOTICE = 14

type Hire = {
  /** The unit right below the chosen one. */
  group: string | null
  startsOn: string
  sentOn: string
  /** Days that it lay before somebody said that it was ready, and before it was sent after that. */
  lay: number
  stood: number
  origin: 'screen' | 'api' | 'payroll'
  /** Payroll pays this one at all. */
  paid: boolean
  confirmedOn: string | null
  readyOn: string | null
  /** An account is ordered and not there. */
  unready: boolean
}

/**
 * How long starts and ends of a period took. Only numbers over groups leave this function: who it was is not in the answer,
 * and no group is smaller than five. Three statements.
 */
export async function leadTimesView(tx: Tx, actor: Actor, query: Query, when: ProofWhen): Promise<Answer> {
  const hires = await hiresOf(tx, query)
  const ends = await endsOf(tx, actor, query, when)
  const paid = hires.filter(one => one.paid)
  const measured: Measured[] = [
    { measure: 'notice', days: hires.map(notice), waiting: 0 },
    {
      measure: 'payroll',
      days: paid.flatMap(one => (one.confirmedOn === null ? [] : [workingDays(one.sentOn, one.confirmedOn)])),
      waiting: paid.filter(one => one.confirmedOn === null).length,
    },
    {
      measure: 'ready',
      days: hires.flatMap(one => (one.readyOn === null ? [] : [between(one.startsOn, one.readyOn)])),
      waiting: hires.filter(one => one.readyOn === null && one.unready && one.startsOn <= when.today).length,
    },
    {
      measure: 'close',
      days: ends.flatMap(one => (one.waits || one.days === null ? [] : [Math.max(0, one.days)])),
      waiting: ends.filter(one => one.waits).length,
    },
  ]
  const groups = mergeSmall(Map.groupBy(hires, one => one.group ?? ''))
  const names = await unitNames(tx, [...groups.flatMap(one => one.key || []), ...(query.unit ? [query.unit] : [])])
  return {
    measures: measured.map(figuresOf),
    late: lateReports(hires),
    units: groups
      .map(({ key, items }) => {
        const days = items.map(notice).sort((a, b) => a - b)
        const kept = days.filter(day => day >= NOTICE).length
        return {
          unit: key ? (names.get(key) ?? null) : null,
          count: items.length,
          median: quantile(days, 0.5),
          within: partOf(kept, days.length),
        }
      })
      .sort((a, b) => Number(a.unit === null) - Number(b.unit === null) || a.median - b.median),
    chosenUnit: query.unit ? (names.get(query.unit) ?? null) : null,
  }
}

const between = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
const notice = (one: Hire) => between(one.sentOn, one.startsOn)

/** Reports with less notice than is asked for, by what held them up; causes of fewer than five are told together. */
export function lateReports(hires: readonly Hire[]): Answer['late'] {
  const late = hires.filter(one => notice(one) < NOTICE)
  if (partOf(late.length, hires.length) === null) return { count: null, causes: [] }
  const groups = mergeSmall(Map.groupBy(late, causeOf))
  return {
    count: late.length,
    causes: groups.map(({ key, items }) => ({ cause: (key ?? 'other') as Cause, count: items.length })),
  }
}

/** What took longest of what could be otherwise; a report that was begun late had nothing to be held up by. */
function causeOf(one: Hire): Cause {
  if (one.origin === 'payroll') return 'payroll-first'
  // With the days that it lay given back it would have come in time.
  if (notice(one) + one.lay + one.stood < NOTICE) return 'begun-late'
  return one.stood > one.lay ? 'sender-waited' : 'draft-lay'
}

const civil = (column: string) => `(${column} at time zone 'Europe/Copenhagen')::date`

async function hiresOf(tx: Tx, { from, to, unit }: Query): Promise<Hire[]> {
  const q = statement()
  const chosen = q.bind(unit ?? null, 'uuid')
  return tx.query<Hire>(
    `select case when ${chosen} is null then u.path[2] else u.path[array_position(u.path, ${chosen}) + 1] end as group,
       c.effective_on as "startsOn", ${civil('c.sent_at')} as "sentOn", c.origin,
       ${civil('coalesce(c.prepared_at, c.sent_at)')} - ${civil('c.created_at')} as lay,
       ${civil('c.sent_at')} - ${civil('coalesce(c.prepared_at, c.sent_at)')} as stood,
       coalesce(c.form #>> '{affiliation,kind}', 'employment') in ('employment', 'temp', 'trainee') as paid,
       (select min(${civil('g.at')}) from affiliation_merge g where g.undone_at is null
         and c.affiliation_id in (g.survivor_id, g.absorbed_id)) as "confirmedOn",
       (select min(${civil('acc.first_seen_at')}) from account acc
         where acc.person_id = coalesce(p.merged_into, p.id) and acc.kind = 'personal' and acc.gone_at is null) as "readyOn",
       exists (select from provisioning_order o where o.person_id = c.person_id and o.action in ('create', 'enable')
         and o.state in ('planned', 'task', 'sending', 'retry', 'parked')) as unready
     from lifecycle_case c left join org_unit_current u on u.unit_id = c.unit_id join person p on p.id = c.person_id
     where c.kind = 'hire' and c.stated_at is not null and c.state in ('sent', 'done')
       and c.effective_on >= ${q.bind(from, 'date')} and c.effective_on < ${q.bind(to, 'date')}
       and (${chosen} is null or u.path @> array[${chosen}])`,
    q.params,
  )
}

/** Ends of whoever had something to close: what is still open waits, and who held nothing has kept no aim. */
async function endsOf(tx: Tx, actor: Actor, { from, to, unit }: Query, when: ProofWhen) {
  const q = statement()
  return tx.query<{ waits: boolean; days: number | null }>(
    `with ${proofSql(actor, q, { from, to, unit }, when)}
     select bool_or(l.state <> 'verified') as waits, max(${civil('l.seen_at')} - ${civil('l.should_at')}) as days
     from line l where l.state <> 'kept' and l.by is distinct from 'never-held' group by l.affiliation_id`,
    q.params,
  )
}

async function unitNames(tx: Tx, ids: readonly string[]): Promise<Map<string, { id: string; name: string }>> {
  const rows = await tx.query<{ id: string; name: string }>(
    'select unit_id as id, name from org_unit_current where unit_id = any($1)',
    [ids],
  )
  return new Map(rows.map(row => [row.id, row]))
}
