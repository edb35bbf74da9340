import { randomBytes } from 'node:crypto'
import { refreshCurrent } from '../../people/current-store.ts'
import { lockPeople } from '../../people/fact-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { aboutSql, CONTACT, NUMBER, partsOf, WITH_THE_NAME } from './due-sql.ts'

/**
 * Somebody is forgotten in three steps (gdpr.md 8.7): how to reach them, their number, and last their name. Facts and states
 * are written over where they stand, since what is derived again tomorrow must not know more than what is derived today; that
 * is the one exception from "past knowledge is never overwritten", and the deletion journal says when it was made.
 */

/** Of an employment this stays: where, as what, how much and when. */
const KEPT_OF_AFFILIATION = [
  ...['affiliationKind', 'unit', 'payUnit', 'unitOverride', 'title', 'fraction', 'functions', 'primary', 'hourlyPaid'],
  ...[
    'startsOn',
    'endsOn',
    'accessEndsOn',
    'lastWorkingDay',
    'releasedFrom',
    'endGoverns',
    'schoolClass',
    'payrollConfirmed',
  ],
]

async function membersOf(tx: Tx, people: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    'select id from person where id = any($1::uuid[]) or merged_into = any($1::uuid[]) order by id',
    [people],
  )
  return rows.map(row => row.id)
}

export async function forgetContact(tx: Tx, people: readonly string[]): Promise<void> {
  await lockPeople(tx)
  const members = await membersOf(tx, people)
  const by = [members]
  await tx.query(
    `update fact set attrs = attrs - ${CONTACT} where subject_id = any($1::uuid[]) and attrs ?| ${CONTACT}`,
    by,
  )
  await tx.query(
    `update person_state set attrs = attrs - ${CONTACT} where person_id = any($1::uuid[]) and attrs ?| ${CONTACT}`,
    by,
  )
  await tx.query('update person_current set email = null, phone = null where person_id = any($1::uuid[])', by)
  // Compared by their hash: a record that is unchanged at its source does not bring back what was taken from it here.
  await tx.query(
    `update source_record set payload = payload - ${CONTACT}
     where kind = 'person' and subject_id = any($1::uuid[]) and payload ?| ${CONTACT}`,
    by,
  )
  await forgetInPlans(tx, members, CONTACT)
}

/** What runs planned about them. What was added had no subject yet: then its source's key says who. */
async function forgetInPlans(tx: Tx, members: readonly string[], keys: string): Promise<void> {
  await tx.query(
    `update plan_item i set before = i.before - ${keys}, after = i.after - ${keys}
     where i.kind = 'person' and (i.before ?| ${keys} or i.after ?| ${keys})
       and (i.subject_id = any($1::uuid[]) or exists (
         select from feed_run r join person_key k on k.source = r.source
         where r.plan_id = i.plan_id and k.key = i.key and k.person_id = any($1::uuid[])))`,
    [members],
  )
}

