import { recompute } from '../../server/access/access-store.ts'
import { loadIndex } from '../../server/access/grounds-store.ts'
import { previewChange, storedRules } from '../../server/access/rules-change-service.ts'
import { computeWhatIf } from '../../server/access/what-if/compute-what-if.ts'
import type { DraftChange } from '../../server/contract/what-if-draft.ts'
import { affiliationFacts } from '../../server/people/affiliation-facts-view.ts'
import { systemClock } from '../../server/platform/clock.ts'
import { openDatabase } from '../../server/platform/database.ts'
import type { Db, Tx } from '../../server/platform/unit-of-work.ts'
import type { AffiliationFacts } from '../../server/rules/affiliation-facts.ts'
import type { RightsRule } from '../../server/rules/rights-rule.ts'
import { readRulesYaml, writeRulesYaml } from '../../server/rules/rules-yaml.ts'
import { loadEntitlements } from '../../server/systems/system-store.ts'
import { bareCopy } from './bare-copy.ts'
import { also, atMost, type BenchRow } from './bench-row.ts'
import { forgetRights, RIGHTS_TABLES } from './forget-rights.ts'
import { inTurn, median } from './measure.ts'
import type { Town } from './town.ts'

/** Deciding and storing everybody's rights, and the what-if of one rule and of a reorganisation, on a town in the database. */
export async function benchRights(town: Town, folder: string): Promise<BenchRow[]> {
  const db = await openDatabase(town.url)
  try {
    return [await stored(db, town, folder), await whatIf(db, town), await reorganisation(db, town)]
  } finally {
    await db.close()
  }
}

const when = () => ({ today: systemClock.today(), now: systemClock.now(), cause: 'bench' })

/** From nothing: facts read, decided, reasons and assignments stored. Beside it the same rows by COPY alone. */
async function stored(db: Db, town: Town, folder: string): Promise<BenchRow> {
  const run = { affiliations: 0, added: 0 }
  const ours = async () => {
    Object.assign(run, await db.transaction(tx => recompute(tx, 'all', when())))
  }
  const bare = await bareCopy(db, folder, RIGHTS_TABLES)
  const [mine, theirs] = await inTurn([ours, bare.copyIn], town.people > 6000 ? 1 : 5, {
    before: [() => forgetRights(db), bare.clear],
  })
  await bare.drop()
  town.rightsMs = median(mine!)
  const perSecond = run.affiliations / (median(mine!) / 1000)
  const row = atMost(6, {
    what: `Rights of ${run.affiliations.toLocaleString('en')} affiliations decided and stored with their reasons: ${run.added.toLocaleString('en')} assignments`,
    ours: median(mine!),
    other: 'COPY of the same rows',
    theirs: median(theirs!),
    unit: 'ms',
  })
  const rate = `${Math.round(perSecond).toLocaleString('en')} affiliations/s; midPoint publishes 6.6-104 users/s`
  return also(row, '≥ 5,000 affiliations/s', perSecond >= 5000, rate)
}

/** The preview of a file with one changed rule, beside deciding everybody again (which finds nothing to change). */
async function whatIf(db: Db, town: Town): Promise<BenchRow> {
  const rule = await db.snapshot(tx => ruleOfFew(tx, town.people * 0.02))
  const [unheld] = await db.snapshot(tx =>
    tx.query<{ key: string }>(
      `select key from entitlement e where gone_at is null and not exists (select from assignment a where a.entitlement_id = e.id)
       order by key limit 1`,
    ),
  )
  const changed = { ...rule, entitlements: [...rule.entitlements, unheld!.key] }
  const stored = await db.snapshot(tx => storedRules(tx))
  const rules = stored.rules.map(one => (one.key === rule.key ? changed : one))
  const wanted = { ...stored, rules }
  let people = 0
  const ours = async () => {
    const preview = await db.snapshot(async tx => previewChange(tx, await storedRules(tx), wanted, when()))
    people = preview.people
  }
  const full = () => db.transaction(tx => recompute(tx, 'all', when()))
  const yaml = writeRulesYaml({ rules, roles: [], mappings: [] })
  const knownEntitlements = (await db.snapshot(tx => loadEntitlements(tx))).map(row => row.key)
  const read = () => readRulesYaml(yaml, 'rules.yaml', { knownEntitlements, knownRoles: stored.roles })
  const [mine, theirs, reading] = await inTurn([ours, full, read], town.people > 6000 ? 2 : 5, { warmUp: 1 })
  return atMost(0.1, {
    what: `What-if of one rule: ${people} of ${town.load.people.toLocaleString('en')} people would gain a right`,
    ours: median(mine!),
    other: 'deciding everybody again',
    theirs: median(theirs!),
    unit: 'ms',
    note: `reading the ${rules.length} rules from YAML takes ${Math.round(median(reading!))} ms more`,
  })
}

