import type { Statement } from '../platform/statement.ts'
import type { Actor } from '../policy/actor.ts'
import type { ColumnMap } from '../policy/condition-to-sql.ts'
import { sqlFor } from '../policy/policy.ts'

/*
 * Where the names of the policy stand in the tables, for every list over people, rights and accounts. One place, so
 * that a list and the record behind one of its rows cannot answer differently.
 */

/** Over `person_current` under the alias. */
const personColumns = (p: string) =>
  ({
    id: { sql: `${p}.person_id`, type: 'uuid' },
    kind: { sql: `${p}.kind`, type: 'text' },
    status: { sql: `${p}.status`, type: 'text' },
    unitIds: { sql: `${p}.unit_ids`, type: 'uuid[]' },
    unitPath: { sql: `${p}.unit_path`, type: 'uuid[]' },
    // Not correlated: worked out once for the statement, whatever the number of people.
    systemIds: {
      overlaps: list => `${p}.person_id in (
        select ac.person_id from entitlement e join assignment a on a.entitlement_id = e.id
          join affiliation_current ac on ac.affiliation_id = a.affiliation_id where e.system_id = any(${list})
        union all
        select acc.person_id from entitlement e join observed_right o on o.entitlement_id = e.id
          join account acc on acc.id = o.account_id where e.system_id = any(${list}) and acc.person_id is not null)`,
      type: 'uuid[]',
    },
  }) satisfies ColumnMap

/** Over `affiliation_current` under the alias. */
const affiliationColumns = (ac: string) =>
  ({
    personId: { sql: `${ac}.person_id`, type: 'uuid' },
    kind: { sql: `${ac}.kind`, type: 'text' },
    status: { sql: `${ac}.status`, type: 'text' },
    unitPath: { sql: `${ac}.unit_path`, type: 'uuid[]' },
  }) satisfies ColumnMap

/** Over `account` and (left joined, may be null) `person_current`. */
const accountColumns = (acc: string, p: string) =>
  ({
    personId: { sql: `${acc}.person_id`, type: 'uuid' },
    personKind: { sql: `${p}.kind`, type: 'text' },
    kind: { sql: `${acc}.kind`, type: 'text' },
    unitIds: { sql: `${p}.unit_ids`, type: 'uuid[]' },
    systemIds: {
      overlaps: list => `${acc}.id in (select o.account_id from entitlement e
        join observed_right o on o.entitlement_id = e.id where e.system_id = any(${list}))`,
      type: 'uuid[]',
    },
  }) satisfies ColumnMap

/**
 * Over a row of `compared` (see person-rights-store.ts), its person and its entitlement. The units of a right are those
 * of the affiliations it follows from; of one that follows from none, those of all active affiliations.
 */
const rightColumns = (c: string, p: string, e: string) =>
  ({
    personId: { sql: `${c}.person_id`, type: 'uuid' },
    personKind: { sql: `${p}.kind`, type: 'text' },
    systemId: { sql: `${e}.system_id`, type: 'uuid' },
    unitPath: {
      overlaps: list => `case when ${c}.expected then exists (
          select from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
          where ac.person_id = ${c}.person_id and a.entitlement_id = ${c}.entitlement_id and ac.unit_path && ${list})
        else ${p}.unit_ids && ${list} and (
          -- One that rests follows from its affiliations too, although it is not expected now.
          not exists (select from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
            where ac.person_id = ${c}.person_id and a.entitlement_id = ${c}.entitlement_id)
          or exists (select from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
            where ac.person_id = ${c}.person_id and a.entitlement_id = ${c}.entitlement_id and ac.unit_path && ${list})) end`,
      type: 'uuid[]',
    },
  }) satisfies ColumnMap

/** Over one assignment: its affiliation, the person and the entitlement. */
const assignmentColumns = (ac: string, p: string, e: string) =>
  ({
    personId: { sql: `${ac}.person_id`, type: 'uuid' },
    personKind: { sql: `${p}.kind`, type: 'text' },
    systemId: { sql: `${e}.system_id`, type: 'uuid' },
    unitPath: { sql: `${ac}.unit_path`, type: 'uuid[]' },
  }) satisfies ColumnMap

/** Over a right that an account holds, judged as one that follows from no affiliation. */
const observedColumns = (acc: string, p: string, e: string) =>
  ({
    personId: { sql: `${acc}.person_id`, type: 'uuid' },
    personKind: { sql: `${p}.kind`, type: 'text' },
    systemId: { sql: `${e}.system_id`, type: 'uuid' },
    unitPath: { sql: `${p}.unit_ids`, type: 'uuid[]' },
  }) satisfies ColumnMap

/** A right of another day; see `pastRight` below. */
const pastRightColumns = (x: string, p: string, e: string, scope: string) =>
  ({
    personId: { sql: `${x}.person_id`, type: 'uuid' },
    personKind: { sql: `${p}.kind`, type: 'text' },
    systemId: { sql: `${e}.system_id`, type: 'uuid' },
    unitPath: {
      overlaps: list => `exists (select from ${scope} sc where sc.person_id = ${x}.person_id and sc.unit_path && ${list}
        and (${x}.grounds is null or sc.affiliation_id = any(${x}.grounds)))`,
      type: 'uuid[]',
    },
  }) satisfies ColumnMap

