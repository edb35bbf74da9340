import type { RefObject } from 'react'

/** A file to send in, with what it may be. Uncontrolled: a browser lets nobody else choose a file. */
export function FileField(props: {
  id: string
  label: string
  hint: string
  accept: string
  picked: RefObject<HTMLInputElement | null>
}) {
  return (
    <div>
      <label htmlFor={props.id} style={{ display: 'block', fontWeight: 500 }}>
        {props.label}
      </label>
      <p className="dim" id={`${props.id}-hint`}>
        {props.hint}
      </p>
      <input
        id={props.id}
        ref={props.picked}
        type="file"
        style={{ maxWidth: '100%' }}
        accept={props.accept}
        aria-describedby={`${props.id}-hint`}
      />
    </div>
  )
}
