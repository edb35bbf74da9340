import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Free text of a search over people. */
    text?: string
  }
}

/**
 * Free text that may be a name: it lives in the history entry, so Back brings it again, and never in the address.
 * Answers what is in the field at once, and `settled` a moment after the last key, for the server.
 */
export function useHistoryText(): { text: string; settled: string; setText: (text: string) => void } {
  const stored = useRouterState({ select: state => state.location.state.text ?? '' })
  const [text, setText] = useState(stored)
  const [settled, setSettled] = useState(stored)
  const navigate = useNavigate()
  useEffect(() => {
    if (text === settled) return
    const timer = setTimeout(() => {
      setSettled(text)
      void navigate({
        to: '.',
        search: (search: Record<string, unknown>) => ({ ...search, offset: undefined }),
        state: (state: object) => ({ ...state, text }),
        replace: true,
      } as never)
    }, 180)
    return () => clearTimeout(timer)
  }, [text, settled, navigate])
  return { text, settled, setText }
}
