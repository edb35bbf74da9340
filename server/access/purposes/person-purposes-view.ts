import type { z } from 'zod'
import type { withheldRight } from '#contract/people.ts'
import type { BoundPurpose, RightPurpose } from '#contract/purposes.ts'
import { approverSql } from '../../register/bindings/approver-sql.ts'
import type { Binding, Way } from '../../register/bindings/binding.ts'
import { effectivePurpose } from '../../register/bindings/effective-purpose.ts'
import { unitPerforms, type WorkPlace } from '../../register/bindings/unit-performs.ts'

type HeldWay = Way & {
  entitlementId: string
  systemId: string
  constraints: { on: string; values: string[] }[] | null
}
type Place = WorkPlace & { affiliationId: string; name: string; active: boolean }
type Bound = Binding & Omit<BoundPurpose, 'bindingId' | 'level'> & { units: string[] }
/** As `purposesSql` answers it. */
export type Said = {
  ways: HeldWay[] | null
  places: Place[] | null
  bindings: Bound[] | null
  withheld: z.output<typeof withheldRight>[] | null
}

export type PersonPurposes = {
  /** What a right is for, told from those jobs that the reader may know of: purposes by another job would tell of it. */
  of: (entitlementId: string, knows: (affiliationId: string) => boolean) => RightPurpose[]
  /** The words of those purposes that were asked for, each once. */
  said: () => BoundPurpose[]
}

/** What the rights of a person are for on a day, from what `purposesSql` answered; who may see which right is for the caller to ask. */
export function personPurposes(said: Said, day: string): PersonPurposes {
  const bindings = said.bindings ?? []
  const places = said.places ?? []
  const waysOf = Map.groupBy(said.ways ?? [], way => way.entitlementId)
  const told = new Map<string, BoundPurpose>()
  return {
    of(entitlementId, knows) {
      const found = new Map<string, RightPurpose>()
      if (bindings.length === 0) return []
      const known = places.filter(place => knows(place.affiliationId))
      for (const way of waysOf.get(entitlementId) ?? []) {
        const from = known.filter(place =>
          way.affiliationId === null ? place.active : place.affiliationId === way.affiliationId,
        )
        if (way.affiliationId !== null && from.length === 0) continue
        const limits = Object.fromEntries((way.constraints ?? []).map(one => [one.on, one.values]))
        const right = { systemId: way.systemId, entitlementId, ways: [way], limits }
        for (const { binding, wider } of effectivePurpose(right, bindings, day)) {
          found.set(binding.id, merged(found.get(binding.id), binding, wider, from))
          told.set(binding.id, { ...binding, bindingId: binding.id, level: binding.object.level })
        }
      }
      return [...found.values()]
    },
    said: () => [...told.values()],
  }
}

/** The same purpose by another way: it is wider where any of them is, and units of all of them count. */
function merged(
  before: RightPurpose | undefined,
  bound: Bound,
  wider: boolean,
  places: readonly Place[],
): RightPurpose {
  const judged = places.map(place => ({ name: place.name, performs: unitPerforms(bound, place) }))
  const known = [before?.performs ?? null, ...judged.map(one => one.performs)].filter(one => one !== null)
  const names = judged.filter(one => one.performs === true).map(one => one.name)
  return {
    bindingId: bound.id,
    wider: wider || (before?.wider ?? false),
    units: [...new Set([...(before?.units ?? []), ...names])],
    performs: known.length === 0 ? null : known.some(Boolean),
  }
}

