import { newId } from '../platform/ids.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/**
 * Pairs of people, one of whom this run has said something about, who may be one person: two records with facts of
 * their own hold one CPR number, or name and birth date are the same and no two numbers say otherwise. A name alone is
 * nothing. What a person has decided about a pair stays; an open pair that no longer looks alike is taken off.
 */
export async function findPersonMatches(
  tx: Tx,
  run: { source: string; runId: string | null; now: Date },
): Promise<void> {
  const changed = await tx.query<{ id: string }>(
    `select distinct coalesce(p.merged_into, p.id) as id from source_record r join person p on p.id = r.subject_id
     where r.source = $1 and r.run_id = $2 and r.kind = 'person'`,
    [run.source, run.runId],
  )
  const ids = changed.map(row => row.id)
  if (ids.length === 0) return
  const pairs = await tx.query<{ a: string; b: string; evidence: string; confidence: number }>(
    `select least(m.id, c.person_id) as a, greatest(m.id, c.person_id) as b, 'name-birth-date' as evidence, 60 as confidence
     from unnest($1::uuid[]) as m (id)
     join person_current mine on mine.person_id = m.id join person mp on mp.id = m.id
     join person_current c on c.family_name = mine.family_name and c.given_name = mine.given_name
       and c.birth_date = mine.birth_date and c.person_id <> m.id
     join person p on p.id = c.person_id and p.realm = mp.realm
     left join person_cpr n on n.person_id = m.id left join person_cpr o on o.person_id = c.person_id
     where n.hash is null or o.hash is null
     union
     select least(n.person_id, o.person_id), greatest(n.person_id, o.person_id), 'same-cpr', 98
     from unnest($1::uuid[]) as m (id)
     join person i on i.id = m.id or i.merged_into = m.id
     join person_cpr n on n.person_id = i.id
     join person_cpr o on o.hash = n.hash and o.realm = n.realm and o.person_id <> n.person_id
     join person p on p.id = n.person_id join person q on q.id = o.person_id
     where coalesce(p.merged_into, p.id) <> coalesce(q.merged_into, q.id)`,
    [ids],
  )
  const rows = pairs.map(pair => ({ id: newId(run.now.getTime()), ...pair }))
  await tx.query(
    `delete from person_match m where m.state = 'open' and (m.person_a = any($1) or m.person_b = any($1))
       and not exists (select from json_to_recordset($2::json) as r(a uuid, b uuid) where r.a = m.person_a and r.b = m.person_b)
       and not exists (select from person p where p.id in (m.person_a, m.person_b) and p.merged_into is not null)`,
    [ids, JSON.stringify(rows)],
  )
  await tx.query(
    `insert into person_match as m (id, person_a, person_b, evidence, confidence, since, run_id)
     select distinct on (a, b) id, a, b, evidence, confidence, $2, $3
     from json_to_recordset($1::json) as r(id uuid, a uuid, b uuid, evidence text, confidence int)
     order by a, b, confidence desc
     on conflict (person_a, person_b) do update set evidence = excluded.evidence, confidence = excluded.confidence
       where m.state = 'open' and m.evidence <> excluded.evidence`,
    [JSON.stringify(rows), run.now, run.runId],
  )
}

/** What a person says about a pair. Throws `conflict` where it is not in the state that the decision is about. */
export async function decideMatch(
  tx: Tx,
  id: string,
  decision: { from: 'open' | 'different'; to: 'open' | 'different'; by: string | null; reason: string | null },
): Promise<void> {
  const rows = await tx.query(
    `update person_match set state = $3, decided_by = $4, decided_at = case when $4::text is not null then clock_timestamp() end,
       reason = $5 where id = $1 and state = $2 returning id`,
    [id, decision.from, decision.to, decision.by, decision.reason],
  )
  if (rows.length === 0) throw problem('conflict')
}
