import type { getDpoHome } from '#contract/dpo-home.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { newByCodeSql } from '../../access/drift/findings-sql.ts'
import { reviewClockSql } from '../../access/purposes/bindings-view.ts'
import { reachDrift } from '../../access/reach/reach-snapshot-store.ts'
import { civilDate } from '../../platform/clock.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { ATTENTION, activitiesSql } from '../../register/activities/activity-sql.ts'
import { rubberStamps } from './rubber-stamps-view.ts'

type Home = ResponseOf<typeof getDpoHome>
type Clock = Home['clocks'][number]

/** How many weeks of reach a home draws. */
const WEEKS = 26

/**
 * The DPO's day (gdpr.md 5.7), for a reader who sees all: five statements. Each clock counts with the filter of the list that
 * it leads to.
 */
export async function dpoHomeView(tx: Tx, actor: Actor, now: Date): Promise<Home> {
  const today = civilDate(now)
  const q = statement()
  const [n] = await tx.query<Record<string, number> & Record<`${string}_due`, string | null>>(
    `with g as materialized (select * from ${activitiesSql('$1::date')} g),
       advice as (select c.follow_up_on from activity_comment c where c.kind = 'advice' and c.answer is null)
     select
       ${numbers('attest', 'g', ATTENTION.attest('$1::date'), 'g.attest_due')},
       ${numbers('advised', 'advice', 'true', 'advice.follow_up_on')},
       (select count(*)::int from g where ${ATTENTION.advice()}) as advice,
       (select count(*)::int from g where ${ATTENTION.proposal()}) as proposed,
       (select count(*)::int from g where ${ATTENTION.unchecked()}) as unchecked,
       ${reviewClockSql('$1::date')},
       (select count(*)::int from rectification r where r.answered_at is null) as rectifications,
       (select count(*)::int from rectification r where r.answered_at is null and ${ASKED} + interval '1 month' < $1::date) as rectifications_late,
       (select (min(${ASKED}) + interval '1 month')::date from rectification r where r.answered_at is null) as rectifications_due`,
    [today],
  )
  const clock = (code: Clock['code'], to: string, params: Clock['params'], dated = code as string): Clock => {
    const of = code.replace('-', '_')
    const from = dated.replace('-', '_')
    return {
      ...{ code, to, params, count: Number(n?.[of] ?? 0) },
      late: n && `${from}_late` in n ? Number(n[`${from}_late`]) : null,
      due: n?.[`${from}_due`] ?? null,
    }
  }
  return {
    today,
    clocks: [
      clock('rectifications', '/rectifications', { state: 'open' }),
      clock('advice', '/activities', { attention: 'advice' }, 'advised'),
      clock('attest', '/activities', { attention: 'attest' }),
      clock('proposed', '/activities', { attention: 'proposal' }),
      clock('unchecked', '/activities', { attention: 'unchecked' }),
      clock('bindings-waiting', '/bindings/list', { state: 'waits' }),
      clock('bindings-review', '/bindings/list', { state: 'review' }),
    ],
    findings: await tx.query<Home['findings'][number]>(newByCodeSql(actor, q), q.params),
    reach: await reachDrift(tx, WEEKS),
    stamps: await rubberStamps(tx, today),
  }
}

const ASKED = `(r.asked_at at time zone 'Europe/Copenhagen')::date`

/** How many of what is over a set, how many of them are past their day, and the earliest day. */
const numbers = (name: string, from: string, which: string, due: string): string =>
  `(select count(*)::int from ${from} where ${which}) as ${name},
   (select count(*)::int from ${from} where ${which} and ${due} < $1::date) as ${name}_late,
   (select min(${due}) from ${from} where ${which}) as ${name}_due`
