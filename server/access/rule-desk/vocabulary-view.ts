import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { RuleVocabulary, searchGrantable, VocabularyField } from '#contract/rule-desk.ts'
import type { ConditionOp, Grantable } from '#contract/rule-forms.ts'
import { containing, searchWords, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type FactType, factTypes } from '../../rules/affiliation-facts.ts'
import { DANISH } from '../visible.ts'

const TEXT: ConditionOp[] = ['in', 'nin', 'exists']
const OPS: Record<FactType, ConditionOp[]> = {
  text: TEXT,
  list: TEXT,
  kind: ['in', 'nin'],
  flag: ['eq'],
  number: ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'exists'],
  date: ['gte', 'lt', 'gt', 'lte', 'exists'],
}
/** What the form offers first; `unit` stands for "at or below" and `unitKey` for exactly there. */
const ORDER = ['unit', 'position', 'positionCategory', 'title', 'kind', 'kle', 'functions', 'isManager', 'unitKey']

/** Values of affiliations that there are today, as `{field, value, count}`; names where the value is a key. */
const VALUES = `
  with here as (
    select a.*, u.kind as unit_kind, u.key as unit_key from affiliation_current a
    left join org_unit_current u on u.unit_id = a.unit_id where a.status = 'active'
  ), found (field, value) as (
    select 'kind', kind from here
    union all select 'position', position_key from here where position_key is not null
    union all select 'positionCategory', position_category from here where position_category is not null
    union all select 'title', title from here where title is not null
    union all select 'unitKind', unit_kind from here where unit_kind is not null
    union all select 'schoolClass', school_class from here where school_class is not null
    union all select 'kle', unnest(kle) from here
    union all select 'functions', unnest(functions) from here
    union all select 'networks', unnest(networks) from here
  ), counted as (select field, value, count(*)::int as count from found group by field, value)
  select c.field, c.value, c.count, coalesce(p.name, u.name, c.value) as name from counted c
  left join position p on c.field = 'position' and p.key = c.value
  left join org_unit_current u on c.field = 'networks' and u.key = c.value
  order by c.field, c.count desc, c.value`

/** What conditions may be made of. Three statements. */
export async function vocabularyView(tx: Tx): Promise<RuleVocabulary> {
  const values = await tx.query<{ field: string; value: string; name: string; count: number }>(VALUES)
  const units = await tx.query<RuleVocabulary['units'][number]>(
    `with here as (select unnest(unit_keys) as key from affiliation_current where status = 'active'),
       counts as (select key, count(*)::int as n from here group by key)
     select u.key, u.name, m.key as parent, u.tree, u.level, coalesce(c.n, 0) as count
     from org_unit_current u left join org_unit_current m on m.unit_id = u.parent_id left join counts c on c.key = u.key
     where u.active order by u.path_keys, u.key`,
  )
  const [more] = await tx.query<{ owners: string[]; affiliations: number }>(
    `select (select count(*)::int from affiliation_current where status = 'active') as affiliations,
       array(select owner from rights_rule where upper_inf(recorded) and owner is not null
             group by owner order by count(*) desc, owner limit 200) as owners`,
  )
  const byField = Map.groupBy(values, row => row.field)
  const flag = ['true', 'false'].map(value => ({ value, name: value, count: 0 }))
  const field = (name: string, type: FactType, ops: ConditionOp[]): VocabularyField => ({
    field: name,
    type,
    ops,
    values:
      type === 'flag'
        ? flag
        : (byField.get(name) ?? []).map(({ value, name: shown, count }) => ({ value, name: shown, count })),
    exceptionOnly: name === 'personId',
  })
  const facts = Object.entries(factTypes)
    .filter(([name]) => name !== 'unitPath')
    .map(([name, type]) => field(name, type, name === 'personId' ? ['in'] : OPS[type]))
  const all = [field('unit', 'list', ['under']), ...facts]
  const place = (one: VocabularyField) => (ORDER.includes(one.field) ? ORDER.indexOf(one.field) : ORDER.length)
  return {
    fields: all.sort((a, b) => place(a) - place(b)),
    units,
    owners: more?.owners ?? [],
    affiliations: more?.affiliations ?? 0,
    orders: { rule: 100, prohibition: 900 },
  }
}

/** Rights, whole systems and roles by words or by key; what starts with the text first. One statement. */
export async function grantableView(
  tx: Tx,
  query: BodyOf<typeof searchGrantable>,
): Promise<ResponseOf<typeof searchGrantable>> {
  const q = statement()
  const words = searchWords(query.text).map(
    word => `search_fold(name || ' ' || key || ' ' || coalesce(note, '')) like ${q.bind(containing(word), 'text')}`,
  )
  const kinds = `kind = any(${q.bind(query.kinds, 'text[]')})`
  const which = query.keys ? `key = any(${q.bind(query.keys, 'text[]')})` : ['not gone', ...words].join(' and ')
  const rows = await tx.query<Grantable & { total: number }>(
    `with every as (
       select e.key, e.name, 'entitlement' as kind, s.name as note, e.sensitivity, e.privileged, e.constraints as takes,
         e.gone_at is not null as gone
       from entitlement e join it_system s on s.id = e.system_id
       union all
       select s.key || '/*', s.name, 'system', null, 'none', false,
         array(select distinct unnest(e.constraints) from entitlement e where e.system_id = s.id), s.gone_at is not null
       from it_system s
       union all
       select r.key, r.name, 'role', r.description, 'none', false, '{}', false
       from rights_role r where upper_inf(r.recorded)
     ), found as (select * from every where ${kinds} and ${which})
     select *, count(*) over ()::int as total from found
     order by kind, starts_with(lower(name), lower(${q.bind(query.text, 'text')})) desc, name ${DANISH}, key
     limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 }
}

/** What a form names, in its order; what the store does not know at all is marked as gone. */
export async function grantableOf(tx: Tx, rights: readonly string[], roles: readonly string[]): Promise<Grantable[]> {
  const ask = async (keys: readonly string[], kinds: Grantable['kind'][]) => {
    if (keys.length === 0) return []
    const found = new Map(
      (await grantableView(tx, { text: '', kinds, keys: [...keys], limit: 2000 })).rows.map(row => [row.key, row]),
    )
    return keys.map((key): Grantable => {
      const missing = { note: null, sensitivity: 'none' as const, privileged: false, takes: [] }
      const kind = kinds[0] ?? 'entitlement'
      return found.get(key) ?? { key, name: key, kind, ...missing, gone: key !== '*' }
    })
  }
  return [...(await ask(roles, ['role'])), ...(await ask(rights, ['entitlement', 'system']))]
}
