import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { searchAll } from '#contract/home.ts'
import { DANISH, visibleTo } from '../access/visible.ts'
import { oneSlip } from '../platform/fold.ts'
import { planned } from '../platform/planned.ts'
import { containing, type Statement, searchWords, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { can } from '../policy/policy.ts'
import { nearWords, rawWords, type Slip } from './near-words.ts'
import { candidatesSql, jobSql, SHOWN } from './people-views.ts'
import { askedWhy, whySearch } from './search-why-view.ts'

type Answer = ResponseOf<typeof searchAll>
type Person = Answer['people'][number]
const OTHERS = 5
const NOTHING: Answer = { people: [], units: [], systems: [], rules: [], roles: [], entitlements: [], why: [] }

/**
 * Everything that a text may mean, as far as the reader may see it, a few rows of each kind: people in one statement and
 * all other kinds in another. Only where hardly anybody, or nothing at all, is spelt so, one more each for what is
 * spelt so but for one slip: whoever types on waits for the words as they are spelt.
 */
export async function searchView(tx: Tx, actor: Actor, { text, only }: BodyOf<typeof searchAll>): Promise<Answer> {
  const words = searchWords(text)
  if (words.length === 0) return NOTHING
  const asked = askedWhy(text)
  if (asked !== null && !only) return { ...NOTHING, why: await whySearch(tx, actor, asked) }
  const raw = rawWords(text)
  const slips = raw.map(oneSlip)
  const found = only !== 'systems' && can(actor, 'person.read') ? await people(tx, actor, text, words, raw, slips) : []
  if (only === 'people') return { ...NOTHING, people: found }
  const spelt = await others(
    tx,
    actor,
    words,
    only,
    column => q => words.map(word => `${column} like ${q.bind(containing(word), 'text')}`).join(' and '),
  )
  const nothing = found.length === 0 && Object.values(spelt).every(list => list.length === 0)
  if (!nothing || slips.every(slip => slip === null)) return { ...NOTHING, ...spelt, people: found }
  const near = await others(tx, actor, words, only, column => q => nearWords(column, raw, slips, q, false))
  return { ...NOTHING, ...near, people: found }
}

async function people(
  tx: Tx,
  actor: Actor,
  text: string,
  words: readonly string[],
  raw: readonly string[],
  slips: readonly Slip[],
): Promise<Person[]> {
  const spelt = await peopleWhere(tx, actor, words, q => candidatesSql(text, actor, q))
  if (spelt.length > 0 || slips.every(slip => slip === null)) return spelt
  return peopleWhere(
    tx,
    actor,
    words,
    q => `p.person_id in (select s.person_id from person_current s
      where ${nearWords('s.search', raw, slips, q, true)} and ${visibleTo(actor, q).name('s')})`,
  )
}

/** A user name as it is asked for stands first, then what begins with the text (initials too), then what holds it. */
async function peopleWhere(
  tx: Tx,
  actor: Actor,
  words: readonly string[],
  which: (q: Statement) => string,
): Promise<Person[]> {
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const word = (words[0] ?? '').replace(/[\\%_]/g, '\\$&')
  const place = `case when p.search not like ${q.bind(`% ${word}%`, 'text')} then 3
    when ${words.length === 1 ? `' ' || lower(p.usernames) || ' ' like ${q.bind(`% ${word} %`, 'text')}` : 'false'} then 0
    when p.search like ${q.bind(`% ${word} %`, 'text')} then 1 else 2 end`
  return tx.query<Person>(
    `select f.person_id as id, f.name, job.title, u.name as unit, f.kind
     from (
       select p.person_id, p.kind, p.status, case when ${shown} then p.name end as name, ${place} as place
       from person_current p where ${may.person('p')} and ${which(q)}
       order by place, p.status = 'active' desc, p.name ${DANISH}, p.person_id limit ${SHOWN}
     ) f
     ${jobSql('f', may.affiliation('ac', 'details'), may.affiliation('ac'))}
     left join org_unit_current u on u.unit_id = job.unit_id
     order by f.place, f.status = 'active' desc, f.name ${DANISH} nulls last, f.person_id`,
    q.params,
  )
}

type Other = { what: 'unit' | 'system' | 'entitlement' | 'rule' | 'role'; id: string; key: string; name: string } & {
  note: string | null
  system: Answer['systems'][number] | null
}

/** Units, systems, rights, rules and roles that `which` says of their search column, in one statement. */
async function others(
  tx: Tx,
  actor: Actor,
  words: readonly string[],
  only: 'systems' | undefined,
  which: (column: string) => (q: Statement) => string,
): Promise<Omit<Answer, 'people' | 'why'>> {
  const q = statement()
  const first = q.bind(`${(words[0] ?? '').replace(/[\\%_]/g, '\\$&')}%`, 'text')
  // The few that are shown first, then their place: a window over all that were found would sort them all.
  const branch = (what: Other['what'], columns: string, from: string, column: string, order: string) =>
    `(select '${what}' as what, few.*, row_number() over () as place from (
        select ${columns} from ${from} and ${which(column)(q)}
        order by ${column} not like ${first}, ${order} limit ${OTHERS}) few)`
  const ofSystem = `jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name)`
  const branches = [
    ...(!only && can(actor, 'unit.read')
      ? [
          branch(
            'unit',
            'u.unit_id::text as id, u.key, u.name, parent.name as note, null::jsonb as system',
            `org_unit_current u left join org_unit_current parent on parent.unit_id = u.parent_id
             where u.active and u.tree <> 'pay'`,
            'u.search',
            `u.level, u.name ${DANISH}`,
          ),
        ]
      : []),
    ...(can(actor, 'system.read')
      ? [
          branch(
            'system',
            `s.id::text as id, s.key, s.name, null::text as note, ${ofSystem} as system`,
            'it_system s where s.gone_at is null',
            's.search',
            `length(s.name), s.name ${DANISH}`,
          ),
        ]
      : []),
    ...(!only && can(actor, 'system.read')
      ? [
          branch(
            'entitlement',
            `e.id::text as id, e.key, e.name, s.name as note, ${ofSystem} as system`,
            'entitlement e join it_system s on s.id = e.system_id where e.gone_at is null',
            'e.search',
            `length(e.name), e.name ${DANISH}, s.name ${DANISH}`,
          ),
        ]
      : []),
    ...(!only && can(actor, 'rule.read')
      ? (['rule', 'role'] as const).map(what =>
          branch(
            what,
            'r.key as id, r.key, r.name, null::text as note, null::jsonb as system',
            `rights_${what} r where upper_inf(r.recorded)`,
            'r.search',
            `length(r.name), r.name ${DANISH}`,
          ),
        )
      : []),
  ]
  if (branches.length === 0) return { units: [], systems: [], entitlements: [], rules: [], roles: [] }
  // Small tables, and few forms of the question: half of its time would go into planning it once more at each key.
  const rows = await planned<Other>(
    tx,
    `select what, id, key, name, note, system from (${branches.join(' union all ')}) found order by what, place`,
    q.params,
  )
  const of = (what: Other['what']) => rows.filter(row => row.what === what)
  return {
    units: of('unit').map(({ id, name, note }) => ({ id, name, parent: note })),
    systems: of('system').map(({ id, key, name }) => ({ id, key, name })),
    entitlements: of('entitlement').map(({ id, key, name, system }) => ({ id, key, name, system: system! })),
    rules: of('rule').map(({ key, name }) => ({ key, name })),
    roles: of('role').map(({ key, name }) => ({ key, name })),
  }
}
