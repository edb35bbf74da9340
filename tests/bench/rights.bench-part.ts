import { loadIndex, recompute } from '../../server/access/access-store.ts'
import { previewChange, storedRules } from '../../server/access/rules-change-service.ts'
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

/** Deciding and storing everybody's rights, and the what-if of one rule, on a town in the database. */
export async function benchRights(town: Town, folder: string): Promise<BenchRow[]> {
  const db = await openDatabase(town.url)
  try {
    return [await stored(db, town, folder), await whatIf(db, town)]
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
