import type { z } from 'zod'
import type { affiliationMatch, matchDifference, matchEvidence, matchState } from '#contract/affiliation-matches.ts'
import { canonical } from '../../people/fact.ts'
import { loadFacts } from '../../people/fact-store.ts'
import type { Json, NormalAttrs } from '../../platform/feed-record.ts'
import { searchWords, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, sqlFor } from '../../policy/policy.ts'
import { BY_ITSELF, latest, standing } from './carry-out-match.ts'

type Match = z.output<typeof affiliationMatch>
type Difference = z.output<typeof matchDifference>
type Side = {
  id: string
  source: string
  personId: string
  name: string | null
  protected: boolean
  kind: 'employee'
  unitIds: string[]
  birthDate: string | null
}
type Row = {
  id: string
  evidence: z.output<typeof matchEvidence>
  confidence: number
  since: Date
  state: z.output<typeof matchState>
  decidedBy: string | null
  report: Side
  payroll: Side
  total: number
}

const SIDE = (as: string) => `jsonb_build_object('id', ${as}.id, 'source', ${as}.source, 'personId', ${as}.person_id,
  'name', ${as}p.name, 'protected', coalesce(${as}p.protected, false), 'kind', coalesce(${as}p.kind, 'employee'),
  'unitIds', coalesce(${as}p.unit_ids, '{}'), 'birthDate', ${as}p.birth_date)`
const FROM = `from affiliation_match m join affiliation r on r.id = m.report_id join affiliation y on y.id = m.payroll_id
  left join person_current rp on rp.person_id = r.person_id left join person_current yp on yp.person_id = y.person_id`

/** Pairs, the surest first. Three statements. */
export async function matchesView(
  tx: Tx,
  actor: Actor,
  filter: {
    state: Row['state'] | 'all'
    text?: string | undefined
    affiliationId?: string | undefined
    offset: number
    limit: number
  },
): Promise<{ rows: Match[]; total: number }> {
  const q = statement()
  const seen = q.use(startAt =>
    sqlFor(actor, 'read', 'AffiliationMatch', { id: { sql: 'm.id', type: 'uuid' } }, { startAt }),
  )
  const words = searchWords(filter.text ?? '').map(word => {
    const like = q.bind(`% ${word}%`, 'text')
    return `(rp.search like ${like} or yp.search like ${like})`
  })
  const of = filter.state === 'all' ? [] : [`m.state = ${q.bind(filter.state, 'text')}`]
  if (filter.affiliationId)
    of.push(`${q.bind(filter.affiliationId, 'uuid')} in (r.id, r.merged_into, y.id, y.merged_into)`)
  const rows = await tx.query<Row>(
    `select m.id, m.evidence, m.confidence, m.since, m.state, m.decided_by as "decidedBy", ${SIDE('r')} as report,
       ${SIDE('y')} as payroll, (count(*) over ())::int as total ${FROM}
     where ${[seen, ...of, ...words].join(' and ')}
     order by m.confidence desc, m.since, m.id offset ${q.bind(filter.offset, 'int')} limit ${q.bind(filter.limit, 'int')}`,
    q.params,
  )
  const facts = await loadFacts(
    tx,
    'affiliation',
    rows.flatMap(row => [row.report.id, row.payroll.id]),
  )
  const units = await unitNames(tx)(
    rows.flatMap(row => [row.report.id, row.payroll.id]),
    facts,
  )
  return { rows: rows.map(row => matchOf(row, actor, facts, units).match), total: rows[0]?.total ?? 0 }
}

