import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { makeApiToken } from '../../auth/tokens/token-service.ts'
import { tokenStore } from '../../auth/tokens/token-store.ts'
import type { DemoManifest } from '../../demo/manifest.ts'
import { fortnightEvents } from '../../demo/write-events.ts'
import { receiveEvents } from '../../lifecycle/events/event-service.ts'
import { eventRows } from '../../lifecycle/events/event-store.ts'
import { auditActor } from '../../policy/policy.ts'
import { actorOfRole } from '../actors.ts'
import { unitKeys } from './choice.ts'
import { type Parts, REQUEST } from './stage.ts'

/** What a personnel program would have sent, with a token of its own: as it comes, once more, and in the wrong order. */
export async function eventsArrive(parts: Parts, manifest: DemoManifest): Promise<void> {
  const { db, clock, keyring, events } = parts
  const feed = 'hr-events'
  const today = clock.today()
  const { tokenId, units } = await db.transaction(async tx => {
    const it = await actorOfRole(tx, manifest, 'it', today)
    const manager = await actorOfRole(tx, manifest, 'manager', today)
    const [known] = await tx.query<{ id: string }>('select id from api_token where feed = $1', [feed])
    const made =
      known ??
      (await makeApiToken(
        { name: 'Vikarservice', rights: ['hr-event.send'], feed, days: 90 },
        {
          rows: { ...tokenStore(tx), feeds: async () => [] },
          ...{ audit: audit(tx).write, now: clock.now(), actor: auditActor(it), requestId: REQUEST },
        },
      ))
    return { tokenId: made.id, units: await unitKeys(tx, manager.units) }
  })
  for (const batch of fortnightEvents(today, units)) {
    await db.transaction(tx =>
      receiveEvents(
        batch,
        { tokenId, rights: ['hr-event.send'], feed },
        {
          rows: eventRows(tx, keyring),
          ...{ keyring, now: clock.now(), audit: audit(tx).write, requestId: REQUEST },
          actor: systemActor('token'),
        },
      ),
    )
    await events.applyDue()
  }
}
