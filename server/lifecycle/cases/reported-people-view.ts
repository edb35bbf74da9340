import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { findReported } from '#contract/lifecycle-desk.ts'
import { DANISH, visibleTo } from '../../access/visible.ts'
import { parseCpr } from '../../people/cpr.ts'
import { findByCpr, knowCpr } from '../../people/cpr-store.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { problem } from '../../platform/problem.ts'
import { containing, searchWords, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'

type Asked = BodyOf<typeof findReported>
type Answer = ResponseOf<typeof findReported>
const MOST = 12

/**
 * People that a report may be about. Only those whom the reader may see: to anybody but HR the answer is the same
 * whether a number is unknown, or somebody's who once worked here or is a pupil. HR finds out then (domain.md).
 */
export async function reportedPeople(tx: Tx, actor: Actor, asked: Asked, keyring: Keyring): Promise<Answer> {
  const sees = actor.roles.includes('hr') ? ('all' as const) : ('own' as const)
  const cpr = asked.cpr ? parseCpr(asked.cpr) : null
  if (asked.cpr && cpr === null)
    throw problem('data-invalid', {
      detail: 'This is not a CPR number: ten digits that begin with a date of birth.',
      errors: [{ where: 'cpr', what: 'number-invalid' }],
    })
  const holder = cpr ? ((await findByCpr(tx, [knowCpr(keyring, cpr)])).get(`staff\n${cpr}`) ?? null) : null
  const words = searchWords(asked.text ?? '')
  const replacement = cpr !== null && Number(cpr.slice(0, 2)) > 60
  if (holder === null && words.length === 0) return { rows: [], sees, replacement }
  const q = statement()
  const may = visibleTo(actor, q)
  const number = q.bind(holder, 'uuid')
  const born = q.bind(asked.birthDate ?? null, 'date')
  const named = words.map(word => `p.search like ${q.bind(containing(` ${word}`), 'text')}`).join(' and ') || 'false'
  const shown = may.name('p')
  const rows = await tx.query<Answer['rows'][number]>(
    `with counted as (select coalesce(merged_into, id) as id from person where id = ${number})
     select p.person_id as id, case when ${shown} then p.name end as name, p.protected,
       extract(year from p.birth_date)::int as "birthYear", p.status, p.title, u.name as unit,
       case when p.person_id in (select id from counted) then 'number'
         when p.birth_date = ${born} then 'name-and-birth-date' else 'name' end as by
     from person_current p left join org_unit_current u on u.unit_id = p.unit_id
     where p.kind <> 'pupil' and ${may.person('p')}
       and (p.person_id in (select id from counted) or (${named} and (not p.protected or ${shown})))
     order by p.person_id in (select id from counted) desc, (p.birth_date = ${born}) is true desc,
       p.status = 'ended', p.name ${DANISH}, p.person_id limit ${MOST}`,
    q.params,
  )
  return { rows, sees, replacement }
}
