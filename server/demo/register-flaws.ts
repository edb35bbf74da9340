import type { ControllerContent } from '#contract/activity-content.ts'

/*
 * What is wrong in the register of the demonstration, so that each kind of finding can be seen. Most kinds are there by
 * themselves: systems that no record names, tools of one unit that others use, the same reason on many rights.
 */

/** How many some records believe to have access; with some of them it is another number by now. */
const BELIEVED: Readonly<Record<string, ControllerContent['peopleWithAccess']>> = {
  'home-nursing': '10-100',
  'contact-centre': '10-100',
  suppliers: '100-1000',
  council: '10-100',
}

/** A record as somebody wrote it who forgot the law (F03), or the condition for health data (F04). */
export function asWritten(key: string, content: ControllerContent): ControllerContent {
  const purposes = content.purposes.map(purpose => ({
    ...purpose,
    ...(key === 'library' ? { provisions: [] } : {}),
    ...(key === 'transport' ? { art9: [] } : {}),
  }))
  return { ...content, purposes, peopleWithAccess: BELIEVED[key] ?? null }
}
