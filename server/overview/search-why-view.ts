import type { ResponseOf } from '#contract/endpoint.ts'
import type { searchAll } from '#contract/home.ts'
import { comparisonSql } from '../access/person-rights-store.ts'
import { DANISH, personRefSql, visibleTo } from '../access/visible.ts'
import { oneSlip } from '../platform/fold.ts'
import { containing, type Statement, searchWords, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { can } from '../policy/policy.ts'
import { nearWords, rawWords } from './near-words.ts'

const MOST = 8

/** What follows `hvorfor` or `why`; null where the text asks for something else. */
export const askedWhy = (text: string): string | null =>
  /^(?:hvorfor|why)\s+(\S.*)$/iu.exec(text.trim())?.[1]?.replace(/\?$/, '') ?? null

type Why = ResponseOf<typeof searchAll>['why']

/**
 * Rights of people, by words of the person's name and then words of the system or the right: `mette nexus`. The first
 * word is the person's. Only rights that the reader may know of, of people whose names they may know. One statement; and
 * where nothing is spelt so, one more for what is spelt so but for one slip in a word, as in the search for people.
 */
export async function whySearch(tx: Tx, actor: Actor, text: string): Promise<Why> {
  const raw = rawWords(text)
  if (raw.length < 2 || !can(actor, 'person.read')) return []
  const spelt = await whyWhere(tx, actor, searchWords(text), (word, q, first) => {
    const like = q.bind(containing(word), 'text')
    const begins = first ? `p.search like ${q.bind(`% ${word.replace(/[\\%_]/g, '\\$&')}%`, 'text')}` : ''
    return { begins, in: column => `${column} like ${like}` }
  })
  const slips = raw.map(oneSlip)
  if (spelt.length > 0 || slips.every(slip => slip === null)) return spelt
  return whyWhere(tx, actor, raw, (word, q, first) => {
    const near = (column: string, indexed: boolean) => nearWords(column, [word], [oneSlip(word)], q, indexed) || 'true'
    return { begins: first ? near('p.search', true) : '', in: near }
  })
}

/**
 * Of one word, as SQL: `in` a search column (`indexed`: of people, with blanks around its words); and of the first, by which
 * people `p` are looked up, `begins`.
 */
type Fits = (
  word: string,
  q: Statement,
  first: boolean,
) => { begins: string; in: (column: string, indexed: boolean) => string }

async function whyWhere(tx: Tx, actor: Actor, words: readonly string[], fits: Fits): Promise<Why> {
  const q = statement()
  const may = visibleTo(actor, q)
  const each = words.map((word, place) => fits(word, q, place === 0))
  if (each[0] === undefined) return []
  const right = `(s.search || ' ' || e.search)`
  const ofPerson = (table: string) => each.map(word => `(${word.in(`${table}.search`, true)})`)
  const ofRight = each.map(word => `(${word.in(right, false)})`)
  const named = (table: string) =>
    ofPerson(table)
      .map(one => `${one}::int`)
      .join(' + ')
  return tx.query(
    `with who as materialized (
       select p.person_id, p.search from person_current p
       where (${each[0].begins}) and ${may.person('p')} and ${may.name('p')}
         and p.status = 'active'
       order by (${named('p')}) desc, p.name ${DANISH}, p.person_id limit 100
     ), ${comparisonSql('PERSON in (select person_id from who)')}
     select ${personRefSql('p', may.name('p'))} as person,
       jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name,
         'system', jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name)) as entitlement
     from compared c join who w on w.person_id = c.person_id join person_current p on p.person_id = c.person_id
     join entitlement e on e.id = c.entitlement_id join it_system s on s.id = e.system_id
     where ${may.right('c', 'p', 'e')}
       and ${each.map(word => `(${word.in('w.search', true)} or ${word.in(right, false)})`).join(' and ')}
       and (${ofRight.join(' or ')})
     order by (${named('w')}) desc, p.name ${DANISH}, s.name ${DANISH},
       e.name ${DANISH}, p.person_id limit ${MOST}`,
    q.params,
  )
}
