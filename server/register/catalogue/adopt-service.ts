import { problem } from '../../platform/problem.ts'
import { type Ctx, startActivity } from '../activities/activity-service.ts'
import { adoptedActivities, holdRegister } from './adopted-store.ts'
import { catalogueActivities } from './read-catalogue.ts'

export type Adopted = {
  made: { key: string; activityId: string; versionId: string }[]
  already: string[]
}

/** Drafts of these activities, to adapt. What is adopted already is left as it is. Throws `not-found` for unknown keys. */
export async function adoptActivities(ctx: Ctx, keys: readonly string[]): Promise<Adopted> {
  const catalogue = catalogueActivities()
  await holdRegister(ctx.tx)
  const known = await adoptedActivities(ctx.tx, ctx.today)
  const adopted: Adopted = { made: [], already: [] }
  for (const key of new Set(keys)) {
    const one = catalogue.get(key)
    if (!one) throw problem('not-found', { detail: `The catalogue has no activity "${key}".` })
    if (known.has(key)) adopted.already.push(key)
    else adopted.made.push({ key, ...(await startActivity(ctx, one.content, { catalogueKey: key })) })
  }
  // A command leaves a trace also when there was nothing left to do: here it is a refusal that says so.
  if (adopted.made.length === 0)
    throw problem('conflict', { detail: 'All of these have been adopted already: change the records that there are.' })
  return adopted
}