/** A right that an account of nobody holds. */
const nobodysRightColumns = (e: string) =>
  ({
    personId: { sql: 'null::uuid', type: 'uuid' },
    personKind: { sql: 'null::text', type: 'text' },
    systemId: { sql: `${e}.system_id`, type: 'uuid' },
    unitPath: { sql: 'null::uuid[]', type: 'uuid[]' },
  }) satisfies ColumnMap

/** Over `finding` and (left joined, may be null) the person: as the right that it is about, or as the person's own. */
const findingColumns = (f: string, p: string) =>
  ({
    personId: { sql: `${f}.person_id`, type: 'uuid' },
    personKind: { sql: `${p}.kind`, type: 'text' },
    systemId: { sql: `${f}.system_id`, type: 'uuid' },
    unitPath: {
      overlaps: list => `case when ${f}.code in ('missing', 'outside-limit', 'still-held') then exists (
          select from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
          where ac.person_id = ${f}.person_id and a.entitlement_id = ${f}.object_id and ac.unit_path && ${list})
        else ${p}.unit_ids && ${list} end`,
      type: 'uuid[]',
    },
    answers: { sql: `${f}.owner_role`, type: 'text' },
    activityOwnerId: {
      sql: `case when ${f}.activity_id is not null then (select ow.person_id from activity_version av
        join affiliation_current ow on ow.affiliation_id = av.owner_id and ow.status = 'active'
        where av.activity_id = ${f}.activity_id and av.state = 'in-force' order by av.number desc limit 1) end`,
      type: 'uuid',
    },
  }) satisfies ColumnMap

/** What an actor may see, as SQL of one statement. No rule gives `(false)`. */
export function visibleTo(actor: Actor, q: Statement) {
  return {
    person: (p: string) => q.use(startAt => sqlFor(actor, 'read', 'Person', personColumns(p), { startAt })),
    /** May the name be shown? True for everybody whose name is not protected. */
    name: (p: string) =>
      `(not ${p}.protected or ${q.use(startAt => sqlFor(actor, 'read', 'Person', personColumns(p), { startAt, field: 'protectedName' }))})`,
    /** A right given by hand to an affiliation (left joined), that the reader is to look at afterwards. */
    toVerify: (p: string, ac: string, e: string) =>
      q.use(startAt =>
        sqlFor(
          actor,
          'verify',
          'Right',
          {
            personId: { sql: `${p}.person_id`, type: 'uuid' },
            personKind: { sql: `${p}.kind`, type: 'text' },
            systemId: { sql: `${e}.system_id`, type: 'uuid' },
            unitPath: { sql: `${ac}.unit_path`, type: 'uuid[]' },
          },
          { startAt },
        ),
      ),
    /** An emergency lock of this person. */
    lock: (p: string) =>
      q.use(startAt =>
        sqlFor(
          actor,
          'read',
          'Lock',
          {
            personId: { sql: `${p}.person_id`, type: 'uuid' },
            personKind: { sql: `${p}.kind`, type: 'text' },
          },
          { startAt },
        ),
      ),
    /** May what was true on another day be shown? */
    history: (p: string) =>
      q.use(startAt => sqlFor(actor, 'read', 'Person', personColumns(p), { startAt, field: 'history' })),
    affiliation: (ac: string, field: 'basic' | 'details' = 'basic') =>
      q.use(startAt => sqlFor(actor, 'read', 'Affiliation', affiliationColumns(ac), { startAt, field })),
    account: (acc: string, p: string, field: 'basic' | 'details' = 'basic') =>
      q.use(startAt => sqlFor(actor, 'read', 'Account', accountColumns(acc, p), { startAt, field })),
    right: (c: string, p: string, e: string) =>
      q.use(startAt => sqlFor(actor, 'read', 'Right', rightColumns(c, p, e), { startAt })),
    assignment: (ac: string, p: string, e: string) =>
      q.use(startAt => sqlFor(actor, 'read', 'Right', assignmentColumns(ac, p, e), { startAt })),
    observed: (acc: string, p: string, e: string) =>
      q.use(startAt => sqlFor(actor, 'read', 'Right', observedColumns(acc, p, e), { startAt })),
    /**
     * A right of another day, judged by today's scope: `scope` is a relation (person_id, affiliation_id, unit_path) of the
     * affiliations in force then, `x` has person_id and grounds (affiliations it followed from; null: none).
     */
    pastRight: (x: string, p: string, e: string, scope: string) =>
      q.use(startAt => sqlFor(actor, 'read', 'Right', pastRightColumns(x, p, e, scope), { startAt })),
    finding: (f: string, p: string, action: 'read' | 'decide' = 'read') =>
      q.use(startAt => sqlFor(actor, action, 'Finding', findingColumns(f, p), { startAt })),
    nobodysRight: (e: string) => q.use(startAt => sqlFor(actor, 'read', 'Right', nobodysRightColumns(e), { startAt })),
  }
}

/**
 * SQL for a person as lists name them: `{ id, name, protected }`, the name null where it is protected from the reader.
 * Null where there is no person. `shown` is what `visibleTo(...).name` gave.
 */
export const personRefSql = (p: string, shown: string): string =>
  `case when ${p}.person_id is not null then jsonb_build_object('id', ${p}.person_id,
     'name', case when ${shown} then ${p}.name end, 'protected', ${p}.protected) end`

export const unitRefSql = (u: string): string =>
  `case when ${u}.unit_id is not null then jsonb_build_object('id', ${u}.unit_id, 'name', ${u}.name) end`

/** Order as Danes read it: æ, ø, å last. */
export const DANISH = 'collate "da-x-icu"'
