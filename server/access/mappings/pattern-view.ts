import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { previewPattern } from '#contract/mappings.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type GroupMapping, groupPattern, mappingProblems } from '../../systems/group-mapping.ts'
import { createMapper, type NamedGroup } from '../../systems/mappings/describe-mappings.ts'

type Answer = ResponseOf<typeof previewPattern>
const SHOWN = 50

/**
 * What a pattern would catch, while one writes it: the matcher of the product over the names of the groups, so that what
 * is counted here is what will be mapped. Two statements, and one for what is shown.
 */
export async function patternView(tx: Tx, body: BodyOf<typeof previewPattern>): Promise<Answer> {
  const groups = await tx.query<NamedGroup>(
    'select id, source, name from directory_group where gone_at is null and source = $1 order by lower(name), id',
    [body.source],
  )
  const stored = await tx.query<GroupMapping>(
    'select id, source, pattern, entitlement from group_mapping where off_at is null and source = $1 order by position, id',
    [body.source],
  )
  const mapping = { id: 'new', source: body.source, pattern: body.pattern, entitlement: body.entitlement ?? '' }
  const others = stored.filter(one => one.id !== body.replaces)
  const mapper = createMapper(body.place === 'first' ? [mapping, ...others] : [...others, mapping])
  const before = createMapper(others)
  const test = groupPattern(body.pattern)
  const caught = groups.filter(group => test(group.name) !== null)
  const rows = caught.map(group => {
    const deciding = mapper(group).deciding
    const own = deciding.find(fit => fit.mapping.id === 'new')
    return { group, gives: own?.entitlement ?? null, taken: deciding.length > 0 && !own, now: before(group).deciding }
  })
  const keys = [...new Set(rows.flatMap(row => row.gives ?? []))]
  const known = new Set(
    (
      await tx.query<{ key: string }>('select key from entitlement where key = any($1) and gone_at is null', [keys])
    ).map(row => row.key),
  )
  const shown = rows.slice(0, SHOWN)
  const members = new Map(
    (
      await tx.query<{ id: string; n: number }>(
        `select group_id as id, count(*)::int as n from group_member where group_id = any($1) group by group_id`,
        [shown.map(row => row.group.id)],
      )
    ).map(row => [row.id, row.n]),
  )
  const system = (key: string) => key.split('/')[0]
  const disagrees = (row: (typeof rows)[number]) =>
    row.gives !== null &&
    row.now.some(
      fit =>
        fit.entitlement !== null && fit.entitlement !== row.gives && system(fit.entitlement) === system(row.gives!),
    )
  return {
    total: rows.length,
    taken: rows.filter(row => row.taken).length,
    given: rows.filter(row => row.gives !== null && known.has(row.gives)).length,
    unknown: rows.filter(row => row.gives !== null && !known.has(row.gives)).length,
    conflicts: rows.filter(disagrees).length,
    problem: body.entitlement ? (mappingProblems(body.pattern, body.entitlement)[0] ?? null) : null,
    rows: shown.map(row => ({
      id: row.group.id,
      name: row.group.name,
      members: members.get(row.group.id) ?? 0,
      gives: row.gives,
      known: row.gives !== null && known.has(row.gives),
      now: row.now[0]?.entitlement ?? null,
    })),
  }
}
