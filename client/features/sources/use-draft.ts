import { useEffect, useState } from 'react'
import { useSession } from '../../lib/session.ts'
import { type Declaration, type Path, put } from './declaration.ts'

type Stored = { version: number | null; value: Declaration }

function stored(at: string): Stored | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(at) ?? 'null')
    return found && typeof found === 'object' && 'value' in found ? (found as Stored) : null
  } catch {
    return null
  }
}

/**
 * What somebody has written and not saved: kept in the browser on every change, so that neither an error, a reload nor
 * a session that ended loses it; apart for each user, so that the next one at this browser is not shown it. A declaration holds no personal data and no secret, only where secrets stand.
 */
export function useDraft(key: string, version: number | null, start: Declaration) {
  const { actor } = useSession()
  const at = `hjemmel.source-draft.${actor?.userId}.${key}`
  const [found] = useState(() => stored(at))
  const [value, setValue] = useState<Declaration>(found?.value ?? start)
  const [changed, setChanged] = useState(found !== null)
  useEffect(() => {
    if (changed) localStorage.setItem(at, JSON.stringify({ version: found?.version ?? version, value }))
  }, [changed, found, at, value, version])
  return {
    value,
    changed,
    /** The version that the draft was begun on: what a save is compared with. */
    version: found ? found.version : version,
    set(path: Path, next: unknown) {
      setChanged(true)
      setValue(old => put(old, path, next))
    },
    replace(next: Declaration) {
      setChanged(true)
      setValue(next)
    },
    drop() {
      localStorage.removeItem(at)
      setChanged(false)
      setValue(start)
    },
    saved() {
      localStorage.removeItem(at)
      setChanged(false)
    },
  }
}
