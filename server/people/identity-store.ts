import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/**
 * Who is who. Identities are made when they are first mentioned, by a record of their own or by a reference, so a
 * reference never has to wait and the order of records does not matter. An identity without state is "not known yet"
 * and stands on the worklist. A merge leaves identities, their keys and their facts as they are: an affiliation keeps
 * its identity (`identity_id`) beside the person that it counts for (`person_id`).
 */
export type Realm = 'staff' | 'pupil'
export type PersonIdentity = { key: string; realm: Realm; personId: string }

export async function findPersons(
  tx: Tx,
  source: string,
  keys: readonly string[],
): Promise<Map<string, PersonIdentity[]>> {
  const rows = await tx.query<PersonIdentity>(
    `select key, realm, person_id as "personId" from person_key where source = $1 and key = any($2) order by realm`,
    [source, keys],
  )
  return Map.groupBy(rows, row => row.key)
}

export async function insertPersons(
  tx: Tx,
  persons: readonly { id: string; realm: Realm }[],
  now: Date,
): Promise<void> {
  if (persons.length === 0) return
  await tx.query(
    `insert into person (id, realm, created_at)
     select id, realm, $2 from json_to_recordset($1::json) as r(id uuid, realm text)`,
    [JSON.stringify(persons), now],
  )
}

export async function insertPersonKeys(tx: Tx, source: string, identities: readonly PersonIdentity[]): Promise<void> {
  if (identities.length === 0) return
  await tx.query(
    `insert into person_key (source, key, realm, person_id)
     select $2, key, realm, "personId" from json_to_recordset($1::json) as r(key text, realm text, "personId" uuid)
     on conflict (source, key, realm) do update set person_id = excluded.person_id`,
    [JSON.stringify(identities), source],
  )
}

/** Persons that were only ever mentioned: no fact says anything about them yet. */
export async function placeholdersAmong(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await tx.query<{ id: string }>(
    `select id from person p where id = any($1) and not exists (select from fact where subject_id = p.id)`,
    [ids],
  )
  return new Set(rows.map(row => row.id))
}

/** A person who was only mentioned turns out to be one we know: what hangs on the placeholder moves over. */
export async function absorbPlaceholders(tx: Tx, pairs: readonly { from: string; to: string }[]): Promise<void> {
  if (pairs.length === 0) return
  const json = JSON.stringify(pairs)
  const list = `json_to_recordset($1::json) as r("from" uuid, "to" uuid)`
  // A placeholder has no facts and so is never merged: who it counts as is itself.
  await tx.query(
    `update affiliation a set identity_id = r."to", person_id = coalesce(p.merged_into, p.id)
     from ${list} join person p on p.id = r."to" where a.identity_id = r."from"`,
    [json],
  )
  await tx.query(`update person_key k set person_id = r."to" from ${list} where k.person_id = r."from"`, [json])
  await tx.query(`delete from person p using ${list} where p.id = r."from"`, [json])
}

/**
 * Persons of these keys in one realm, made where they are missing. A key that is only known in the other realm gets a
 * second identity: a pupil and an employee are never one, even when a source gives them one key.
 */
export async function ensurePersons(
  tx: Tx,
  source: string,
  wanted: readonly { key: string; realm: Realm }[],
  now: Date,
): Promise<{ ids: Map<string, string>; split: { key: string; from: string; to: string; realm: Realm }[] }> {
  const known = await findPersons(tx, source, [...new Set(wanted.map(entry => entry.key))])
  await moveRealms(tx, source, wanted, known)
  const ids = new Map<string, string>()
  const made: PersonIdentity[] = []
  const split: { key: string; from: string; to: string; realm: Realm }[] = []
  for (const { key, realm } of wanted) {
    const name = `${realm}\n${key}`
    if (ids.has(name)) continue
    const identities = known.get(key) ?? []
    const found = identities.find(identity => identity.realm === realm)
    const personId = found?.personId ?? newId(now.getTime())
    ids.set(name, personId)
    if (found) continue
    made.push({ key, realm, personId })
    const other = identities[0]
    if (other) split.push({ key, from: other.personId, to: personId, realm })
  }
  await insertPersons(
    tx,
    made.map(identity => ({ id: identity.personId, realm: identity.realm })),
    now,
  )
  await insertPersonKeys(tx, source, made)
  return { ids, split }
}

