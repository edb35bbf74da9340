import {
  type CorrelationAttribute,
  type CorrelationSettings,
  correlationSettings,
  DEFAULT_CORRELATION,
} from '../feeds/sources/correlation-settings.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/** How each of these sources finds the people of its accounts, as declared. */
export async function readCorrelation(tx: Tx, sources: readonly string[]): Promise<Map<string, CorrelationSettings>> {
  const rows = await tx.query<{ key: string; declared: unknown }>(
    `select key, declaration -> 'correlation' as declared from source where key = any($1)`,
    [sources],
  )
  const found = new Map(rows.map(row => [row.key, row.declared]))
  return new Map(
    sources.map(source => {
      const read = correlationSettings.safeParse(found.get(source))
      return [source, read.success ? read.data : DEFAULT_CORRELATION]
    }),
  )
}

/**
 * Who may be behind the accounts in the temporary table `link_scope`, as rows of the temporary table `link_candidate`.
 * An employee number names an affiliation and leads to its person. A CPR number and attributes are compared only within
 * the realm that the source is for, so that a pupil and an employee are never linked by them.
 */
export async function findCandidates(tx: Tx, settings: ReadonlyMap<string, CorrelationSettings>): Promise<void> {
  await tx.query(`
    create temporary table link_candidate (account_id uuid, identity_id uuid, person_id uuid, affiliation_id uuid,
      via text, rank int, confidence int, taken boolean not null default false) on commit drop`)
  await tx.query(`
    insert into link_candidate (account_id, identity_id, person_id, affiliation_id, via, rank, confidence)
    select a.id, p.id, c.person_id, null, 'source', 1, 100
    from link_scope s join account a on a.id = s.account_id
    join source_record r on r.source = a.source and r.kind = 'person' and r.key = a.person_key
    join person p on p.id = r.subject_id join person_current c on c.person_id = coalesce(p.merged_into, p.id)
    where a.person_key is not null
    union all
    select a.id, f.identity_id, ac.person_id, ac.affiliation_id, 'employee-no', 2, 100
    from link_scope s join account a on a.id = s.account_id
    join affiliation_current ac on ac.employee_no = a.employee_no join affiliation f on f.id = ac.affiliation_id
    where a.employee_no is not null and a.kind = 'personal'`)
  await tx.query(
    `insert into link_candidate (account_id, identity_id, person_id, affiliation_id, via, rank, confidence)
     select a.id, p.id, c.person_id, null, 'cpr', 3, 98
     from link_scope s join account a on a.id = s.account_id
     join json_to_recordset($1::json) as w(source text, realm text) on w.source = a.source
     join source_record r on r.source = a.source and r.kind = 'account' and r.key = a.key
     join person_cpr n on n.hash = decode(r.payload ->> 'cprHash', 'hex') and n.realm = w.realm
     join person p on p.id = n.person_id join person_current c on c.person_id = coalesce(p.merged_into, p.id)
     where a.comparable and a.kind = 'personal'`,
    [JSON.stringify([...settings].map(([source, { realm }]) => ({ source, realm })))],
  )
  for (const [source, { realm, by }] of settings)
    for (const { attributes, confidence } of by)
      await tx.query(
        `insert into link_candidate (account_id, identity_id, person_id, affiliation_id, via, rank, confidence)
         select a.id, p.id, c.person_id, null, 'attributes', 4, $2::int
         from link_scope s join account a on a.id = s.account_id
         join source_record r on r.source = a.source and r.kind = 'account' and r.key = a.key
         join person_current c on ${attributes.map(name => SAME[name]).join(' and ')}
         join person p on p.id = c.person_id and p.realm = $3
         where a.source = $1 and a.kind = 'personal' and (a.comparable or $4)`,
        [source, confidence, realm, !attributes.includes('birthDate')],
      )
  await tx.query(`
    delete from link_candidate c using account_link l join person p on p.id = l.person_id
    where l.account_id = c.account_id and l.until is null and l.verdict = 'not'
      and coalesce(p.merged_into, p.id) = c.person_id`)
  await tx.query('create index on link_candidate (account_id)')
  await tx.query('create index on link_candidate (person_id)')
  await tx.query('analyze link_candidate')
  // Only a number gives somebody a second account of a source by itself. What is decided together comes to the same as
  // what comes one after the other, the stronger evidence first.
  await tx.query(`
    update link_candidate c set taken = true from account a
    where a.id = c.account_id and c.rank > 2 and (
      exists (select from account o where o.person_id = c.person_id and o.source = a.source and o.id <> a.id
        and o.kind = 'personal' and o.gone_at is null)
      or exists (select from link_candidate t join account o on o.id = t.account_id
        where t.person_id = c.person_id and t.account_id <> a.id and o.source = a.source
          and (t.rank < c.rank or t.rank = c.rank and t.confidence >= c.confidence)))`)
}

/** SQL that is true where account `a` (its record `r`) and person `c` agree. What one of them does not say never agrees. */
const SAME: Record<CorrelationAttribute, string> = {
  birthDate: `c.birth_date = (r.payload ->> 'birthDate')::date`,
  name: `lower(c.name) = lower(coalesce(nullif(concat_ws(' ', r.payload ->> 'givenName', r.payload ->> 'familyName'), ''),
    a.display_name))`,
  email: 'lower(c.email) = lower(a.email)',
  phone: `c.phone = r.payload ->> 'phone'`,
  unit: `exists (select from affiliation_current u where u.person_id = c.person_id and u.status = 'active'
    and u.unit_keys[cardinality(u.unit_keys)] = r.payload ->> 'unit')`,
}
