import { DANISH, personRefSql, unitRefSql, visibleTo } from '../access/visible.ts'
import { type Statement, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { AHEAD, type Section } from './home-parts.ts'
import { jobSql, movingSql } from './people-views.ts'

/** How many people a home names; the rest stand behind the number. */
const NAMED = 8

/** CTE `moving`: who comes and goes among the people that the actor may see. */
export function movingCte(actor: Actor, today: string, q: Statement): string {
  const may = visibleTo(actor, q)
  return `moving as (
    select m.* from (${movingSql(q.bind(today, 'date'), AHEAD, may.affiliation('ac', 'details'))}) m
    join person_current p on p.person_id = m.person_id where ${may.person('p')})`
}

export const movingCounts = `
  (select count(*) from moving where starts) as starts,
  (select count(*) from moving where leaves) as leaves,
  (select count(*) from moving where ends) as ends`

/** The next to come and to leave, by date. */
export async function movingPeople(tx: Tx, actor: Actor, today: string): Promise<Section['people']> {
  const q = statement()
  const may = visibleTo(actor, q)
  return tx.query<Section['people'][number]>(
    `with ${movingCte(actor, today, q)}, next as (
       select person_id, 'starter' as note, starts_on as "on" from moving where starts
       union all
       select person_id, 'leaver', ends_on from moving where leaves
     ), named as (select * from next order by "on", person_id limit ${NAMED})
     select ${personRefSql('p', may.name('p'))} as person, n.note, n."on", ${unitRefSql('u')} as unit
     from named n join person_current p on p.person_id = n.person_id
     ${jobSql('p', may.affiliation('ac', 'details'), may.affiliation('ac'))}
     left join org_unit_current u on u.unit_id = job.unit_id
     order by n."on", p.family_name ${DANISH}, n.person_id`,
    q.params,
  )
}
