import type { Expectation } from '#contract/announcements.ts'
import type { Clock } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type StoredAnnouncement, storeAnnouncement, storeDecision, storedAnnouncement } from './announcement-store.ts'

type By = { id: string }
type Given = { source: string; startsOn: string; endsOn: string; reason: string; expected: Expectation[] }

/** Mass changes announced ahead: school year, reorganisation. Each function is one command in the caller's transaction. */
export function createAnnouncements({ clock }: { clock: Clock }) {
  const draftOf = async (tx: Tx, id: string): Promise<StoredAnnouncement> => {
    const found = await storedAnnouncement(tx, id)
    if (!found) throw problem('not-found', { detail: 'There is no such announcement.' })
    return found
  }
  return {
    async create(tx: Tx, by: By, given: Given): Promise<string> {
      const [source] = await tx.query('select from source where key = $1', [given.source])
      if (!source) throw problem('not-found', { detail: `There is no source "${given.source}".` })
      if (given.endsOn <= clock.today())
        throw problem('invalid-request', {
          detail: 'The window is over already. Announce what is still to come.',
          errors: [{ where: 'body/endsOn', what: 'must be after today' }],
        })
      const id = newId()
      await storeAnnouncement(tx, { id, ...given, by: by.id })
      return id
    },

    /** The announcement that a dry run is to be made for. What is decided is not tried any more. */
    async forSimulation(tx: Tx, id: string): Promise<StoredAnnouncement> {
      const found = await draftOf(tx, id)
      if (found.state !== 'draft')
        throw problem('conflict', { detail: 'This announcement has been decided on. Make a new one to try it.' })
      return found
    },

    /** Another person than the author; only after a simulation, so that the numbers have been looked at. */
    async approve(tx: Tx, by: By, id: string): Promise<void> {
      const found = await draftOf(tx, id)
      if (found.state !== 'draft') throw problem('conflict', { detail: 'This announcement has been decided on.' })
      if (found.createdBy === by.id)
        throw problem('second-person-needed', {
          detail: 'You made this announcement yourself. Another person must approve it.',
        })
      if (!found.simulated)
        throw problem('conflict', { detail: 'Simulate it first: an approval says that somebody has seen the numbers.' })
      if (found.endsOn <= clock.today())
        throw problem('conflict', { detail: 'Its window is over. Announce what is still to come.' })
      await storeDecision(tx, id, { state: 'approved', by: by.id, reason: null, now: clock.now() })
    },

    async cancel(tx: Tx, by: By, id: string, reason: string): Promise<void> {
      const found = await draftOf(tx, id)
      if (found.state === 'cancelled') throw problem('conflict', { detail: 'This announcement is withdrawn already.' })
      await storeDecision(tx, id, { state: 'cancelled', by: by.id, reason, now: clock.now() })
    },
  }
}
