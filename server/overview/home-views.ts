import type { ResponseOf } from '#contract/endpoint.ts'
import type { getHome } from '#contract/home.ts'
import type { ToolRole } from '#contract/permissions.ts'
import { civilDate } from '../platform/clock.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { freshnessView } from './freshness-view.ts'
import { auditorHome, dpoHome, hrHome, itHome } from './home-office-views.ts'
import { employeeHome, managerHome, systemOwnerHome } from './home-own-views.ts'
import type { Section } from './home-parts.ts'

const is =
  (...roles: ToolRole[]) =>
  (actor: Actor) =>
    roles.some(role => actor.roles.includes(role))

/** Who works for others comes first, the own rights last. */
const SECTIONS: readonly {
  for(actor: Actor): boolean
  read(tx: Tx, actor: Actor, today: string, now: Date): Promise<Section>
}[] = [
  { for: is('hr'), read: hrHome },
  { for: is('it', 'admin'), read: itHome },
  { for: is('dpo'), read: dpoHome },
  { for: is('auditor'), read: auditorHome },
  { for: actor => actor.units.length + actor.actingFor.length > 0, read: managerHome },
  { for: actor => actor.systems.length > 0, read: systemOwnerHome },
  { for: actor => actor.personId !== null && is('employee')(actor), read: employeeHome },
]

/** What needs the signed-in person, a section a role, at most three statements each and one for how fresh the data are. */
export async function homeView(tx: Tx, actor: Actor, now: Date): Promise<ResponseOf<typeof getHome>> {
  const today = civilDate(now)
  const sections: Section[] = []
  for (const one of SECTIONS) if (one.for(actor)) sections.push(await one.read(tx, actor, today, now))
  return { sections, today, freshness: await freshnessView(tx) }
}