const INSTANT = (of: string) => `to_char(${of} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
const TERMS = (kind: string, codes: string) =>
  `(select coalesce(json_agg(json_build_object('code', t.code, 'da', t.da, 'en', t.en, 'class', t.class) order by t.sort, t.code), '[]')
    from vocabulary_term t where t.kind = '${kind}' and t.code = any(${codes}))`

/**
 * SQL of one row of `Said`: every way in which a person has something, the places where they work, and what is said of any of
 * it on a day. `person` and `day` are placeholders.
 */
export const purposesSql = (person: string, day: string): string => `
  with given as (
    select a.entitlement_id, e.system_id, a.affiliation_id, d.rule_key, d.role_path, a.constraints, '{}'::uuid[] as via
    from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
    join derivation d on d.id = a.derivation_id join entitlement e on e.id = a.entitlement_id
    where ac.person_id = ${person}
  ), held as (
    select o.entitlement_id, o.via from account acc join observed_right o on o.account_id = acc.id
    where acc.person_id = ${person} and acc.gone_at is null
    union
    select part.part_id, o.via from account acc join observed_right o on o.account_id = acc.id
    join entitlement_part part on part.entitlement_id = o.entitlement_id where acc.person_id = ${person} and acc.gone_at is null
  ), ways as (
    select * from given
    union all
    -- What is seen and was never given is judged by how it is seen; of what was given, why it was given counts.
    select h.entitlement_id, e.system_id, null, null, '{}'::text[], null, h.via
    from held h join entitlement e on e.id = h.entitlement_id
    where not exists (select from given g where g.entitlement_id = h.entitlement_id)
  ), said as (
    select b.* from purpose_binding b
    where upper_inf(b.recorded) and b.approved_at is not null and b.valid @> ${day}::date and (
      b.system_id in (select system_id from ways)
      or (b.level = 'entitlement' and b.entitlement_id in (select entitlement_id from ways))
      or b.group_id in (select unnest(via) from ways) or b.role_key in (select unnest(role_path) from ways)
      or b.rule_key in (select rule_key from ways) or b.affiliation_id in (select affiliation_id from ways))
  )
  select
    (select json_agg(json_build_object('entitlementId', w.entitlement_id, 'systemId', w.system_id, 'affiliationId', w.affiliation_id,
       'ruleKey', w.rule_key, 'rolePath', w.role_path, 'constraints', w.constraints, 'groupIds', w.via))
     from ways w where exists (select from said)) as ways,
    (select json_agg(json_build_object('affiliationId', ac.affiliation_id, 'name', u.name, 'active', ac.status = 'active',
       'unitPath', ac.unit_path, 'kle', u.kle || u.kle_inherited))
     from affiliation_current ac join org_unit_current u on u.unit_id = ac.unit_id where ac.person_id = ${person}) as places,
    (select json_agg(json_build_object('entitlementId', e.id, 'name', e.name, 'affiliationId', h.affiliation_id,
       'system', json_build_object('id', y.id, 'key', y.key, 'name', y.name), 'by', case when d.grant_id is null then 'rule' else 'grant' end,
       'since', ${INSTANT('h.since')}, 'emergency', e.emergency, 'emergencyUntil', (select ${INSTANT('max(g.expires_at)')} from right_grant g
         where g.kind = 'emergency' and g.ended_at is null and g.affiliation_id = h.affiliation_id and g.entitlement_id = h.entitlement_id))
       order by y.key, e.key)
     from affiliation_current ac join withheld_right h on h.affiliation_id = ac.affiliation_id join entitlement e on e.id = h.entitlement_id
     join it_system y on y.id = e.system_id join derivation d on d.id = h.derivation_id where ac.person_id = ${person}) as withheld,
    (select json_agg(json_build_object('id', b.id, 'object', jsonb_strip_nulls(jsonb_build_object('level', b.level, 'systemId', b.system_id,
         'entitlementId', b.entitlement_id, 'groupId', b.group_id, 'roleKey', b.role_key, 'ruleKey', b.rule_key,
         'affiliationId', b.affiliation_id)),
       'activityId', b.activity_id, 'purposeKey', b.purpose_key, 'scope', b.scope, 'from', lower(b.valid), 'to', upper(b.valid),
       'activity', json_build_object('id', y.id, 'ref', y.ref, 'name', v.content ->> 'name', 'confirmed', y.confirmed_at is not null),
       'purpose', json_build_object('key', p.key, 'name', p.name), 'art6', p.art6, 'art9', p.art9,
       'national', ${TERMS('national', 'p.national')},
       'provisions', (select coalesce(json_agg(json_build_object('law', one ->> 'law', 'section', one ->> 'section', 'checkedOn', one ->> 'checkedOn')), '[]')
         from jsonb_array_elements(p.provisions) one),
       'kle', array(select k.kle from activity_kle k where k.version_id = f.version_id order by k.kle),
       'units', array(select u.unit_id from activity_unit u where u.version_id = f.version_id),
       'subjects', ${TERMS('subject', 'coalesce(b.subjects, array(select r.subject from activity_row r where r.version_id = f.version_id))')},
       'data', ${TERMS('data', 'coalesce(b.data, array(select r.data from activity_row r where r.version_id = f.version_id))')},
       'operations', b.operations, 'necessity', b.necessity,
       'approvedBy', ${approverSql('b')},
       'approvedOn', (b.approved_at at time zone 'Europe/Copenhagen')::date,
       'reviewOn', ((b.approved_at at time zone 'Europe/Copenhagen')::date + make_interval(months => b.review_months))::date) order by b.id)
     from said b join activity y on y.id = b.activity_id
     join activity_in_force f on f.activity_id = y.id and upper_inf(f.recorded) and f.valid @> ${day}::date
     join activity_version v on v.id = f.version_id
     join activity_purpose p on p.version_id = f.version_id and p.key = b.purpose_key) as bindings`
