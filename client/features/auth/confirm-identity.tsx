import { lazy, Suspense, useEffect, useState } from 'react'
import { wire } from '../../lib/call.ts'

/** Seldom needed, so not part of what every screen waits for. */
const Dialog = lazy(async () => ({ default: (await import('./confirm-dialog.tsx')).ConfirmDialog }))

/** Asks who one is when a command wants to know it again; the command then goes on by itself. Stands once, in the shell. */
export function ConfirmIdentity() {
  const [answer, setAnswer] = useState<{ say: (confirmed: boolean) => void } | null>(null)
  useEffect(() => {
    wire.confirmIdentity = () => new Promise(resolve => setAnswer({ say: resolve }))
    return () => {
      wire.confirmIdentity = async () => false
    }
  }, [])
  if (!answer) return null
  const end = (confirmed: boolean) => {
    setAnswer(null)
    answer.say(confirmed)
  }
  return (
    <Suspense>
      <Dialog onEnd={end} />
    </Suspense>
  )
}
