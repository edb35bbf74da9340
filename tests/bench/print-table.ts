import type { BenchRow } from './bench-row.ts'

const HEAD = ['What', 'Hjemmel', 'Compared with', '', 'Ratio', 'Bar', '']

/** Aligned columns for the terminal; notes below their row. */
export function textTable(rows: readonly BenchRow[]): string {
  const lines = rows.map(cells)
  const width = HEAD.map((head, place) => Math.max(head.length, ...lines.map(line => line[place]!.length)))
  const right = new Set([1, 3, 4])
  const format = (line: string[]) =>
    line
      .map((cell, place) => (right.has(place) ? cell.padStart(width[place]!) : cell.padEnd(width[place]!)))
      .join('  ')
      .trimEnd()
  const text = [format(HEAD), width.map(count => '-'.repeat(count)).join('  ')]
  for (const [place, line] of lines.entries()) {
    text.push(format(line))
    const note = rows[place]?.note
    if (note) text.push(`    ${note}`)
  }
  return `${text.join('\n')}\n`
}

export function markdownTable(rows: readonly BenchRow[]): string {
  const safe = (cell: string) => cell.replaceAll('|', '\\|')
  const line = (cellsOf: string[]) => `| ${cellsOf.map(safe).join(' | ')} |`
  const text = [
    line(['What', 'Hjemmel', 'Compared with', 'Theirs', 'Ratio', 'Bar', 'Held']),
    '|---|--:|---|--:|--:|---|---|',
  ]
  for (const row of rows) {
    const [what, ours, other, theirs, ratio, bar, ok] = cells(row) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    text.push(
      line([
        row.note ? `${what} (${row.note})` : what,
        ours,
        other,
        theirs,
        ratio,
        bar,
        ok === 'MISSED' ? '**no**' : 'yes',
      ]),
    )
  }
  return `${text.join('\n')}\n`
}

function cells(row: BenchRow): string[] {
  return [
    row.what,
    figure(row.ours, row.unit),
    row.other,
    row.theirs === null ? '' : figure(row.theirs, row.unit),
    row.ratio === null ? '' : `${round(row.ratio)} ×`,
    row.bar,
    row.ok ? 'ok' : 'MISSED',
  ]
}

function figure(value: number, unit: string): string {
  return unit === 'ms' && value >= 10_000 ? `${round(value / 1000)} s` : `${round(value)} ${unit}`
}

function round(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
