import type { ResponseOf } from '#contract/endpoint.ts'
import type { previewDesk } from '#contract/rule-desk.ts'
import type { RuleDifference } from '#contract/rule-looks.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import type { RightsDifference } from '../rules-change.ts'
import type { RulesPreview } from '../rules-change-service.ts'
import { countsOf } from '../rules-change-service.ts'
import { DANISH, personRefSql, unitRefSql, visibleTo } from '../visible.ts'
import { type DifferenceNames, roleDifferenceOf, ruleDifferenceOf } from './difference.ts'
import { findingsAbout, withNames } from './findings-view.ts'
import { namesFor, rightNames } from './names-view.ts'
import type { PlannedChange } from './rule-desk-service.ts'

type Page = Omit<ResponseOf<typeof previewDesk>, 'orders'>
type Moved = Page['moved'][number]

const UNITS = 30
const RIGHTS = 30

/** What a planned change would do, for the screen: counts, words, and a page of those whom it moves. */
export async function previewView(
  tx: Tx,
  actor: Actor,
  planned: PlannedChange,
  preview: RulesPreview,
  page: { offset: number; limit: number },
  today: string,
): Promise<Page> {
  const differences = await differencesOf(tx, actor, planned)
  const { rows, total } = await movedPage(tx, actor, preview.differences, page)
  const { patch, wanted } = planned
  const mine = await findingsAbout(tx, wanted, today, {
    rules: patch.rules.map(rule => rule.key),
    roles: patch.roles.map(role => role.key),
  })
  return {
    ...countsOf(preview),
    hash: preview.hash,
    nothing: differences.length === 0,
    differences,
    moved: rows,
    movedTotal: total,
    byUnit: await byUnit(tx, preview.differences),
    byRight: await byRight(tx, preview.differences),
    findings: await withNames(tx, mine),
  }
}

/** What becomes different in rules and roles, in words; what stays the same is left out. */
async function differencesOf(tx: Tx, actor: Actor, { stored, patch }: PlannedChange): Promise<RuleDifference[]> {
  const rulesBefore = new Map(stored.rules.map(rule => [rule.key, rule]))
  const rolesBefore = new Map(stored.roles.map(role => [role.key, role]))
  const rules = [
    ...patch.rules.map(after => ({ before: rulesBefore.get(after.key) ?? null, after })),
    ...patch.removedRules.map(key => ({ before: rulesBefore.get(key) ?? null, after: null })),
  ]
  const roles = [
    ...patch.roles.map(after => ({ before: rolesBefore.get(after.key) ?? null, after })),
    ...patch.removedRoles.map(key => ({ before: rolesBefore.get(key) ?? null, after: null })),
  ]
  const both = <T>(pairs: readonly { before: T; after: T }[]) => pairs.flatMap(pair => [pair.before, pair.after])
  const names: DifferenceNames = await namesFor(tx, actor, { rules: both(rules), roles: both(roles) })
  return [
    ...rules.map(({ before, after }) => ruleDifferenceOf(before, after, names)),
    ...roles.map(({ before, after }) => roleDifferenceOf(before, after, names)),
  ].filter(one => one.change !== 'changed' || one.fields.length > 0)
}

/** Who loses most stands first; then who gains most. */
const inOrder = (differences: readonly RightsDifference[]): RightsDifference[] =>
  [...differences].sort(
    (a, b) =>
      b.losses.length - a.losses.length ||
      b.gains.length - a.gains.length ||
      (a.affiliationId < b.affiliationId ? -1 : 1),
  )

/** A page of affiliations that gain or lose something, of those whom the reader may see. */
export async function movedPage(
  tx: Tx,
  actor: Actor,
  differences: readonly RightsDifference[],
  page: { offset: number; limit: number | null },
): Promise<{ rows: Moved[]; total: number }> {
  const ordered = inOrder(differences)
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<{ place: number; total: number } & Pick<Moved, 'person' | 'unit' | 'title'>>(
    `select (w.place - 1)::int as place, count(*) over ()::int as total, ${personRefSql('p', may.name('p'))} as person,
       ${unitRefSql('u')} as unit, case when ${may.affiliation('ac', 'details')} then ac.title end as title
     from unnest(${q.bind(
       ordered.map(one => one.affiliationId),
       'uuid[]',
     )}) with ordinality as w (affiliation_id, place)
     join affiliation_current ac on ac.affiliation_id = w.affiliation_id
     join person_current p on p.person_id = ac.person_id left join org_unit_current u on u.unit_id = ac.unit_id
     where ${may.person('p')} order by w.place offset ${q.bind(page.offset, 'int')} limit ${q.bind(page.limit, 'int')}`,
    q.params,
  )
  const told = rows.map(row => ({ row, moved: ordered[row.place] as RightsDifference }))
  const names = await rightNames(
    tx,
    told.flatMap(({ moved }) => [...moved.gains, ...moved.losses, ...(moved.withheld ?? [])]),
  )
  const systems = await systemsOf(
    tx,
    told.flatMap(({ moved }) => moved.withheld ?? []),
  )
  const named = (keys: readonly string[]) => keys.map(key => ({ key, name: names.get(key) ?? key, note: null }))
  return {
    rows: told.map(({ row: { person, unit, title }, moved }) => ({
      person,
      unit,
      title,
      gains: named(moved.gains),
      losses: named(moved.losses),
      withheld: named(moved.withheld ?? []).map(one => ({ ...one, systemId: systems.get(one.key) ?? '' })),
    })),
    total: rows[0]?.total ?? 0,
  }
}

