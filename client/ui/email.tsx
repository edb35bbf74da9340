import { Fragment } from 'react'

/** An address to write to; in a narrow place it breaks at its signs and not in the middle of a name. */
export function Email(props: { address: string }) {
  return (
    <a className="link" href={`mailto:${props.address}`}>
      {props.address.split(/(?<=[@._-])/).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one address, always in the same order
        <Fragment key={index}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </a>
  )
}