/** Share of the people whose unit the reorganisation merges into a sibling. */
const MOVED = 0.1

/** A unit map that carries a tenth of the people into sibling units and translates the rules, beside deciding everybody. */
async function reorganisation(db: Db, town: Town): Promise<BenchRow> {
  const today = systemClock.today()
  const rows = await db.snapshot(tx => mergedUnits(tx, town.people * MOVED))
  const change: DraftChange = { id: 'map', kind: 'unit-map', carry: true, translate: true, rows }
  const draft = { name: 'Reorganisation', onDate: today, changes: [change] }
  const did = { moved: 0, differences: 0 }
  const ours = async () => {
    const computed = await db.snapshot(tx => computeWhatIf(tx, draft, { ...when(), base: 'same-date' }))
    if (computed.worlds.problems.length > 0) throw new Error(JSON.stringify(computed.worlds.problems[0]))
    Object.assign(did, { moved: computed.moved.length, differences: computed.differences.length })
  }
  const full = () => db.transaction(tx => recompute(tx, 'all', when()))
  const [mine, theirs] = await inTurn([ours, full], town.people > 6000 ? 2 : 5, { warmUp: 1 })
  if (did.moved < town.people * MOVED * 0.5) throw new Error('the reorganisation moves too few to say anything')
  return atMost(0.5, {
    what: `What-if of a reorganisation: ${rows.length} units merged, ${did.moved.toLocaleString('en')} of ${town.load.people.toLocaleString('en')} people elsewhere, ${did.differences.toLocaleString('en')} rights differ`,
    ours: median(mine!),
    other: 'deciding everybody again',
    theirs: median(theirs!),
    unit: 'ms',
  })
}

/** Units without units below, each with the sibling that it goes into; so many that about this many people are in them. */
async function mergedUnits(tx: Tx, people: number): Promise<{ from: string; to: string }[]> {
  const units = await tx.query<{ key: string; target: string; people: number }>(
    `with leaves as (
       select u.key, u.parent_id, (select count(*)::int from affiliation_current a
         where a.unit_id = u.unit_id and a.status = 'active') as people,
         row_number() over (partition by u.parent_id order by u.key) as place,
         first_value(u.key) over (partition by u.parent_id order by u.key) as target
       from org_unit_current u where u.active and u.tree = 'admin' and u.parent_id is not null
         and not exists (select from org_unit_current c where c.parent_id = u.unit_id and c.active))
     select key, target, people from leaves where place > 1 and people > 0 order by key`,
  )
  let sum = 0
  return units.flatMap(({ key, target, people: here }) => {
    if (sum >= people) return []
    sum += here
    return [{ from: key, to: target }]
  })
}

/** The rule that catches most people within the limit. */
async function ruleOfFew(tx: Tx, limit: number): Promise<RightsRule> {
  const index = await loadIndex(tx, systemClock.today())
  const caught = new Map<string, number>()
  for await (const batch of affiliationFacts(tx, 'all'))
    for (const one of index.rules)
      caught.set(
        one.rule.key,
        (caught.get(one.rule.key) ?? 0) + batch.filter(facts => one.test(facts as AffiliationFacts)).length,
      )
  const [few] = index.rules
    .filter(one => !one.rule.inverted && caught.get(one.rule.key)! <= limit)
    .sort((a, b) => caught.get(b.rule.key)! - caught.get(a.rule.key)!)
  if (!few) throw new Error('no rule catches few enough people')
  return few.rule
}
