import type { searchProposals } from '#contract/bindings.ts'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import { problem } from '../../platform/problem.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, sqlFor } from '../../policy/policy.ts'
import type { Proposed } from '../../register/bindings/binding-service.ts'
import { type FoundProposal, findProposals, type Hint, proposalKey } from './find-proposals.ts'

type Answer = ResponseOf<typeof searchProposals>

/** Activities in force that may be proposed, with the purpose that comes first. */
const IN_FORCE = (day: string) => `in_force as materialized (
  select f.activity_id, f.version_id from activity_in_force f where upper_inf(f.recorded) and f.valid @> ${day}::date)`
/** KLE numbers meet where one is the other or a part of it. */
const MEETS = (a: string, b: string) => `(${a} = ${b} or ${a} like ${b} || '.%' or ${b} like ${a} || '.%')`

/**
 * What might be bound to what on a day, in systems that the reader may see: one statement, set-based, nothing stored.
 * A right limited to KLE numbers of an activity says most; names that are alike least, and take longest to compare:
 * without `names` nothing is missing but proposals that rest on names alone.
 */
async function found(tx: Tx, actor: Actor, day: string, { names }: { names: boolean }): Promise<FoundProposal[]> {
  const q = statement()
  const may = q.use(startAt =>
    sqlFor(actor, 'read', 'Binding', { systemId: { sql: 's.id', type: 'uuid' } }, { startAt }),
  )
  const date = q.bind(day, 'date')
  const rows = await tx.query<Hint & { decided: boolean }>(
    `with ${IN_FORCE(date)},
     sys as materialized (select s.* from it_system s where s.gone_at is null and ${may}),
     limited as (
       select a.entitlement_id, v as kle from assignment a cross join jsonb_array_elements(a.constraints) c
       cross join jsonb_array_elements_text(c -> 'values') v where c ->> 'on' = 'kle' group by 1, 2
     ), decided as materialized (
       select b.level || ':' || coalesce(b.system_id, b.entitlement_id) || ':' || b.activity_id as key from purpose_binding b
       where upper_inf(b.recorded) and b.level in ('system', 'entitlement') and b.valid @> ${date}::date
       union all select key from purpose_rejection
     ), hints as (
     select jsonb_build_object('level', 'entitlement', 'entitlementId', e.id) as object, e.system_id as "systemId",
       i.activity_id as "activityId", 'limits-kle' as source, array_agg(distinct k.kle order by k.kle) as evidence
     from limited l join entitlement e on e.id = l.entitlement_id join sys on sys.id = e.system_id
     join activity_kle k on ${MEETS('k.kle', 'l.kle')} join in_force i on i.version_id = k.version_id
     group by e.id, e.system_id, i.activity_id
     union all
     select jsonb_build_object('level', 'system', 'systemId', sys.id), sys.id, i.activity_id, 'system-kle',
       array_agg(distinct k.kle order by k.kle)
     from sys cross join unnest(sys.kle) own join activity_kle k on ${MEETS('k.kle', 'own')}
     join in_force i on i.version_id = k.version_id group by sys.id, i.activity_id
     union all
     select jsonb_build_object('level', 'system', 'systemId', sys.id), sys.id, i.activity_id, 'record-systems', '{}'
     from sys join activity_system y on y.system_id = sys.id join in_force i on i.version_id = y.version_id
     ${names ? BY_NAME : ''}
     )
     select h.*, (h.object ->> 'level') || ':' || coalesce(h.object ->> 'systemId', h.object ->> 'entitlementId') || ':' || h."activityId"
       in (select key from decided) as decided from hints h`,
    q.params,
  )
  const decided = rows.filter(row => row.decided).map(row => proposalKey(row.object, row.activityId))
  return findProposals(rows, new Set(decided))
}

const BY_NAME = `union all
  select jsonb_build_object('level', 'system', 'systemId', sys.id), sys.id, i.activity_id, 'name', array[sys.name, v.content ->> 'name']
  from sys join in_force i on true join activity_version v on v.id = i.version_id
  where similarity(search_fold(sys.name), search_fold(v.content ->> 'name')) > 0.4`

/** For a home: proposals that may be taken together, as the desk shows them with that filter. One statement. */
export const countProposals = async (tx: Tx, actor: Actor, day: string): Promise<number> =>
  (await found(tx, actor, day, { names: false })).filter(one => one.confidence !== 'weak').length

type Named = {
  key: string
  label: string
  system: Answer['rows'][number]['system']
  activity: Answer['rows'][number]['activity']
  purpose: Answer['rows'][number]['purpose'] | null
}

/** A page of proposals, strongest first; whoever asks for a system gets those of that system only. Four statements. */
export async function proposalsView(
  tx: Tx,
  actor: Actor,
  { system, confidence, together, offset, limit }: BodyOf<typeof searchProposals>,
  day: string,
): Promise<Answer> {
  const all = await found(tx, actor, day, { names: true })
  const chosen = all.filter(
    one =>
      (system === undefined || one.systemId === system) &&
      (!confidence || one.confidence === confidence) &&
      (!together || one.confidence !== 'weak'),
  )
  const shown = chosen.slice(offset, offset + limit)
  const people = await holdersOf(tx, shown)
  const rows = (await described(tx, shown, day)).map(({ proposal, ...row }) => ({
    ...{ ...row, people: people.get(objectKey(proposal)) ?? 0 },
    allowed: { decide: allows(actor, 'approve', 'Binding', { systemId: proposal.systemId }) },
  }))
  const counts = new Map<string, number>()
  for (const { systemId } of all) counts.set(systemId, (counts.get(systemId) ?? 0) + 1)
  const systems = await tx.query<{ id: string; key: string; name: string }>(
    `select id, key, name from it_system where id = any($1::uuid[]) order by name collate "da-x-icu"`,
    [[...counts.keys()]],
  )
  return {
    rows,
    total: chosen.length,
    systems: systems.map(one => ({ ...one, proposals: counts.get(one.id) ?? 0 })),
  }
}

