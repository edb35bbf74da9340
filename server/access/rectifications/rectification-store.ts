import type { RectificationObject } from '#contract/rectifications.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

export type Office = 'systemowner' | 'it' | 'hr'
export type NewRectification = {
  id: string
  personId: string
  object: RectificationObject
  systemId: string | null
  office: Office
  words: string
}

/** Where something belongs that somebody says is wrong about themselves. null: it is not about this person. */
export async function placeOf(
  tx: Tx,
  personId: string,
  object: RectificationObject,
): Promise<{ systemId: string | null; owned: boolean } | null> {
  switch (object.about) {
    case 'person':
      return { systemId: null, owned: false }
    case 'affiliation': {
      const [row] = await tx.query(
        'select from affiliation_current where affiliation_id = $1 and person_id = $2 limit 1',
        [object.affiliationId, personId],
      )
      return row ? { systemId: null, owned: false } : null
    }
    case 'account': {
      const [row] = await tx.query('select from account where id = $1 and person_id = $2 and gone_at is null', [
        object.accountId,
        personId,
      ])
      return row ? { systemId: null, owned: false } : null
    }
    case 'right': {
      const [row] = await tx.query<{ systemId: string; owned: boolean }>(
        `select e.system_id as "systemId", exists (
           select from it_system s join affiliation_current ac on ac.affiliation_id = s.owner_affiliation_id
           where s.id = e.system_id and ac.status = 'active' and ac.person_id <> $2) as owned
         from entitlement e where e.id = $1 and (
           exists (select from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
             where a.entitlement_id = e.id and ac.person_id = $2)
           or exists (select from observed_right o join account acc on acc.id = o.account_id
             where o.entitlement_id = e.id and acc.person_id = $2 and acc.gone_at is null)
           -- What is held as a part of something greater stands on the own page too.
           or exists (select from entitlement_part part join observed_right o on o.entitlement_id = part.entitlement_id
             join account acc on acc.id = o.account_id where part.part_id = e.id and acc.person_id = $2 and acc.gone_at is null))`,
        [object.entitlementId, personId],
      )
      return row ?? null
    }
  }
}

const idsOf = (object: RectificationObject) => [
  object.about === 'right' ? object.entitlementId : null,
  object.about === 'affiliation' ? object.affiliationId : null,
  object.about === 'account' ? object.accountId : null,
]

/** Notes it; false where the same thing waits for an answer already. One at a time for a person. */
export async function addRectification(tx: Tx, one: NewRectification, now: Date): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('rectification ' || $1))`, [one.personId])
  const rows = await tx.query<{ id: string }>(
    `insert into rectification (id, person_id, about, entitlement_id, affiliation_id, account_id, system_id, office, words, asked_at)
     select $1, $2, $3, $4::uuid, $5::uuid, $6::uuid, $7, $8, $9, $10
     where not exists (select from rectification r where r.person_id = $2 and r.about = $3 and r.answered_at is null
       and (r.entitlement_id, r.affiliation_id, r.account_id) is not distinct from ($4::uuid, $5::uuid, $6::uuid))
     returning id`,
    [one.id, one.personId, one.object.about, ...idsOf(one.object), one.systemId, one.office, one.words, now],
  )
  return rows.length > 0
}

export type StoredRectification = {
  id: string
  personId: string
  personKind: string
  systemId: string | null
  office: Office
  answeredAt: Date | null
}
export async function loadRectification(tx: Tx, id: string): Promise<StoredRectification | null> {
  const [row] = await tx.query<StoredRectification>(
    `select r.id, p.person_id as "personId", p.kind as "personKind", r.system_id as "systemId", r.office, r.answered_at as "answeredAt"
     from rectification r join person i on i.id = r.person_id join person_current p on p.person_id = coalesce(i.merged_into, i.id)
     where r.id = $1 for update of r`,
    [id],
  )
  return row ?? null
}

export async function noteAnswer(
  tx: Tx,
  id: string,
  said: { outcome: string; answer: string; by: string; as: string },
  now: Date,
): Promise<void> {
  await tx.query(
    `update rectification set outcome = $2, answer = $3, answered_by = $4, answered_as = $5, answered_at = $6 where id = $1`,
    [id, said.outcome, said.answer, said.by, said.as, now],
  )
}

/** Notes that the person has read what was answered; answers how many that were. */
export async function noteSeen(tx: Tx, personId: string, now: Date): Promise<number> {
  const rows = await tx.query<{ id: string }>(
    `update rectification set seen_at = $2 where answered_at is not null and seen_at is null
       and person_id in (select id from person where id = $1 or merged_into = $1) returning id`,
    [personId, now],
  )
  return rows.length
}
