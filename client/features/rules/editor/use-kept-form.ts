import { useEffect, useState } from 'react'
import { useSession } from '../../../lib/session.ts'

type Kept<F> = { version: number | null; form: F }

function stored<F>(at: string): Kept<F> | null {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(at) ?? 'null')
    return found && typeof found === 'object' && 'form' in found ? (found as Kept<F>) : null
  } catch {
    return null
  }
}

/**
 * What somebody has written of a rule or role and not saved: kept in this tab on every change, apart for each user, so
 * that neither an error, a reload nor a session that ended loses it. It names people by their ids only. `version` is the
 * one that it was begun on: what somebody else has saved since is not written over.
 */
export function useKeptForm<F extends { key: string }>(
  kind: 'rule' | 'role',
  start: { form: F; version: number | null },
) {
  const { actor } = useSession()
  // A new one has no key yet: what it was begun from tells it from another new one.
  const about = start.form.key || JSON.stringify(start.form)
  const at = `hjemmel.rule-form.${actor?.userId}.${kind}.${about}`
  const [found, setFound] = useState(() => stored<F>(at))
  const [form, setForm] = useState<F>(found?.form ?? start.form)
  const version = found ? found.version : start.version
  const text = JSON.stringify(form)
  const same = text === JSON.stringify(start.form)
  useEffect(() => {
    if (same) sessionStorage.removeItem(at)
    else sessionStorage.setItem(at, `{"version":${version},"form":${text}}`)
  }, [at, same, text, version])
  return {
    ...{ form, setForm, version },
    /** Found here when the form was opened, and not what counts. */
    kept: found !== null && !same,
    drop() {
      setFound(null)
      setForm(start.form)
    },
    saved: () => sessionStorage.removeItem(at),
  }
}
