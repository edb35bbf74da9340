import type { ReportLine } from './proof-views.ts'
import type { ProofFormats } from './proof-words.ts'

/** What a report is about; the same stands above the sheet and in the head of each page. */
export type ProofReport = {
  lines: readonly ReportLine[]
  /** Ends in this period, closed-open. */
  from: string
  to: string
  unit: string | null
  who: string
  madeAt: string
  /** There are more lines than the file holds. */
  cut: boolean
}
export type ProofSums = Record<'people' | 'lines' | 'open' | 'overdue' | 'onTime' | 'late' | 'unexpected', number>

export function sumsOf(lines: readonly ReportLine[]): ProofSums {
  const count = (is: (line: ReportLine) => boolean) => lines.filter(is).length
  return {
    people: new Set(lines.map(line => line.affiliationId)).size,
    lines: lines.length,
    open: count(line => line.state === 'open' || line.state === 'unseen'),
    overdue: count(line => line.timing === 'overdue'),
    onTime: count(line => line.timing === 'on-time'),
    late: count(line => line.timing === 'late' || line.timing === 'same-day'),
    unexpected: count(line => line.kind === 'unexpected'),
  }
}

/** The last day of the period: people name days, and our ranges are closed-open. */
const lastDay = (to: string) => new Date(Date.parse(`${to}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

/** Heading of a report: name and value. */
export function headingOf(report: ProofReport, { words, day, moment }: ProofFormats): [string, string][] {
  return [
    [words.period, `${day(report.from)} ${words.until} ${day(lastDay(report.to))}`],
    [words.unit, report.unit ?? words.all],
    [words.made, `${moment(report.madeAt)} ${words.by} ${report.who}`],
  ]
}

export type ReportColumn = keyof ProofFormats['words']['columns']
export const REPORT_COLUMNS: readonly ReportColumn[] = [
  ...(['person', 'unit', 'ends', 'system', 'what', 'expected'] as const),
  ...(['should', 'ended', 'by', 'verified', 'state', 'days'] as const),
]

/** One line as text, in the order of `REPORT_COLUMNS`. A protected name is in no file, whoever asks for it. */
export function cellsOf(line: ReportLine, { words, day, moment }: ProofFormats): string[] {
  const at = (instant: string | null) => (instant === null ? '' : moment(instant))
  return [
    line.person.protected ? words.hidden : (line.person.name ?? words.hidden),
    line.unit?.name ?? '',
    day(line.endsOn),
    line.system?.name ?? '',
    // A user name is a name, too.
    line.person.protected && line.kind === 'account'
      ? (line.name.split(': ')[0] ?? '')
      : line.kind === 'left'
        ? (words.left[line.name] ?? line.name)
        : line.name,
    line.kind === 'unexpected' ? words.no : words.yes,
    at(line.shouldEndAt),
    at(line.endedAt),
    line.by === null ? '' : words.means[line.by],
    at(line.verifiedAt),
    [words.state[line.state], line.timing === null ? '' : words.timing[line.timing]].filter(Boolean).join(', '),
    line.age === null ? '' : String(line.age),
  ]
}