/** Number and hash: nobody is found by it any more, and nothing opens it, with whichever key. */
export async function forgetNumber(tx: Tx, people: readonly string[]): Promise<void> {
  const members = await membersOf(tx, people)
  const by = [members]
  await tx.query('delete from person_cpr where person_id = any($1::uuid[])', by)
  await tx.query('delete from person_cpr_former where person_id = any($1::uuid[])', by)
  await tx.query(
    `update source_record set payload = payload - ${NUMBER}
     where kind = 'person' and subject_id = any($1::uuid[]) and payload ?| ${NUMBER}`,
    by,
  )
  await forgetInPlans(tx, members, NUMBER)
  await tx.query(
    'update lifecycle_case set cpr_sealed = null where person_id = any($1::uuid[]) and cpr_sealed is not null',
    by,
  )
  await tx.query(
    `update hr_event e set sealed = null from hr_event_state s
     where s.event_id = e.id and s.person_id = any($1::uuid[]) and e.sealed is not null`,
    by,
  )
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
/** `P-` and ten characters by chance: nothing of the person is in it. */
export const newPseudonym = (): string =>
  `P-${[...randomBytes(10)].map(byte => LETTERS[byte % LETTERS.length]).join('')}`

/**
 * The name goes, everywhere: facts, states, keys of sources, accounts, and what other rows of the table say of the person. Unit,
 * position, role and dates stay under the pseudonym, so that figures of past years are what they were.
 */
export async function pseudonymise(
  tx: Tx,
  people: readonly { id: string; pseudonym: string }[],
  when: { today: string; now: Date },
): Promise<void> {
  const ids = people.map(one => one.id)
  await forgetContact(tx, ids)
  await forgetNumber(tx, ids)
  await forgetWhatIsSaid(tx, ids, when.today)
  const members = await membersOf(tx, ids)
  await tx.query(
    `insert into person_pseudonym (person_id, pseudonym, at)
     select id, pseudonym, $2 from json_to_recordset($1::json) r (id uuid, pseudonym text) on conflict (person_id) do nothing`,
    [JSON.stringify(people), when.now],
  )
  const NAMED = `(select p.id, y.pseudonym from person p join person_pseudonym y on y.person_id = coalesce(p.merged_into, p.id)
    where p.id = any($1::uuid[]))`
  const NAME = `jsonb_build_object('givenName', '', 'familyName', n.pseudonym)`
  // A hash is made of what a fact said, so it would still tell it to whoever guesses: others, made with what nobody keeps.
  const salt = randomBytes(16)
  const SALTED = 'hash = sha256(f.hash || $2::bytea), retracts = sha256(f.retracts || $2::bytea), reason = null'
  await tx.query(
    `update fact f set ${SALTED}, source_key = n.pseudonym, attrs = case when f.attrs ?| array['givenName', 'familyName'] then ${NAME} else '{}' end
     from ${NAMED} n where f.subject_kind = 'person' and f.subject_id = n.id`,
    [members, salt],
  )
  await tx.query(`update person_state s set attrs = ${NAME}, origin = '[]' from ${NAMED} n where s.person_id = n.id`, [
    members,
  ])
  const LEFT = `(select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(ATTRS) e where e.key = any($K::text[]))`
  await tx.query(
    `update fact f set ${SALTED}, source_key = n.pseudonym, attrs = ${LEFT.replace('ATTRS', 'f.attrs').replace('$K', '$3')}
     from affiliation a, ${NAMED} n
     where f.subject_kind = 'affiliation' and f.subject_id = a.id and n.id in (a.person_id, a.identity_id)`,
    [members, salt, KEPT_OF_AFFILIATION],
  )
  await tx.query(
    `update affiliation_state s set attrs = ${LEFT.replace('ATTRS', 's.attrs').replace('$K', '$2')}
     from affiliation a where a.id = s.affiliation_id and (a.person_id = any($1::uuid[]) or a.identity_id = any($1::uuid[]))`,
    [members, KEPT_OF_AFFILIATION],
  )
  await forgetKeys(tx, members)
  await forgetAccounts(tx, members)
  await tx.query(`update person_current set usernames = '' where person_id = any($1::uuid[])`, [members])
  await refreshCurrent(tx, { persons: ids }, when.today)
}

/** By which their sources knew them. What a source no longer tells of is not needed to compare with. */
async function forgetKeys(tx: Tx, members: readonly string[]): Promise<void> {
  await tx.query(
    `delete from source_record r where r.gone_at is not null and r.kind in ('person', 'affiliation', 'account') and r.subject_id in (
       select unnest($1::uuid[]) union select id from affiliation where person_id = any($1::uuid[]) or identity_id = any($1::uuid[])
       union select id from account where person_id = any($1::uuid[]))`,
    [members],
  )
  await tx.query('delete from person_key where person_id = any($1::uuid[])', [members])
  await tx.query(
    'update affiliation set key = id::text where person_id = any($1::uuid[]) or identity_id = any($1::uuid[])',
    [members],
  )
}

async function forgetAccounts(tx: Tx, members: readonly string[]): Promise<void> {
  const by = [members]
  await tx.query(
    `update account set username = 'gone-' || left(id::text, 8), key = id::text, display_name = null, email = null, dn = null,
       employee_no = null, person_key = null, description = null, reason = null, candidates = '[]'
     where person_id = any($1::uuid[])`,
    by,
  )
  await tx.query('delete from user_name_given where person_id = any($1::uuid[])', by)
  await tx.query(
    'delete from second_factor where user_id in (select id from tool_user where person_id = any($1::uuid[]))',
    by,
  )
  await tx.query(
    'delete from recovery_code where user_id in (select id from tool_user where person_id = any($1::uuid[]))',
    by,
  )
  await tx.query(
    `update tool_user set username = 'gone-' || left(id::text, 8), display_name = null, password_hash = null, password_set_at = null,
       disabled_at = coalesce(disabled_at, clock_timestamp())
     where kind = 'person' and person_id = any($1::uuid[])`,
    by,
  )
}

/** What other rows of the table still say of these people, whatever its own time. */
async function forgetWhatIsSaid(tx: Tx, people: readonly string[], today: string): Promise<void> {
  const rows = await tx.query<{ row: (typeof WITH_THE_NAME)[number]; part: string; id: string }>(
    aboutSql(WITH_THE_NAME),
    [today, people],
  )
  for (const key of WITH_THE_NAME)
    for (const part of partsOf(key)) {
      const ids = rows.filter(row => row.row === key && row.part === part.name).map(row => row.id)
      if (ids.length > 0) for (const statement of part.erase) await tx.query(statement, [ids])
    }
}
