import { onAnotherSession } from './session.ts'

/** What was opened from the palette: enough to open it again. `person` says that its label is somebody's name. */
export type Recent = { key: string; label: string; note: string | null; person: boolean } & {
  to: string
  params: Record<string, string>
  search: Record<string, string>
}

const MOST = 8
const place = 'hjemmel-recent'

/*
 * Of this tab only, and of who is signed in. A name never leaves the memory of the page, so that a shared computer that
 * brings its tabs back after a restart brings nobody's name; pages, systems and rules last as long as the tab.
 */
let known: { user: string; recents: Recent[] } | null = null
onAnotherSession(() => {
  known = null
  sessionStorage.removeItem(place)
})

export function recentsOf(user: string): readonly Recent[] {
  if (known?.user !== user) known = { user, recents: stored(user) }
  return known.recents
}

export function keepRecent(user: string, recent: Recent): void {
  const recents = [recent, ...recentsOf(user).filter(one => one.key !== recent.key)].slice(0, MOST)
  known = { user, recents }
  sessionStorage.setItem(place, JSON.stringify({ user, recents: recents.filter(one => !one.person) }))
}

function stored(user: string): Recent[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null') as { user: string; recents: Recent[] } | null
    if (kept?.user === user && Array.isArray(kept.recents)) return kept.recents
  } catch {
    // Written by an older version: nothing is remembered.
  }
  sessionStorage.removeItem(place)
  return []
}
