import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { getNewRule, getRoleForm, getRuleForm } from '#contract/rule-desk.ts'
import type { ConditionTree, RoleForm, RuleForm } from '#contract/rule-forms.ts'
import { say } from '#contract/said.ts'
import { problem } from '../../platform/problem.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { type RightsRule, rightsRule } from '../../rules/rights-rule.ts'
import { formOfRole, formOfRule } from '../../rules/rule-form.ts'
import { loadRoles, loadRules } from '../../rules/rules-store.ts'
import { personRefSql, visibleTo } from '../visible.ts'
import { versionOf } from './rule-desk-service.ts'
import { draftOf } from './rule-draft-store.ts'
import { grantableOf } from './vocabulary-view.ts'

type RulePage = ResponseOf<typeof getRuleForm>
export type Person = RulePage['people'][number]

/** A rule with its exceptions as a form; also of a rule that so far is only an unfinished change. Null: no such rule. */
export async function ruleFormView(tx: Tx, actor: Actor, key: string): Promise<RulePage | null> {
  const rules = await loadRules(tx)
  const rule = rules.find(one => one.key === key)
  const pending = await draftOf(tx, actor, 'rule', key)
  const begun = pending?.change.kind === 'rule' ? pending.change.form : null
  const form = rule ? asForm(rule, exceptionsOf(rules, key)) : begun
  if (!form) return null
  const version = rule ? await versionOf(tx, 'rule', key) : null
  return { ...(await withNames(tx, actor, form, begun)), version, pending }
}

/** A rule of a file as a form. */
export async function readForm(
  tx: Tx,
  actor: Actor,
  input: { rule: unknown; exceptions: readonly unknown[] },
): Promise<RulePage> {
  const parse = (value: unknown): RightsRule => {
    const read = rightsRule.safeParse(value)
    if (read.success) return read.data
    throw problem('rules-invalid', {
      detail: 'The rule is not one that a rules file could hold.',
      errors: read.error.issues.map(issue => ({ where: issue.path.map(String).join('/'), what: issue.message })),
    })
  }
  const rule = parse(input.rule)
  const form = asForm(rule, input.exceptions.map(parse))
  return { ...(await withNames(tx, actor, form, null)), version: await versionOf(tx, 'rule', rule.key), pending: null }
}

export const exceptionsOf = (rules: readonly RightsRule[], key: string) => rules.filter(one => one.excepts === key)

/** Throws `rules-invalid` where a form cannot hold its conditions. */
export function asForm(rule: RightsRule, exceptions: readonly RightsRule[]): RuleForm {
  const form = formOfRule(rule, exceptions)
  if (form) return form
  throw problem('rules-invalid', {
    detail: `The conditions of "${rule.key}" cannot be shown as a form. Use YAML.`,
    said: say('rule-has-no-form', { key: rule.key }),
  })
}

/** The form with the names of rights, roles and people in it; `begun` is another form of which names are wanted too. */
export async function withNames(tx: Tx, actor: Actor, form: RuleForm, begun: RuleForm | null) {
  const forms = begun ? [form, begun] : [form]
  const all = <T>(of: (one: RuleForm) => readonly T[]) => [...new Set(forms.flatMap(of))]
  const rights = all(one => one.entitlements)
  const roles = all(one => one.roles)
  return {
    form,
    grantable: await grantableOf(tx, rights, roles),
    people: await peopleNamed(
      tx,
      actor,
      all(one => [
        ...(one.ownerPerson ? [one.ownerPerson] : []),
        ...one.exceptions.flatMap(left => personsIn(left.conditions)),
      ]),
    ),
  }
}

