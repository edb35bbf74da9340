import type { Db } from '../../server/platform/unit-of-work.ts'

/**
 * Five years of recorded history behind what a town knows today: for each of these people and their affiliations a state
 * a quarter, each with another fraction, and for each right a year at a time. Written to the tables, since the pipeline
 * records what it learns as of now.
 */
export async function addFiveYears(db: Db, personShare: number): Promise<void> {
  await db.transaction(async tx => {
    const [past] = await tx.query('select 1 from affiliation_state where not upper_inf(recorded) limit 1')
    if (past) return
    await tx.query(
      `create temporary table chosen on commit drop as
       select person_id from person_current where ('x' || left(md5(person_id::text), 4))::bit(16)::int < 65536 * $1::float`,
      [personShare],
    )
    const recorded = `tstzrange(now() - interval '5 years' + (q - 1) * interval '3 months', now() - interval '5 years' + q * interval '3 months')`
    await tx.query(
      `insert into affiliation_state (affiliation_id, valid, recorded, attrs, origin)
       select s.affiliation_id, s.valid, ${recorded}, s.attrs || jsonb_build_object('fraction', q / 20.0), s.origin
       from chosen c join affiliation a on a.person_id = c.person_id
       join affiliation_state s on s.affiliation_id = a.id and upper_inf(s.recorded), generate_series(1, 19) q`,
    )
    await tx.query(
      `insert into person_state (person_id, valid, recorded, attrs, origin)
       select s.person_id, s.valid, ${recorded}, s.attrs, s.origin
       from chosen c join person_state s on s.person_id = c.person_id and upper_inf(s.recorded), generate_series(1, 19) q`,
    )
    const year = `tstzrange(now() - y * interval '1 year', now() - (y - 1) * interval '1 year' - interval '1 day')`
    await tx.query(
      `insert into assignment_history (affiliation_id, entitlement_id, derivation_id, constraints, held)
       select a.affiliation_id, a.entitlement_id, a.derivation_id, a.constraints, ${year}
       from chosen c join affiliation f on f.person_id = c.person_id
       join assignment a on a.affiliation_id = f.id, generate_series(1, 5) y`,
    )
    await tx.query(
      `insert into observed_right_history (account_id, entitlement_id, seen)
       select o.account_id, o.entitlement_id, ${year}
       from chosen c join account acc on acc.person_id = c.person_id
       join observed_right o on o.account_id = acc.id, generate_series(1, 5) y`,
    )
  })
  await db.source.query('vacuum analyze')
}
