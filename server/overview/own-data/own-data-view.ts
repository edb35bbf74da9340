import type { RegisterDefaults } from '#contract/activities.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getMe } from '#contract/people.ts'
import { personPageView } from '../../access/person-page-views.ts'
import { readPersonHead } from '../../access/person-record-view.ts'
import { viewerOf } from '../../access/viewer.ts'
import { type LookupRow, lookupsOf } from '../../audit/lookup-views.ts'
import { keptRows } from '../../gdpr/retention/retention-store.ts'
import { identitiesOf } from '../../people/merge-store.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { ownPageOnly } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import type { Vocabularies } from '../../register/vocabulary/vocabulary.ts'
import { loadVocabularies } from '../../register/vocabulary/vocabulary-store.ts'

export type PastRight = {
  system: string
  right: string
  from: string | null
  to: string
  rule: string | null
  seen: boolean
}
export type OwnFinding = { code: string; system: string | null; since: string; closed: string | null }
export type OwnData = {
  day: string
  defaults: RegisterDefaults
  page: ResponseOf<typeof getMe>
  pastRights: PastRight[]
  findings: OwnFinding[]
  lookups: LookupRow[]
  /** By binding: who agreed, where others are named. */
  approvers: Map<string, string>
  named: boolean
  recipients: { system: string; supplier: string | null }[]
  retention: { key: string; amount: number; unit: 'days' | 'months' }[]
  vocabularies: Vocabularies
}

/** Lookups are kept for months, not years: nobody has more. */
const MOST_LOOKUPS = 20_000

/**
 * What is known of a person, as they see it themselves, whoever makes it; a protected name only where the maker may see it.
 * Others stand by their function, or by their name too where they are to be `named`; protected names never.
 * null: there is nobody of whom the maker may make it.
 */
export async function ownDataView(
  tx: Tx,
  actor: Actor,
  personId: string,
  parts: { today: string; keyring: Keyring; defaults: RegisterDefaults; named?: boolean },
): Promise<OwnData | null> {
  const found = await readPersonHead(tx, personId)
  const self = actor.personId === personId
  if (!found || !(self || allows(actor, 'export', 'Person', found.record))) return null
  const { today, keyring, defaults, named: othersNamed = false } = parts
  const viewer = viewerOf(ownPageOnly({ ...actor, personId, roles: ['employee'] }), found.record)
  const named = self || allows(actor, 'read', 'Person', found.record, 'protectedName')
  const shown = { ...viewer, protectedName: viewer.protectedName && named }
  const page = await personPageView(tx, personId, shown, { today, keyring, head: found.head })
  if (!page) return null
  const ids = await identitiesOf(tx, personId)
  return {
    ...{ day: today, defaults, page, named: othersNamed },
    pastRights: await pastRights(tx, personId),
    findings: await tx.query<OwnFinding>(
      `select f.code, s.name as system, (f.opened_at at time zone 'Europe/Copenhagen')::date::text as since,
         (f.closed_at at time zone 'Europe/Copenhagen')::date::text as closed
       from finding f left join it_system s on s.id = f.system_id where f.person_id = any($1) order by f.opened_at desc, f.id`,
      [ids],
    ),
    lookups: (await lookupsOf(tx, ids, { offset: 0, limit: MOST_LOOKUPS, named: othersNamed })).lookups,
    approvers: othersNamed
      ? await approversOf(
          tx,
          page.purposes.map(one => one.bindingId),
        )
      : new Map(),
    recipients: await tx.query<OwnData['recipients'][number]>(
      `select s.name as system, s.supplier from it_system s where s.id = any($1::uuid[]) order by s.name collate "da-x-icu"`,
      [page.systems.map(one => one.system.id)],
    ),
    retention: (await keptRows(tx)).map(({ key, amount, unit }) => ({ key, amount, unit })),
    vocabularies: await loadVocabularies(tx),
  }
}

/** Who agreed to what rights are for, by name where it is not protected. */
async function approversOf(tx: Tx, bindingIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; name: string }>(
    `select b.id, coalesce(p.name, u.display_name) as name from purpose_binding b join tool_user u on u.id::text = b.approved_by
     left join person i on i.id = u.person_id left join person_current p on p.person_id = coalesce(i.merged_into, i.id)
     where b.id = any($1::uuid[]) and p.protected is not true and coalesce(p.name, u.display_name) is not null`,
    [bindingIds],
  )
  return new Map(rows.map(row => [row.id, row.name]))
}

/** What was given or seen once, and is neither now: by the same name with the same end it is one line. */
const pastRights = (tx: Tx, personId: string): Promise<PastRight[]> =>
  tx.query<PastRight>(
    `select s.name as system, e.name as right, (h.since at time zone 'Europe/Copenhagen')::date::text as from,
       (h.until at time zone 'Europe/Copenhagen')::date::text as to, h.rule, h.seen
     from (
       select a.entitlement_id, min(lower(a.held)) as since, max(upper(a.held)) as until,
         (array_agg(coalesce(r.name, d.rule_key) order by upper(a.held) desc))[1] as rule, false as seen
       from assignment_history a join affiliation f on f.id = a.affiliation_id join derivation d on d.id = a.derivation_id
       left join rights_rule r on r.key = d.rule_key and r.version = d.rule_version
       where f.person_id = $1 and not isempty(a.held) and not exists (select from assignment n join affiliation nf on nf.id = n.affiliation_id
         where nf.person_id = $1 and n.entitlement_id = a.entitlement_id) group by 1
       union all
       select o.entitlement_id, min(lower(o.seen)), max(upper(o.seen)), null, true
       from observed_right_history o join account acc on acc.id = o.account_id
       where acc.person_id = $1 and not exists (select from observed_right n join account na on na.id = n.account_id
         where na.person_id = $1 and n.entitlement_id = o.entitlement_id) group by 1) h
     join entitlement e on e.id = h.entitlement_id join it_system s on s.id = e.system_id
     order by h.until desc, s.name, e.name, h.seen`,
    [personId],
  )
