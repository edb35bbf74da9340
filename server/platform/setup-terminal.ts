import type { Language, Progress, SetupSnapshot } from './setup-progress.ts'
import { type StepView, setupView } from './setup-texts.ts'

export type Terminal = { write(text: string): unknown; isTTY?: boolean; columns?: number }

const MARKS = { waiting: '·', running: '…', done: '✓', failed: '✗' } as const
/** How often the lines are drawn anew at most, and how often a count is worth a line where nothing can be redrawn. */
const REDRAW_MS = 80
const COUNT_LINE_MS = 5_000

/**
 * Show the progress: redrawn lines in a terminal; elsewhere (a log file, CI) one plain line per change of a step.
 * Returns how to end it, which draws the last state. Write nothing else to the same stream until then.
 */
export function showProgress(progress: Progress, out: Terminal, language: Language): () => void {
  return out.isTTY ? redrawn(progress, out, language) : plain(progress, out, language)
}

function redrawn(progress: Progress, out: Terminal, language: Language): () => void {
  let lines = 0
  let timer: NodeJS.Timeout | null = null
  const draw = () => {
    timer = null
    const view = setupView(progress.snapshot(), language)
    const width = Math.max(20, (out.columns ?? 80) - 1)
    const text = view.steps.map(step => `\x1b[2K${lineOf(step, MARKS[step.state]).slice(0, width)}\n`).join('')
    out.write(`${lines > 0 ? `\x1b[${lines}A` : ''}${text}`)
    lines = view.steps.length
  }
  const stop = progress.onChange(() => {
    timer ??= setTimeout(draw, REDRAW_MS)
  })
  draw()
  return () => {
    stop()
    if (timer) clearTimeout(timer)
    draw()
  }
}

function plain(progress: Progress, out: Terminal, language: Language): () => void {
  const shown = new Map<string, { state: string; at: number }>()
  const tell = () => {
    const snapshot: SetupSnapshot = progress.snapshot()
    for (const step of setupView(snapshot, language).steps) {
      const last = shown.get(step.id)
      const changed = (last?.state ?? 'waiting') !== step.state
      const counted = step.state === 'running' && last !== undefined && Date.now() - last.at > COUNT_LINE_MS
      if (!changed && !counted) continue
      shown.set(step.id, { state: step.state, at: Date.now() })
      out.write(`${lineOf(step, '-')}, ${step.stateText}\n`)
    }
  }
  const stop = progress.onChange(tell)
  tell()
  return () => {
    stop()
    tell()
  }
}

function lineOf(step: StepView, mark: string): string {
  return `${mark} ${step.label}${step.count ? `: ${step.count}` : ''}`
}