async function systemsOf(tx: Tx, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map()
  const rows = await tx.query<{ key: string; system: string }>(
    'select key, system_id as system from entitlement where key = any($1)',
    [[...new Set(keys)]],
  )
  return new Map(rows.map(row => [row.key, row.system]))
}

async function byUnit(tx: Tx, all: readonly RightsDifference[]): Promise<Page['byUnit']> {
  // What is held back moves nobody.
  const differences = all.filter(one => one.gains.length + one.losses.length > 0)
  if (differences.length === 0) return []
  return tx.query<Page['byUnit'][number]>(
    `with moved as (
       select ac.unit_id, ac.person_id, w.gains, w.losses
       from unnest($1::uuid[], $2::int[], $3::int[]) as w (affiliation_id, gains, losses)
       join affiliation_current ac on ac.affiliation_id = w.affiliation_id
     ), sums as (select unit_id, count(distinct person_id)::int as people, sum(gains)::int as gains,
       sum(losses)::int as losses from moved group by unit_id)
     select ${unitRefSql('u')} as unit, s.people, s.gains, s.losses from sums s
     left join org_unit_current u on u.unit_id = s.unit_id
     order by s.people desc, u.name ${DANISH} limit ${UNITS}`,
    [
      differences.map(one => one.affiliationId),
      differences.map(one => one.gains.length),
      differences.map(one => one.losses.length),
    ],
  )
}

async function byRight(tx: Tx, differences: readonly RightsDifference[]): Promise<Page['byRight']> {
  const counts = new Map<string, { gains: number; losses: number; withheld: number }>()
  const count = (key: string, side: 'gains' | 'losses' | 'withheld') => {
    const known = counts.get(key) ?? { gains: 0, losses: 0, withheld: 0 }
    known[side]++
    counts.set(key, known)
  }
  for (const { gains, losses, withheld = [] } of differences) {
    for (const key of withheld) count(key, 'withheld')
    for (const key of gains) count(key, 'gains')
    for (const key of losses) count(key, 'losses')
  }
  const most = [...counts]
    .sort(([a, x], [b, y]) => y.losses - x.losses || y.gains - x.gains || y.withheld - x.withheld || (a < b ? -1 : 1))
    .slice(0, RIGHTS)
  const names = await rightNames(
    tx,
    most.map(([key]) => key),
  )
  return most.map(([key, sums]) => ({ right: { key, name: names.get(key) ?? key, note: null }, ...sums }))
}

/** As a file for a spreadsheet: one line a right gained or lost. Protected names are left out, as on the screen. */
export async function movedCsv(
  tx: Tx,
  actor: Actor,
  differences: readonly RightsDifference[],
): Promise<{ csv: string; rows: number }> {
  const { rows } = await movedPage(tx, actor, differences, { offset: 0, limit: null })
  const lines = rows.flatMap(row => {
    const who = [row.person.name ?? 'Beskyttet person', row.unit?.name ?? '', row.title ?? '']
    return [
      ...row.gains.map(right => [...who, 'får', right.name, right.key]),
      ...row.losses.map(right => [...who, 'mister', right.name, right.key]),
      ...row.withheld.map(right => [...who, 'holdes tilbage: mangler formål', right.name, right.key]),
    ]
  })
  const csv = [['Person', 'Enhed', 'Titel', 'Ændring', 'Rettighed', 'Nøgle'], ...lines]
    .map(line => line.map(cell).join(';'))
    .join('\r\n')
  // With the mark that makes a spreadsheet read it as UTF-8.
  return { csv: `\ufeff${csv}\r\n`, rows: lines.length }
}

/** Quoted where it must be; what a spreadsheet would take for a formula gets a quote in front. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value
  return /[";\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
