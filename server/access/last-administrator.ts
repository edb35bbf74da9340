import { systemActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/** Local users with a role that administers, who can sign in on a date: told by the room that knows them. */
export type LocalAdministrators = (tx: Tx, today: string) => Promise<number>

const ADMINISTERS = `(select id from entitlement where key = 'hjemmel/it' and gone_at is null)`

/**
 * A rule that runs out ends rights, as it says; nobody is asked, for nobody did anything. Where it would end the last
 * role of IT there is, and no local user administers, those who have it keep it until somebody else has: a town hall
 * that cannot get in cannot give the role to anybody. A rule that a person ends, and a job that ends, are not held up:
 * there the guard on changes of rules has asked, and who has left has left. Works on `wanted`, before the difference.
 */
export async function keepLastAdministrators(
  tx: Tx,
  scope: readonly string[] | 'all',
  { today, locals }: { today: string; locals: LocalAdministrators | undefined },
): Promise<void> {
  const params = scope === 'all' ? [today] : [today, scope]
  const ending = `from assignment a join derivation d on d.id = a.derivation_id
     join rights_rule r on r.key = d.rule_key and r.version = d.rule_version
     join affiliation_current ac on ac.affiliation_id = a.affiliation_id and ac.status = 'active'
     where a.entitlement_id = ${ADMINISTERS} and upper_inf(r.recorded) and r.state = 'active'
       and upper(r.valid) <= $1::date and ${scope === 'all' ? 'true' : 'a.affiliation_id = any($2)'}`
  const [now] = await tx.query<{ lost: boolean }>(
    `select exists (select ${ending})
       and not exists (select from wanted where entitlement_id = ${ADMINISTERS})
       and ${scope === 'all' ? 'true' : `not exists (select from assignment where entitlement_id = ${ADMINISTERS} and affiliation_id <> all($2))`}
       as lost`,
    params,
  )
  if (!now?.lost || (locals && (await locals(tx, today)) > 0)) return
  const kept = await tx.query<{ affiliationId: string; rule: string; first: boolean }>(
    `with kept as (
       select a.affiliation_id, a.entitlement_id, a.derivation_id, a.constraints, d.rule_key,
         a.valid_to is not null as first
       ${ending}
     ), put as (
       insert into wanted (affiliation_id, entitlement_id, derivation_id, constraints)
       select affiliation_id, entitlement_id, derivation_id, constraints from kept
     )
     select affiliation_id as "affiliationId", rule_key as rule, first from kept`,
    params,
  )
  // Once, not every day: from then on the assignment has no end of its own.
  for (const one of kept.filter(({ first }) => first))
    await audit(tx).write({
      actor: systemActor('roll-the-day'),
      action: 'access.last-administrator-kept',
      subjectKind: 'affiliation',
      subjectId: one.affiliationId,
      detail: { rule: one.rule, entitlement: 'hjemmel/it' },
    })
}
