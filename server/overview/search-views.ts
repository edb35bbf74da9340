import type { ResponseOf } from '#contract/endpoint.ts'
import type { searchAll } from '#contract/home.ts'
import { DANISH, visibleTo } from '../access/visible.ts'
import { containing, searchWords, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { can } from '../policy/policy.ts'
import { jobSql, textSql } from './people-views.ts'

type Answer = ResponseOf<typeof searchAll>
const PEOPLE = 8
const OTHERS = 5

/** Everything that a text may mean, as far as the reader may see it: at most four statements, a few rows of each kind. */
export async function searchView(tx: Tx, actor: Actor, text: string): Promise<Answer> {
  const words = searchWords(text)
  if (words.length === 0) return { people: [], units: [], systems: [], rules: [] }
  const like = (column: string) => {
    const q = statement()
    return { q, sql: words.map(word => `${column} like ${q.bind(containing(word), 'text')}`).join(' and ') }
  }
  const [unit, system, rule] = [like('lower(u.name)'), like('s.search'), like(`lower(r.name || ' ' || r.key)`)]
  return {
    people: can(actor, 'person.read') ? await people(tx, actor, text, words) : [],
    units: can(actor, 'unit.read')
      ? await tx.query(
          `select u.unit_id as id, u.name, parent.name as parent from org_unit_current u
           left join org_unit_current parent on parent.unit_id = u.parent_id
           where u.active and u.tree <> 'pay' and ${unit.sql}
           order by u.level, u.name ${DANISH} limit ${OTHERS}`,
          unit.q.params,
        )
      : [],
    systems: can(actor, 'system.read')
      ? await tx.query(
          `select s.id, s.key, s.name from it_system s where s.gone_at is null and ${system.sql}
           order by length(s.name), s.name ${DANISH} limit ${OTHERS}`,
          system.q.params,
        )
      : [],
    rules: can(actor, 'rule.read')
      ? await tx.query(
          `select r.key, r.name from rights_rule r where upper_inf(r.recorded) and ${rule.sql}
           order by length(r.name), r.name ${DANISH} limit ${OTHERS}`,
          rule.q.params,
        )
      : [],
  }
}

async function people(tx: Tx, actor: Actor, text: string, words: readonly string[]): Promise<Answer['people']> {
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const first = q.bind(`% ${(words[0] ?? '').replace(/[\\%_]/g, '\\$&')}%`, 'text')
  return tx.query(
    `select f.person_id as id, f.name, job.title, u.name as unit, f.kind
     from (
       select p.person_id, p.kind, p.status, case when ${shown} then p.name end as name,
         ' ' || p.search like ${first} as starts
       from person_current p where ${may.person('p')} and ${textSql(text, actor, q)}
       order by ' ' || p.search like ${first} desc, p.status = 'active' desc, p.name ${DANISH}, p.person_id limit ${PEOPLE}
     ) f
     ${jobSql('f', may.affiliation('ac', 'details'), may.affiliation('ac'))}
     left join org_unit_current u on u.unit_id = job.unit_id
     order by f.starts desc, f.status = 'active' desc, f.name ${DANISH} nulls last, f.person_id`,
    q.params,
  )
}
