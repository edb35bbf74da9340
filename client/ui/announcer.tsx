import { VisuallyHidden } from '@mantine/core'
import { useEffect, useState } from 'react'

let listener: (text: string) => void = () => {}

/** Says a text to screen readers, politely. One region for the whole application. */
export const announce = (text: string): void => listener(text)

export function Announcer() {
  const [text, setText] = useState('')
  useEffect(() => {
    listener = next => {
      // The same text twice is only read again when it has been away in between.
      setText('')
      setTimeout(() => setText(next), 50)
    }
    return () => {
      listener = () => {}
    }
  }, [])
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {text}
    </VisuallyHidden>
  )
}