/** A person record that did not say its realm moves to the realm of its first affiliation, if nothing else holds it. */
async function moveRealms(
  tx: Tx,
  source: string,
  wanted: readonly { key: string; realm: Realm }[],
  known: ReadonlyMap<string, PersonIdentity[]>,
): Promise<void> {
  const moves: { id: string; realm: Realm; identity: PersonIdentity }[] = []
  for (const { key, realm } of wanted) {
    const identities = known.get(key) ?? []
    const [only] = identities
    if (only && identities.length === 1 && only.realm !== realm)
      moves.push({ id: only.personId, realm, identity: only })
  }
  if (moves.length === 0) return
  const free = await tx.query<{ id: string; realm: Realm }>(
    `select r.id, r.realm from json_to_recordset($1::json) as r(id uuid, realm text)
     where not exists (select from affiliation a where a.identity_id = r.id)
       and not exists (select from person m where m.id = r.id and m.merged_into is not null or m.merged_into = r.id)
       and (select count(*) from person_key k where k.person_id = r.id) = 1
       and not exists (select from person_key k where k.source = $2 and k.person_id = r.id and k.realm = r.realm)`,
    [JSON.stringify(moves.map(({ id, realm }) => ({ id, realm }))), source],
  )
  const target = new Map(free.map(row => [row.id, row.realm]))
  if (target.size === 0) return
  const json = JSON.stringify([...target].map(([id, realm]) => ({ id, realm })))
  const list = `json_to_recordset($1::json) as r(id uuid, realm text)`
  await tx.query(`update person p set realm = r.realm from ${list} where p.id = r.id`, [json])
  await tx.query(`update person_key k set realm = r.realm from ${list} where k.person_id = r.id`, [json])
  await tx.query(`update person_cpr c set realm = r.realm from ${list} where c.person_id = r.id`, [json])
  for (const { id, identity } of moves) identity.realm = target.get(id) ?? identity.realm
}

/**
 * Affiliations of one source by key, made where they are missing; `holders` (key → person) is set on those made here.
 * One that is only mentioned gets its person by its own record.
 */
export async function ensureAffiliations(
  tx: Tx,
  source: string,
  keys: Iterable<string>,
  holders: ReadonlyMap<string, string> = new Map(),
): Promise<{ ids: Map<string, string>; fresh: Set<string> }> {
  const wanted = [...new Set(keys)]
  if (wanted.length === 0) return { ids: new Map(), fresh: new Set() }
  const made = await tx.query<{ id: string; key: string }>(
    `insert into affiliation (id, source, key, identity_id, person_id)
     select gen_random_uuid(), $1, key, person, coalesce(p.merged_into, person)
     from unnest($2::text[], $3::uuid[]) as r(key, person) left join person p on p.id = person
     on conflict (source, key) do nothing returning id, key`,
    [source, wanted, wanted.map(key => holders.get(key) ?? null)],
  )
  const fresh = new Set(made.map(row => row.id))
  if (made.length === wanted.length) return { ids: new Map(made.map(row => [row.key, row.id])), fresh }
  const rows = await tx.query<{ id: string; key: string }>(
    `select id, key from affiliation where source = $1 and key = any($2)`,
    [source, wanted],
  )
  return { ids: new Map(rows.map(row => [row.key, row.id])), fresh }
}

export async function setAffiliationPersons(tx: Tx, pairs: readonly { id: string; personId: string }[]): Promise<void> {
  if (pairs.length === 0) return
  await tx.query(
    `update affiliation a set identity_id = r."personId", person_id = coalesce(p.merged_into, p.id)
     from json_to_recordset($1::json) as r(id uuid, "personId" uuid) join person p on p.id = r."personId"
     where a.id = r.id and a.identity_id is distinct from r."personId"`,
    [JSON.stringify(pairs)],
  )
}

/**
 * Units by key, made where they are missing. Keys are the organisation's own numbers and mean the same unit whichever
 * source says them; payroll numbers are a space of their own.
 */
export async function ensureUnits(
  tx: Tx,
  keys: Iterable<string>,
  pay: boolean,
): Promise<{ ids: Map<string, string>; fresh: Set<string> }> {
  const wanted = [...new Set(keys)]
  if (wanted.length === 0) return { ids: new Map(), fresh: new Set() }
  const named = () =>
    tx.query<{ id: string; key: string }>(`select id, key from org_unit where pay = $1 and key = any($2)`, [
      pay,
      wanted,
    ])
  // Nearly always they are there already.
  const known = new Map((await named()).map(row => [row.key, row.id]))
  if (known.size === wanted.length) return { ids: known, fresh: new Set() }
  const made = await tx.query<{ id: string; key: string }>(
    `insert into org_unit (id, tree, key, pay) select gen_random_uuid(), $1, key, $2 from unnest($3::text[]) as key
     on conflict (key, pay) do nothing returning id, key`,
    [pay ? 'pay' : 'admin', pay, wanted.filter(key => !known.has(key))],
  )
  for (const row of made) known.set(row.key, row.id)
  // One that another has made meanwhile is neither.
  if (known.size < wanted.length) for (const row of await named()) known.set(row.key, row.id)
  return { ids: known, fresh: new Set(made.map(row => row.id)) }
}

export async function setUnitTrees(tx: Tx, units: readonly { id: string; tree: string }[]): Promise<void> {
  if (units.length === 0) return
  await tx.query(
    `update org_unit u set tree = r.tree from json_to_recordset($1::json) as r(id uuid, tree text)
     where u.id = r.id and u.tree <> r.tree`,
    [JSON.stringify(units)],
  )
}
