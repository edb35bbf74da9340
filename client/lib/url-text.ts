import { useEffect, useState } from 'react'

/** A field for free text that is no personal data and stands in the address; written a moment after the last key. */
export function useUrlText(stored: string | undefined, write: (text: string | undefined) => void) {
  const [text, setText] = useState(stored ?? '')
  useEffect(() => {
    if (text === (stored ?? '')) return
    const timer = setTimeout(() => write(text || undefined), 180)
    return () => clearTimeout(timer)
  })
  return [text, setText] as const
}