export async function matchView(
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<(Match & { differs: Difference[]; agrees: Difference[]; personIds: string[] }) | null> {
  const q = statement()
  const seen = q.use(startAt =>
    sqlFor(actor, 'read', 'AffiliationMatch', { id: { sql: 'm.id', type: 'uuid' } }, { startAt }),
  )
  const [row] = await tx.query<Row>(
    `select m.id, m.evidence, m.confidence, m.since, m.state, m.decided_by as "decidedBy", ${SIDE('r')} as report,
       ${SIDE('y')} as payroll, 1 as total ${FROM} where ${seen} and m.id = ${q.bind(id, 'uuid')}`,
    q.params,
  )
  if (!row) return null
  const facts = await loadFacts(tx, 'affiliation', [row.report.id, row.payroll.id])
  const units = await unitNames(tx)([row.report.id, row.payroll.id], facts)
  const origin = await tx.query<{ attrs: NormalAttrs; source: string }>(
    `select jsonb_object_agg(k.name, o ->> 'source') as attrs, '' as source
     from affiliation_state s cross join jsonb_array_elements(s.origin) as o
     cross join jsonb_array_elements_text(o -> 'attrs') as k(name)
     where s.affiliation_id = $1 and upper_inf(s.recorded)`,
    [row.report.id],
  )
  const { match, compared } = matchOf(row, actor, facts, units, row.state === 'same' ? (origin[0]?.attrs ?? {}) : null)
  return {
    ...match,
    differs: compared.filter(one => one.report !== one.payroll),
    agrees: compared.filter(one => one.report === one.payroll),
    personIds: [...new Set([row.report.personId, row.payroll.personId])],
  }
}

const HIDDEN = ['person', 'payrollConfirmed', 'endReason', 'leaveReason']

type Facts = Awaited<ReturnType<typeof loadFacts>>
function matchOf(
  row: Row,
  actor: Actor,
  facts: Facts,
  units: ReadonlyMap<string, string>,
  winners: NormalAttrs | null = null,
): { match: Match; compared: Difference[] } {
  const mine = latest(
    standing(facts.get(row.report.id) ?? []).concat(
      row.state === 'same'
        ? (facts.get(row.report.id) ?? []).filter(fact => fact.source === 'report' && fact.op === 'assert')
        : [],
    ),
  )
  const said = latest(standing(facts.get(row.payroll.id) ?? []))
  const show = (attrs: NormalAttrs, name: string): string | null => {
    const value = attrs[name]
    if (value === undefined) return null
    if (typeof value === 'string') return units.get(value) ?? value
    return canonical(value as Json)
  }
  const names = [...new Set([...Object.keys(mine), ...Object.keys(said)])].filter(name => !HIDDEN.includes(name)).sort()
  const wins = (name: string): Difference['wins'] => {
    const source = winners?.[name]
    if (typeof source !== 'string') return null
    return source === 'report' ? 'report' : source === row.payroll.source ? 'payroll' : 'other'
  }
  const compared: Difference[] = names.map(attribute => ({
    attribute,
    report: show(mine, attribute),
    payroll: show(said, attribute),
    wins: wins(attribute),
  }))
  // Who they are stands above what they do.
  if (row.report.personId !== row.payroll.personId)
    compared.unshift(
      { attribute: 'name', report: nameOf(row.report, actor), payroll: nameOf(row.payroll, actor), wins: null },
      { attribute: 'birthDate', report: row.report.birthDate, payroll: row.payroll.birthDate, wins: null },
    )
  const decides = allows(actor, 'decide', 'AffiliationMatch', { id: row.id })
  const side = (one: Side, attrs: NormalAttrs): Match['report'] => ({
    affiliationId: one.id,
    person: { id: one.personId, name: nameOf(one, actor), protected: one.protected },
    source: one.source,
    unit: show(attrs, 'unitOverride') ?? show(attrs, 'unit') ?? show(attrs, 'payUnit'),
    title: show(attrs, 'title'),
    startsOn: show(attrs, 'startsOn'),
    endsOn: show(attrs, 'endsOn'),
  })
  const match: Match = {
    id: row.id,
    report: side(row.report, mine),
    payroll: side(row.payroll, said),
    evidence: row.evidence,
    confidence: row.confidence,
    since: row.since.toISOString(),
    state: row.state,
    decidedBy: row.decidedBy,
    certain: row.decidedBy === BY_ITSELF,
    differences: compared.filter(one => one.report !== one.payroll).length,
    allowed: { decide: decides && row.state === 'open', undo: decides && row.state !== 'open' },
  }
  return { match, compared }
}

function nameOf(side: Side, actor: Actor): string | null {
  const person = {
    id: side.personId,
    kind: side.kind,
    status: 'active' as const,
    unitIds: side.unitIds,
    unitPath: side.unitIds,
    systemIds: [],
  }
  return allows(actor, 'read', 'Person', person, side.protected ? 'protectedName' : 'basic') ? side.name : null
}

/** Names of the units that facts name. */
const unitNames =
  (tx: Tx) =>
  async (ids: readonly string[], facts: Facts): Promise<Map<string, string>> => {
    const wanted = ids.flatMap(id =>
      (facts.get(id) ?? []).flatMap(({ attrs }) =>
        [attrs.unit, attrs.payUnit, attrs.unitOverride].filter(one => typeof one === 'string'),
      ),
    )
    const rows = await tx.query<{ id: string; name: string }>(
      'select unit_id as id, name from org_unit_current where unit_id = any($1)',
      [[...new Set(wanted)]],
    )
    return new Map(rows.map(row => [row.id, row.name]))
  }