const entitlementOf = ({ object }: FoundProposal): string | null =>
  object.level === 'entitlement' ? object.entitlementId : null
const objectKey = (one: FoundProposal): string => entitlementOf(one) ?? one.systemId

/** How many people hold any right of each system or entitlement, given or seen: several proposals are often of one. */
async function holdersOf(tx: Tx, some: readonly FoundProposal[]): Promise<Map<string, number>> {
  const systems = new Set(some.filter(one => entitlementOf(one) === null).map(one => one.systemId))
  const entitlements = new Set(some.flatMap(one => entitlementOf(one) ?? []))
  const rows = await tx.query<{ object: string; people: number }>(
    `with asked as (
       select e.system_id as object, e.id from entitlement e where e.system_id = any($1::uuid[])
       union all select e.id, e.id from entitlement e where e.id = any($2::uuid[])
     )
     select object, count(distinct who)::int as people from (
       select k.object, ac.person_id as who from asked k join assignment a on a.entitlement_id = k.id
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id
       union all
       select k.object, acc.person_id from asked k join observed_right o on o.entitlement_id = k.id
       join account acc on acc.id = o.account_id and acc.person_id is not null) held
     group by object`,
    [[...systems], [...entitlements]],
  )
  return new Map(rows.map(row => [row.object, row.people]))
}

type Described = Omit<Answer['rows'][number], 'people' | 'allowed'> & { proposal: FoundProposal }

/** What a proposal is of, in words; who holds it is not asked. */
async function described(tx: Tx, some: readonly FoundProposal[], day: string): Promise<Described[]> {
  if (some.length === 0) return []
  const named = await tx.query<Named>(
    `select r.key, coalesce(e.name, s.name) as label, json_build_object('id', s.id, 'key', s.key, 'name', s.name) as system,
       json_build_object('id', y.id, 'ref', y.ref, 'name', v.content ->> 'name') as activity,
       (select json_build_object('key', p.key, 'name', p.name) from activity_purpose p where p.version_id = f.version_id
        order by p.place limit 1) as purpose
     from jsonb_to_recordset($1::jsonb) as r(key text, "systemId" uuid, "entitlementId" uuid, "activityId" uuid)
     join it_system s on s.id = r."systemId" left join entitlement e on e.id = r."entitlementId"
     join activity y on y.id = r."activityId"
     join activity_in_force f on f.activity_id = y.id and upper_inf(f.recorded) and f.valid @> $2::date
     join activity_version v on v.id = f.version_id`,
    [
      JSON.stringify(
        some.map(one => ({
          ...{ key: one.key, systemId: one.systemId, activityId: one.activityId },
          entitlementId: entitlementOf(one),
        })),
      ),
      day,
    ],
  )
  const of = new Map(named.map(row => [row.key, row]))
  return some.flatMap(one => {
    const row = of.get(one.key)
    if (!row?.purpose) return []
    return [
      {
        ...{ key: one.key, object: one.object, label: row.label, system: row.system, activity: row.activity },
        ...{ purpose: row.purpose, source: one.source, confidence: one.confidence, evidence: [...one.evidence] },
        scope: Object.fromEntries(Object.entries(one.scope).map(([type, values]) => [type, [...values]])),
        ...{ necessity: necessityOf(row, one), proposal: one },
      },
    ]
  })
}

/** A first sentence for whoever decides to make their own: it names what it rests on, in the language of the register. */
function necessityOf(row: Named, { source, evidence }: FoundProposal): string {
  const because = {
    'limits-kle': `rettigheden er afgrænset til KLE ${evidence.join(', ')}`,
    'system-kle': `systemet løser opgaver efter KLE ${evidence.join(', ')}`,
    'record-systems': 'systemet står i fortegnelsen for aktiviteten',
    name: 'navnene ligner hinanden',
  }[source]
  return `${row.label} bruges til »${row.purpose?.name ?? row.activity.name}«: ${because}.`
}

/** The proposals behind keys that were decided about, as they are now. Throws `conflict` where one is no longer there. */
export async function proposalsBehind(
  tx: Tx,
  actor: Actor,
  keys: readonly string[],
  day: string,
): Promise<Map<string, Proposed>> {
  const wanted = new Set(keys)
  const now = (await found(tx, actor, day, { names: true })).filter(one => wanted.has(one.key))
  if (now.length < wanted.size)
    throw problem('conflict', {
      detail:
        'Some of these are no longer proposed: somebody has decided them, or records have changed. Look at the list again.',
    })
  const rows = await described(tx, now, day)
  const purpose = new Map(rows.map(row => [row.key, row]))
  return new Map(
    now.flatMap(one => {
      const row = purpose.get(one.key)
      if (!row) return []
      return [
        [
          one.key,
          {
            ...{ key: proposalKey(one.object, one.activityId), object: one.object, systemId: one.systemId },
            ...{ activityId: one.activityId, purposeKey: row.purpose.key, source: one.source },
            ...{ confidence: one.confidence, scope: one.scope, necessity: row.necessity },
          },
        ] as const,
      ]
    }),
  )
}
