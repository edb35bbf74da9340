import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { refreshPersonRights } from '../../server/access/person-rights-store.ts'
import { syncDue, syncPurposes } from '../../server/access/purposes/purpose-findings.ts'
import type { DemoManifest } from '../../server/demo/manifest.ts'
import { systemClock } from '../../server/platform/clock.ts'
import { openDatabase } from '../../server/platform/database.ts'
import type { Db, Tx } from '../../server/platform/unit-of-work.ts'
import { seedVocabularies } from '../../server/register/vocabulary/vocabulary-store.ts'
import { demoBindings } from '../../server/setup/bindings.ts'
import { demoRegister } from '../../server/setup/register.ts'
import { atMost, type BenchRow } from './bench-row.ts'
import { inTurn, median } from './measure.ts'
import type { Town } from './town.ts'

const ROUNDS = 5

/** Findings of the register after the rights of one rule's people have changed, beside working all of them out from nothing. */
export async function benchFindings(town: Town): Promise<BenchRow[]> {
  const manifest = JSON.parse(readFileSync(join(town.dataDir, 'demo/manifest.json'), 'utf8')) as DemoManifest
  const db = await openDatabase(town.url)
  try {
    await db.transaction(tx => seedVocabularies(tx))
    await demoRegister({ db, clock: systemClock }, manifest)
    await demoBindings({ db, clock: systemClock }, manifest)
    await db.source.query('analyze')
    return [await afterRule(db, town)]
  } finally {
    await db.close()
  }
}

async function afterRule(db: Db, town: Town): Promise<BenchRow> {
  const day = systemClock.today()
  const rule = await db.snapshot(tx => largestRule(tx, Math.ceil(town.people * 0.02)))
  await db.transaction(tx => syncPurposes(tx, day))
  const found = await db.snapshot(tx => count(tx))
  // What the edit itself costs is another row: here it is what follows from it.
  const [ours, theirs] = await inTurn(
    [() => db.transaction(tx => syncDue(tx, day)), () => db.transaction(tx => syncPurposes(tx, day))],
    ROUNDS,
    { before: [() => db.transaction(tx => giveAgain(tx, rule)), () => undefined] },
  )
  const after = await db.snapshot(tx => count(tx))
  if (after !== found) throw new Error(`${found} findings of the register became ${after}, and nothing had changed`)
  return atMost(0.2, {
    what: `Findings of the register after a rule of ${rule.people.length.toLocaleString('en')} people, ${found.toLocaleString('en')} open`,
    ours: median(ours!),
    other: 'the same worked out from nothing for everybody',
    theirs: median(theirs!),
    unit: 'ms',
  })
}

type Rule = { key: string; people: string[] }

/** The rule with most people below a number. */
async function largestRule(tx: Tx, most: number): Promise<Rule> {
  const [rule] = await tx.query<Rule>(
    `select d.rule_key as key, array_agg(distinct ac.person_id::text) as people from derivation d
     join assignment a on a.derivation_id = d.id
     join affiliation_current ac on ac.affiliation_id = a.affiliation_id where d.rule_key <> '' group by d.rule_key
     having count(distinct ac.person_id) <= $1 order by count(distinct ac.person_id) desc, d.rule_key limit 1`,
    [most],
  )
  if (!rule) throw new Error('no rule catches so few')
  return rule
}

/** As an edit of the rule leaves its rights: written anew, and with them what is compared of their people. */
async function giveAgain(tx: Tx, { key, people }: Rule): Promise<void> {
  await tx.query(
    `update assignment a set reason_since = reason_since from derivation d where d.id = a.derivation_id and d.rule_key = $1`,
    [key],
  )
  await refreshPersonRights(tx, people)
}

async function count(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `select count(*)::int as n from finding where closed_at is null and code in ('no-purpose', 'purpose-ended', 'not-in-register',
       'no-legal-basis', 'no-condition', 'outside-task', 'kle-wider', 'sensitivity-above', 'unlimited', 'empty-words',
       'data-not-stated', 'reach-differs')`,
  )
  return row?.n ?? 0
}
