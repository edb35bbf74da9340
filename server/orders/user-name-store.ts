import { userNameParts } from '#contract/account-types.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Wished } from './plan-orders.ts'
import { type Named, type UserNamePattern, userNames } from './user-name.ts'

/** How many names are asked about at once; whoever needs more is asked about again. */
const AT_ONCE = 20

type Wanting = Named & {
  orderId: string
  personId: string
  typeId: string
  pattern: UserNamePattern
  had: string | null
}

/**
 * User names for new accounts, kept for ever: the one that the person had before, or the first by the pattern that no
 * account has, nobody was given, and that is not resting. A few statements however many accounts there are.
 */
export async function giveUserNames(tx: Tx, made: readonly (Wished & { id: string })[], now: Date): Promise<void> {
  const creates = made
    .filter(one => one.action === 'create' || (one.action === 'rename' && one.kept && 'username' in one.kept))
    .map(one => one.id)
  if (creates.length === 0) return
  const rows = await tx.query<Omit<Wanting, 'pattern'> & { pattern: unknown }>(
    `select o.id as "orderId", o.person_id as "personId", t.id as "typeId", t.user_name as pattern,
       pc.given_name as "givenName", pc.family_name as "familyName",
       (select ac.employee_no from affiliation_current ac where ac.person_id = o.person_id and ac.status <> 'ended'
          and (o.affiliation_id is null or ac.affiliation_id = o.affiliation_id)
        order by ac.is_primary desc, ac.affiliation_id limit 1) as "employeeNo",
       -- Who is renamed had that name.
       (select g.name from user_name_given g where o.action = 'create' and g.person_id = o.person_id and g.account_type_id = t.id and t.per = 'person'
        order by g.given_at desc limit 1) as had
     from provisioning_order o join account_type t on t.id = o.account_type_id
     join person_current pc on pc.person_id = o.person_id
     where o.id = any($1::uuid[]) and t.user_name is not null order by o.id`,
    [creates],
  )
  let left: Wanting[] = rows.map(row => ({ ...row, pattern: userNameParts.parse(row.pattern) }))
  const given = new Map<string, string>()
  for (const one of left) if (one.had !== null) given.set(one.orderId, one.had)
  left = left.filter(one => one.had === null)
  const fresh: { name: string; personId: string; typeId: string }[] = []
  const mine = new Set<string>()
  const sources = new Map(left.map(one => [one.orderId, userNames(one.pattern, one)]))
  while (left.length > 0) {
    const tried = new Map(left.map(one => [one.orderId, [...take(sources.get(one.orderId)!, AT_ONCE)]]))
    const taken = await takenNames(tx, [...new Set([...tried.values()].flat())], now)
    const again: Wanting[] = []
    for (const one of left) {
      const names = tried.get(one.orderId) ?? []
      const name = names.find(candidate => !mine.has(candidate) && isFree(taken.get(candidate), one.pattern.restYears))
      if (name !== undefined) {
        mine.add(name)
        given.set(one.orderId, name)
        fresh.push({ name, personId: one.personId, typeId: one.typeId })
      } else if (names.length > 0) again.push(one)
      // Nothing fits the pattern at all: the order waits in the parked queue for somebody to name the account.
    }
    left = again
  }
  if (fresh.length > 0)
    await tx.query(
      `insert into user_name_given (name, person_id, account_type_id, given_at)
       select name, "personId", "typeId", $2 from jsonb_to_recordset($1::jsonb) as n (name text, "personId" uuid, "typeId" uuid)
       on conflict (name) do update set person_id = excluded.person_id, account_type_id = excluded.account_type_id,
         given_at = excluded.given_at, freed_on = null`,
      [JSON.stringify(fresh), now],
    )
  await tx.query(
    `update provisioning_order o set content = o.content || jsonb_build_object('username', n.name)
       || case when o.content -> 'kept' ? 'username' then jsonb_build_object('kept', o.content -> 'kept' || jsonb_build_object('username', n.name)) else '{}' end
     from jsonb_to_recordset($1::jsonb) as n (id uuid, name text) where o.id = n.id`,
    [JSON.stringify([...given].map(([id, name]) => ({ id, name })))],
  )
  await tx.query(
    `update provisioning_order o set state = 'parked', said = 'no-user-name'
     from account_type t where t.id = o.account_type_id and t.user_name is not null and o.id = any($1::uuid[])
       and o.content ->> 'username' is null`,
    [creates],
  )
}

/** null: an account has it, or somebody has it still. Otherwise years since it was freed. */
async function takenNames(tx: Tx, names: readonly string[], now: Date): Promise<Map<string, number | null>> {
  const rows = await tx.query<{ name: string; years: number | null }>(
    `select lower(username) as name, null::float8 as years from account where lower(username) = any($1::text[]) and gone_at is null
     union all
     select name, extract(epoch from $2::timestamptz - freed_on::timestamp at time zone 'Europe/Copenhagen') / 31557600 from user_name_given where name = any($1::text[])
     union all
     -- Seen once and gone: as one that was given.
     select lower(username), extract(epoch from $2::timestamptz - gone_at) / 31557600 from account
     where lower(username) = any($1::text[]) and gone_at is not null`,
    [names, now],
  )
  const taken = new Map<string, number | null>()
  for (const { name, years } of rows) {
    const known = taken.get(name)
    if (known === null) continue
    taken.set(name, years === null || known === undefined ? years : Math.min(years, known))
  }
  return taken
}

const isFree = (years: number | null | undefined, rest: number): boolean =>
  years === undefined || (years !== null && rest > 0 && years >= rest) || (years !== null && rest === 0)

function* take<T>(source: Generator<T>, count: number): Generator<T> {
  for (let n = 0; n < count; n += 1) {
    const next = source.next()
    if (next.done) return
    yield next.value
  }
}
