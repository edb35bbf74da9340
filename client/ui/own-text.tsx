import type { ReactNode } from 'react'
import classes from './own-text.module.css'

/** `*words*` stand out; nothing else is marked within a line. */
function inline(line: string): ReactNode[] {
  const parts: ReactNode[] = []
  let from = 0
  for (const found of line.matchAll(/\*([^*]+)\*/g)) {
    parts.push(line.slice(from, found.index), <em key={found.index}>{found[1]}</em>)
    from = found.index + found[0].length
  }
  return [...parts, line.slice(from)]
}

/**
 * A text of the municipality: headings (`#`, `##`), points (`-`) and paragraphs. The heading of the first line is left out:
 * it is the page's. Everything is text to React, so nothing in it can be more than that.
 */
export function OwnText({ text, level = 2 }: { text: string; level?: 2 | 3 }) {
  const Heading = level === 2 ? 'h2' : 'h3'
  const blocks: ReactNode[] = []
  let points: string[] = []
  const closePoints = (at: number) => {
    if (points.length > 0)
      blocks.push(
        <ul key={`list ${at}`}>
          {points.map(point => (
            <li key={point}>{inline(point)}</li>
          ))}
        </ul>,
      )
    points = []
  }
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.startsWith('- ')) {
      points.push(line.slice(2))
      continue
    }
    closePoints(at)
    if (line.startsWith('## ')) blocks.push(<Heading key={at}>{line.slice(3)}</Heading>)
    else if (line.trim() !== '' && !line.startsWith('# ')) blocks.push(<p key={at}>{inline(line)}</p>)
  }
  closePoints(-1)
  return <div className={classes.text}>{blocks}</div>
}
