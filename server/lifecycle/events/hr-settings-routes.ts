import { changeHrSettings, getHrSettings } from '#contract/hr-settings.ts'
import { audit } from '../../audit/audit-store.ts'
import { loadHrSettings, storeHrSettings } from '../../people/hr-settings-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor, can } from '../../policy/policy.ts'

/** How long payroll may take to confirm a hire, and how many ends at once are asked about. */
export function hrSettingsRoutes(routes: Routes<Actor>, { clock }: { clock: Clock }): void {
  routes.add(getHrSettings, async ({ tx, actor }) => ({
    settings: await loadHrSettings(tx),
    allowed: { change: can(actor, 'inbox.settle') },
  }))
  routes.add(changeHrSettings, async ({ tx, actor, body, requestId }) => {
    const before = await loadHrSettings(tx)
    await storeHrSettings(tx, body.settings, clock.now())
    await audit(tx).write({
      actor: auditActor(actor),
      ...{ action: 'hr-settings.changed', subjectKind: 'installation' },
      ...{ before, after: body.settings, detail: { reason: body.reason }, requestId },
    })
    return { settings: body.settings }
  })
}
