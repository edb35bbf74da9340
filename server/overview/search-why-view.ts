import type { ResponseOf } from '#contract/endpoint.ts'
import type { searchAll } from '#contract/home.ts'
import { comparisonSql } from '../access/person-rights-store.ts'
import { DANISH, personRefSql, visibleTo } from '../access/visible.ts'
import { containing, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { can } from '../policy/policy.ts'

const MOST = 8

/** What follows `hvorfor` or `why`; null where the text asks for something else. */
export const askedWhy = (text: string): string | null =>
  /^(?:hvorfor|why)\s+(\S.*)$/iu.exec(text.trim())?.[1]?.replace(/\?$/, '') ?? null

/**
 * Rights of people, by words of the person's name and then words of the system or the right: `mette nexus`. The first
 * word is the person's. Only rights that the reader may know of, of people whose names they may know. One statement.
 */
export async function whySearch(
  tx: Tx,
  actor: Actor,
  words: readonly string[],
): Promise<ResponseOf<typeof searchAll>['why']> {
  const [first] = words
  if (!first || words.length < 2 || !can(actor, 'person.read')) return []
  const q = statement()
  const may = visibleTo(actor, q)
  const each = words.map(word => q.bind(containing(word), 'text'))
  const right = `(s.search || ' ' || e.search)`
  return tx.query(
    `with who as materialized (
       select p.person_id, p.search from person_current p
       where p.search like ${q.bind(`% ${first.replace(/[\\%_]/g, '\\$&')}%`, 'text')} and ${may.person('p')} and ${may.name('p')}
         and p.status = 'active'
       order by (${each.map(like => `(p.search like ${like})::int`).join(' + ')}) desc, p.name ${DANISH}, p.person_id limit 100
     ), ${comparisonSql('PERSON in (select person_id from who)')}
     select ${personRefSql('p', may.name('p'))} as person,
       jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name,
         'system', jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name)) as entitlement
     from compared c join who w on w.person_id = c.person_id join person_current p on p.person_id = c.person_id
     join entitlement e on e.id = c.entitlement_id join it_system s on s.id = e.system_id
     where ${may.right('c', 'p', 'e')}
       and ${each.map(like => `(w.search like ${like} or ${right} like ${like})`).join(' and ')}
       and (${each.map(like => `${right} like ${like}`).join(' or ')})
     order by (${each.map(like => `(w.search like ${like})::int`).join(' + ')}) desc, p.name ${DANISH}, s.name ${DANISH},
       e.name ${DANISH}, p.person_id limit ${MOST}`,
    q.params,
  )
}
