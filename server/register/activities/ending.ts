import type { ActivityContent } from '#contract/activity-content.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'

/** What of a record ends: all of it where there is no content after, else what the content before says and the one after does not. */
export type Ending = { activityId: string; before: ActivityContent | null; after: ActivityContent | null; from: string }

/** Asked before it is written, in the same transaction: who knows of rights puts those that lose their purpose before somebody. */
export type OnEnding = (tx: Tx, ending: Ending, told: { actor: Actor; today: string; now: Date }) => Promise<void>
/** How many rights rest on an activity and on nothing else. */
export type RightsResting = (tx: Tx, activityId: string, today: string) => Promise<number>
