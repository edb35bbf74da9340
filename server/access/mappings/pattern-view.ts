import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { previewPattern } from '#contract/mappings.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type GroupMapping, groupPattern, mappingProblems } from '../../systems/group-mapping.ts'
import { createMapper, type Fit, type NamedGroup } from '../../systems/mappings/describe-mappings.ts'

type Answer = ResponseOf<typeof previewPattern>
/** Stands for the mapping that is being written. */
const NEW = 'new'

/**
 * What a pattern would catch, while one writes it: the matcher of the product over the names of the groups, so that what
 * is counted here is what will be mapped. What has to be looked at comes first, and a page at a time all of it. Three
 * statements, and one for the members of what is shown.
 */
export async function patternView(tx: Tx, body: BodyOf<typeof previewPattern>): Promise<Answer> {
  const groups = await tx.query<NamedGroup>(
    'select id, source, name from directory_group where gone_at is null and source = $1 order by lower(name), id',
    [body.source],
  )
  const stored = await tx.query<GroupMapping>(
    `select id, source, pattern, entitlement from group_mapping
     where off_at is null and (source = $1 or id = $2) order by position, id`,
    [body.source, body.replaces ?? null],
  )
  const mapper = createMapper(placed(stored, body))
  const before = createMapper(stored)
  const test = groupPattern(body.pattern)
  const caught = groups
    .filter(group => test(group.name) !== null)
    .map(group => {
      const { fits, deciding } = mapper(group)
      const own = fits.find(fit => fit.mapping.id === NEW)
      const decides = own !== undefined && deciding.includes(own)
      return {
        ...group,
        gives: own?.entitlement ?? null,
        decides,
        taken: deciding.length > 0 && !decides,
        conflict: own !== undefined && disagrees(own, fits, deciding),
        now: before(group).deciding[0]?.entitlement ?? null,
      }
    })
  const known = await knownRights(
    tx,
    caught.flatMap(row => row.gives ?? []),
  )
  const unknown = (row: (typeof caught)[number]) => row.decides && !known.has(row.gives ?? '')
  const urgency = (row: (typeof caught)[number]) => (row.conflict ? 0 : unknown(row) ? 1 : 2)
  const shown = caught.toSorted((a, b) => urgency(a) - urgency(b)).slice(body.offset, body.offset + body.limit)
  const members = await memberCounts(
    tx,
    shown.map(row => row.id),
  )
  return {
    total: caught.length,
    taken: caught.filter(row => row.taken).length,
    given: caught.filter(row => row.decides && !unknown(row)).length,
    unknown: caught.filter(unknown).length,
    conflicts: caught.filter(row => row.conflict).length,
    problem: body.entitlement ? (mappingProblems(body.pattern, body.entitlement)[0] ?? null) : null,
    rows: shown.map(({ id, name, gives, taken, conflict, now }) => ({
      ...{ id, name, gives, taken, conflict, now },
      members: members.get(id) ?? 0,
      known: gives !== null && known.has(gives),
    })),
  }
}

/** The mappings of the source as they would be asked, with this one among them. */
function placed(stored: readonly GroupMapping[], body: BodyOf<typeof previewPattern>): GroupMapping[] {
  const mapping = { id: NEW, source: body.source, pattern: body.pattern, entitlement: body.entitlement ?? '' }
  const replaced = stored.find(one => one.id === body.replaces)
  const others = stored.filter(one => one !== replaced && one.source === body.source)
  const at =
    body.place === 'first'
      ? 0
      : body.place === 'keep' && replaced
        ? others.filter(one => stored.indexOf(one) < stored.indexOf(replaced)).length
        : others.length
  return others.toSpliced(at, 0, mapping)
}

const systemOf = (key: string | null) => key?.split('/')[0] ?? null

/** Two mappings would give rights of one system, and only one of the two is asked (see `describeMappings`). */
function disagrees(own: Fit, fits: readonly Fit[], deciding: readonly Fit[]): boolean {
  if (own.entitlement === null) return false
  const loses = (fit: Fit) => !deciding.includes(fit) && !deciding.some(one => one.entitlement === fit.entitlement)
  const sides = deciding.includes(own) ? fits.filter(loses) : loses(own) ? deciding : []
  return sides.some(fit => systemOf(fit.entitlement) === systemOf(own.entitlement))
}

async function knownRights(tx: Tx, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ key: string }>('select key from entitlement where key = any($1) and gone_at is null', [
    [...new Set(keys)],
  ])
  return new Set(rows.map(row => row.key))
}

async function memberCounts(tx: Tx, groups: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.query<{ id: string; n: number }>(
    `select group_id as id, count(*)::int as n from group_member where group_id = any($1) group by group_id`,
    [groups],
  )
  return new Map(rows.map(row => [row.id, row.n]))
}
