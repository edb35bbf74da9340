import type { WhatIfEffect, WhatIfResult } from '#contract/what-if.ts'
import type { MovedBase } from '#contract/what-if-draft.ts'
import type { HeldChange, RightsDifference } from '../rules-change.ts'
import type { Computed, Difference } from './compute-what-if.ts'
import type { World } from './draft-worlds.ts'
import { unitsNamed } from './translate-units.ts'

/** What the result of a base rests on. Two that are equal stand on the same ground. */
export type Stamp = Record<Exclude<MovedBase, 'changes'>, string>
/** The part of a result that is stored as it is shown. */
export type Summary = Omit<WhatIfResult, 'base' | 'computedAt' | 'hash' | 'moved'>

type Named = { key: string; name: string }
export type Around = {
  systems: readonly Named[]
  entitlements: readonly (Named & {
    sensitivity: WhatIfResult['protectedData'][number]['sensitivity']
    cap: number | null
    held: number
  })[]
  guards: readonly HeldChange[]
  waves: Summary['waves']
}

const PROTECTED = new Set(['confidential', 'special', 'criminal'])

/** Figures and lists of a result, the most people first. People are counted once, however many rights it is about. */
export function summarise(computed: Computed, around: Around): Summary {
  const { differences, moved, worlds } = computed
  const last = worlds.steps.at(-1) as World
  const unitName = new Map([...last.units.values()].map(unit => [unit.key, unit.name]))
  const system = new Map(around.systems.map(one => [one.key, one.name]))
  const right = new Map(around.entitlements.map(one => [one.key, one]))
  const fullName = (key: string) => {
    const of = system.get(systemOf(key))
    return `${of ? `${of}: ` : ''}${right.get(key)?.name ?? key}`
  }
  const systemOf = (entitlement: string) => entitlement.slice(0, entitlement.indexOf('/'))
  const people = (some: readonly { personId: string }[]) => new Set(some.map(one => one.personId)).size
  const gained = Map.groupBy(
    differences.filter(one => one.effect === 'gain' && !one.withheld),
    one => one.entitlement,
  )
  const lost = Map.groupBy(
    differences.filter(one => one.effect === 'loss'),
    one => one.entitlement,
  )
  return {
    total: {
      ...effects(differences),
      carried: people(moved.filter(one => one.carried)),
      movers: people(moved.filter(one => !one.carried)),
    },
    guards: [...around.guards],
    waves: around.waves.map(one => ({ ...one, unit: one.unit && (unitName.get(one.unit) ?? one.unit) })),
    byUnit: grouped(differences, one => one.unitAfter ?? one.unitBefore ?? '').map(([unit, some]) => ({
      unit,
      name: unitName.get(unit) ?? unit,
      ...effects(some),
    })),
    bySystem: grouped(differences, one => systemOf(one.entitlement)).map(([key, some]) => ({
      system: key,
      name: system.get(key) ?? key,
      ...effects(some),
    })),
    byCause: grouped(differences, one => one.cause).map(([cause, some]) => ({ cause, ...effects(some) })),
    protectedData: [...gained]
      .flatMap(([key, some]) => {
        const one = right.get(key)
        return one && PROTECTED.has(one.sensitivity)
          ? [{ entitlement: key, name: fullName(key), sensitivity: one.sensitivity, people: people(some) }]
          : []
      })
      .sort((a, b) => b.people - a.people || (a.entitlement < b.entitlement ? -1 : 1)),
    overCap: [...gained].flatMap(([key, some]) => {
      const one = right.get(key)
      if (!one || one.cap === null) return []
      const held = one.held + people(some) - people(lost.get(key) ?? [])
      return held > one.cap ? [{ entitlement: key, name: fullName(key), held, cap: one.cap }] : []
    }),
    translations: worlds.translated.map(one => ({
      ...{ kind: one.kind, key: one.key, name: one.name },
      ...{ before: JSON.stringify(one.before), after: JSON.stringify(one.after) },
    })),
    dangling: danglingRules(computed),
  }
}

/** Rules in force that name a unit which the draft closes, and no other unit that continues it. */
function danglingRules({ worlds }: Computed): Summary['dangling'] {
  const [without, last] = [worlds.steps[1] as World, worlds.steps.at(-1) as World]
  const closed = new Set(
    [...without.units.values()]
      .filter(unit => unit.active && last.units.get(unit.id)?.active === false)
      .map(unit => unit.key),
  )
  if (closed.size === 0) return []
  return last.rules.rules.flatMap(rule => {
    const named = unitsNamed(rule)
    const unit = [...named].find(
      key => closed.has(key) && ![...(worlds.successions.get(key) ?? [])].some(next => named.has(next)),
    )
    return unit ? [{ key: rule.key, name: rule.name, unit }] : []
  })
}

function effects(some: readonly Difference[]) {
  // What is held back moves nobody until somebody says what it is for.
  const moving = some.filter(one => !one.withheld)
  const count = (effect: WhatIfEffect) => moving.filter(one => one.effect === effect).length
  return {
    people: new Set(moving.map(one => one.personId)).size,
    gains: count('gain'),
    losses: count('loss'),
    limits: count('limit'),
    withheld: some.length - moving.length,
  }
}

function grouped(all: readonly Difference[], by: (one: Difference) => string): [string, Difference[]][] {
  return [...Map.groupBy(all, by)].sort(
    ([a, some], [b, other]) => other.length - some.length || (a < b ? -1 : a > b ? 1 : 0),
  )
}

/** The differences as the guards on changes of rules look at them. */
export function asRightsDifferences(differences: readonly Difference[]): RightsDifference[] {
  const keys = (some: readonly Difference[]) => some.map(one => one.entitlement)
  return [...Map.groupBy(differences, one => one.affiliationId)].map(([affiliationId, some]) => ({
    affiliationId,
    personId: some[0]?.personId ?? '',
    gains: keys(some.filter(one => one.effect === 'gain' && !one.withheld)),
    losses: keys(some.filter(one => one.effect === 'loss')),
    withheld: keys(some.filter(one => one.withheld)),
  }))
}

export function movedSince(
  stored: { stamp: Stamp; version: number },
  now: { stamp: Stamp; version: number },
): MovedBase[] {
  const parts = (['rules', 'units', 'people', 'date'] as const).filter(part => stored.stamp[part] !== now.stamp[part])
  return stored.version === now.version ? parts : ['changes', ...parts]
}
