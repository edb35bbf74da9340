import type { RegisterDefaults } from '#contract/activities.ts'
import type { PackageScope } from '#contract/packages.ts'
import type { Moment } from '../../access/past-rights.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import { loadDefaults } from '../../register/activities/attest-store.ts'
import { loadVocabularies } from '../../register/vocabulary/vocabulary-store.ts'
import { adviceThen, controlsThen, datedThen } from './controls-view.ts'
import { countLeavers, leaversThen } from './leavers-view.ts'
import { notKeptItems, type PackageContent } from './package-service.ts'
import { countRights, rightsThen } from './rights-view.ts'
import { printedThen, scopeThen } from './scope-view.ts'

/** The controller and the DPO that stand on what leaves the house. */
export async function defaultsOf(tx: Tx, municipality: string): Promise<RegisterDefaults> {
  const said = await loadDefaults(tx)
  return { ...said, controller: said.controller ?? { name: municipality, contact: null } }
}

/** Somebody who may not know of pupils has packages without them. */
export const staffOnly = (actor: Actor): boolean =>
  !allows(actor, 'read', 'Person', {
    ...{ id: '', kind: 'pupil', status: 'active', unitIds: [], unitPath: [], systemIds: [] },
  })

/** What a package is made of, read in the snapshot of `tx`; rights and leavers as streams that must be read before it ends. */
export async function packageContent(
  tx: Tx,
  actor: Actor,
  asked: { scope: PackageScope; at: Moment; madeAs: string; today: string; municipality: string },
): Promise<PackageContent> {
  const { scope, at, madeAs } = asked
  const then = await scopeThen(tx, actor, scope, at, asked.today)
  return {
    ...{ scope, madeAs, staffOnly: staffOnly(actor), known: at.known.toISOString(), unit: then.unit },
    ...{ systems: then.systems, unitNames: then.unitNames },
    records: await printedThen(tx, then, scope.names),
    vocabularies: await loadVocabularies(tx),
    defaults: await defaultsOf(tx, asked.municipality),
    controls: await controlsThen(tx, { ...then, from: scope.leaversFrom }),
    advice: await adviceThen(tx, then),
    dated: await datedThen(tx, then),
    rights: () => rightsThen(tx, actor, then),
    leavers: () => leaversThen(tx, actor, { ...then, leaversFrom: scope.leaversFrom }),
  }
}

/** What it would hold, in numbers. Seven statements at most, with those of the session. */
export async function previewView(
  tx: Tx,
  actor: Actor,
  scope: PackageScope,
  at: Moment,
  today: string,
): Promise<{
  items: { item: 'records' | 'systems' | 'rights' | 'leavers'; rows: number }[]
  systems: { id: string; key: string; name: string }[]
  unread: number
  people: number
  protectedPeople: number
  elsewhere: number
  firstReading: string | null
  notKept: ReturnType<typeof notKeptItems>
}> {
  const then = await scopeThen(tx, actor, scope, at, today)
  const counts = await countRights(tx, actor, then)
  const { leavers, kept } = await countLeavers(tx, actor, { ...then, leaversFrom: scope.leaversFrom })
  return {
    items: [
      { item: 'records', rows: then.records.length },
      { item: 'systems', rows: then.systems.length },
      { item: 'rights', rows: counts.rights },
      { item: 'leavers', rows: leavers },
    ],
    systems: then.systems.map(({ read: _, ...one }) => one),
    unread: then.systems.filter(one => !one.read).length,
    ...{ people: counts.people, protectedPeople: counts.protectedPeople, elsewhere: counts.elsewhere },
    firstReading: counts.firstReading,
    notKept: notKeptItems(new Set(kept)),
  }
}