/** Ids of the people that conditions name. */
export function personsIn(tree: ConditionTree): string[] {
  if ('join' in tree) return tree.parts.flatMap(personsIn)
  return tree.field === 'personId' ? tree.values.map(String) : []
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** People by id, those whom the reader may know of. */
export async function peopleNamed(tx: Tx, actor: Actor, ids: readonly string[]): Promise<Person[]> {
  const asked = ids.filter(id => uuid.test(id))
  if (asked.length === 0) return []
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<{ person: Person }>(
    `select ${personRefSql('p', may.name('p'))} as person from person_current p
     where p.person_id = any(${q.bind(asked, 'uuid[]')}) and ${may.person('p')}`,
    q.params,
  )
  return rows.map(row => row.person)
}

const emptyForm = (today: string): RuleForm => ({
  key: '',
  name: '',
  owner: '',
  ownerPerson: null,
  purpose: null,
  inverted: false,
  reason: null,
  conditions: { join: 'all', parts: [] },
  entitlements: [],
  roles: [],
  limits: [],
  validFrom: today,
  validTo: null,
  order: 100,
  state: 'active',
  exceptions: [],
})

/**
 * A new rule: empty, a copy, or filled in from a right that nobody can explain: that right, and where and as what the
 * person works who holds it.
 */
export async function newRuleView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof getNewRule>,
  today: string,
): Promise<ResponseOf<typeof getNewRule>> {
  const rules = query.like ? await loadRules(tx) : []
  const model = rules.find(one => one.key === query.like)
  const start = model ? { ...asForm(model, []), key: '', state: 'draft' as const } : emptyForm(today)
  const [about] = query.person ? await peopleNamed(tx, actor, [query.person]) : []
  const q = statement()
  const may = visibleTo(actor, q)
  const place = query.person
    ? `select u.key as unit, a.position_key as position from affiliation_current a
       join person_current p on p.person_id = a.person_id left join org_unit_current u on u.unit_id = a.unit_id
       where a.person_id = ${q.bind(query.person, 'uuid')} and ${may.person('p')} and a.status <> 'ended'
       order by a.is_primary desc, a.affiliation_id limit 1`
    : 'select null::text as unit, null::text as position'
  const [found] = await tx.query<{
    entitlement: string | null
    name: string | null
    unit: string | null
    position: string | null
  }>(
    `with place as (${place}), asked as (
       select ${q.bind(query.entitlement ?? null, 'text')} as entitlement, ${q.bind(query.unit ?? null, 'text')} as unit,
         ${q.bind(query.position ?? null, 'text')} as position)
     select e.key as entitlement, e.name || ', ' || s.name as name, coalesce(u.key, case when a.unit is null then pl.unit end) as unit,
       coalesce(po.key, case when a.position is null then pl.position end) as position
     from asked a left join place pl on true
     left join entitlement e on e.key = a.entitlement or e.id::text = a.entitlement
     left join it_system s on s.id = e.system_id
     left join org_unit_current u on u.key = a.unit or u.unit_id::text = a.unit
     left join position po on po.key = a.position`,
    q.params,
  )
  const lines: ConditionTree[] = [
    ...(found?.unit ? [{ field: 'unit', op: 'under' as const, values: [found.unit] }] : []),
    ...(found?.position ? [{ field: 'position', op: 'in' as const, values: [found.position] }] : []),
  ]
  const form: RuleForm = {
    ...start,
    ...(found?.entitlement ? { entitlements: [found.entitlement], name: found.name ?? '' } : {}),
    ...(lines.length > 0 ? { conditions: { join: 'all', parts: lines } } : {}),
  }
  return { ...(await withNames(tx, actor, form, null)), version: null, pending: null, about: about ?? null }
}

export async function roleFormView(tx: Tx, actor: Actor, key: string): Promise<ResponseOf<typeof getRoleForm> | null> {
  const role = (await loadRoles(tx)).find(one => one.key === key)
  const pending = await draftOf(tx, actor, 'role', key)
  const begun = pending?.change.kind === 'role' ? pending.change.form : null
  const form: RoleForm | null = role ? formOfRole(role) : begun
  if (!form) return null
  const forms = begun ? [form, begun] : [form]
  return {
    form,
    version: role ? await versionOf(tx, 'role', key) : null,
    grantable: await grantableOf(
      tx,
      [...new Set(forms.flatMap(one => one.entitlements.map(entry => entry.key)))],
      [...new Set(forms.flatMap(one => one.roles))],
    ),
    pending,
  }
}
