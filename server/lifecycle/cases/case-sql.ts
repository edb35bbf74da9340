import type { Statement } from '../../platform/statement.ts'
import type { Actor } from '../../policy/actor.ts'
import type { ColumnMap } from '../../policy/condition-to-sql.ts'
import { allows, sqlFor } from '../../policy/policy.ts'
import type { PolicyAction } from '../../policy/subjects.ts'
import { isSecret, type StoredCase } from './case.ts'

/** Whom a report is about beside the person it names: a merged record is the person that counts. */
const ABOUT = (c: string, me: string) =>
  `case when exists (select from person ap where ap.id = ${c}.person_id and coalesce(ap.merged_into, ap.id) = ${me})
     then 'self' else 'other' end`

/** Where the names of the policy stand, over `lifecycle_case` and (left joined) its unit's `org_unit_current`. */
const columns = (c: string, u: string, me: string) =>
  ({
    about: { sql: ABOUT(c, me), type: 'text' },
    secret: { sql: `(${c}.confidential and ${c}.released_at is null)`, type: 'bool' },
    placed: { sql: `(${c}.unit_id is not null)`, type: 'bool' },
    authorId: { sql: `${c}.author`, type: 'uuid' },
    knows: { sql: `array_append(${c}.named, ${c}.author)`, type: 'uuid[]' },
    unitPath: { sql: `coalesce(${u}.path, '{}'::uuid[])`, type: 'uuid[]' },
    toUnitPath: {
      sql: `coalesce((select tu.path from org_unit_current tu where tu.unit_id = ${c}.to_unit_id), '{}'::uuid[])`,
      type: 'uuid[]',
    },
  }) satisfies ColumnMap

/** SQL that is true for reports that the actor may do this with. */
export const caseFilter = (actor: Actor, q: Statement, c: string, u: string, action: PolicyAction = 'read'): string => {
  const me = q.bind(actor.personId, 'uuid')
  // Where no rule speaks of it, the parameter is named all the same: the database has to know its type.
  return `(${me} is not distinct from ${me} and ${q.use(startAt => sqlFor(actor, action, 'Case', columns(c, u, me), { startAt }))})`
}

/** The same for one report that is loaded. `unitPath`: of the report's unit; `toUnitPath`: of the one somebody moves to. */
export const mayWith = (
  actor: Actor,
  action: PolicyAction,
  one: Pick<StoredCase, 'confidential' | 'releasedAt' | 'unitId' | 'author' | 'named' | 'personId'>,
  unitPath: readonly string[],
  toUnitPath: readonly string[] = [],
): boolean =>
  allows(actor, action, 'Case', {
    about: one.personId !== null && one.personId === actor.personId ? 'self' : 'other',
    secret: isSecret(one),
    placed: one.unitId !== null,
    authorId: one.author,
    knows: [...one.named, ...(one.author ? [one.author] : [])],
    unitPath,
    toUnitPath,
  })

/** Where a report is, over `lifecycle_case`; `today` is SQL of the day. */
export const stageSql = (c: string, today: string): string => `case
    when ${c}.state in ('draft', 'prepared', 'withdrawn') then ${c}.state
    when exists (select from lifecycle_approval wa where wa.case_id = ${c}.id and wa.state = 'waiting') then 'waiting'
    when ${c}.stated_at is null or ${c}.effective_on > ${today} then 'sent'
    when exists (select from provisioning_order po where po.affiliation_id = ${c}.affiliation_id
      and po.state in ('planned', 'task', 'sending', 'retry', 'parked') and po.due_on <= ${today}) then 'running'
    else 'done' end`

/** Columns of a report as `StoredCase` has them. */
export const CASE = (c: string) => `${c}.id, ${c}.kind, ${c}.door, ${c}.state, ${c}.person_id as "personId",
  ${c}.affiliation_id as "affiliationId", ${c}.unit_id as "unitId", ${c}.effective_on as "effectiveOn", ${c}.form,
  ${c}.cpr_sealed as "cprSealed", ${c}.confidential, ${c}.named, ${c}.released_at as "releasedAt", ${c}.origin, ${c}.author,
  ${c}.author_person_id as "authorPersonId", ${c}.created_at as "createdAt", ${c}.updated_at as "updatedAt",
  ${c}.prepared_at as "preparedAt", ${c}.sent_at as "sentAt", ${c}.sent_by as "sentBy", ${c}.sent_version as "sentVersion",
  ${c}.stated_at as "statedAt", ${c}.deadline, ${c}.version`

/** SQL that is true for what leavers answer for (`case_handover h` of the case `c`) that the actor may know of. */
export const handoverFilter = (actor: Actor, q: Statement): string => {
  const me = q.bind(actor.personId, 'uuid')
  const of = {
    about: { sql: ABOUT('c', me), type: 'text' },
    secret: { sql: '(c.confidential and c.released_at is null)', type: 'bool' },
    kind: { sql: 'h.kind', type: 'text' },
    unitPath: { sql: `coalesce(u.path, '{}'::uuid[])`, type: 'uuid[]' },
  } satisfies ColumnMap
  return `(${me} is not distinct from ${me} and ${q.use(startAt => sqlFor(actor, 'read', 'Handover', of, { startAt }))})`
}
