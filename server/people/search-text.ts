import { fold } from '../platform/fold.ts'

/**
 * What the search box looks in: the name, its parts where it has hyphens, its initials (all, and first with last), and
 * user names, folded, with a blank before and after each word so that `% ann%` finds what begins with it.
 */
export function searchText(name: string, usernames: string): string {
  const whole = name.trim()
  const parts = whole.split(/[\s-]+/u).filter(Boolean)
  const initials = (of: readonly string[]) => fold(of.map(part => [...part][0] ?? '').join(''))
  const told = [
    fold(whole),
    whole.includes('-') ? fold(parts.join(' ')) : '',
    initials(parts),
    parts.length > 2 ? initials([parts[0]!, parts.at(-1)!]) : '',
    fold(usernames),
  ]
  return ` ${told.filter(Boolean).join(' ')} `
}
