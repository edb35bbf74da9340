import { problem } from '../platform/problem.ts'
import type { House } from '../wiring.ts'
import { type Answer, EXIT } from './session.ts'

/** A source that is not declared is a word that the command does not know: wrong usage, not a failed run. */
async function declared(house: House, source: string): Promise<void> {
  const known = (await house.feeds.sources()).map(one => one.key)
  if (!known.includes(source))
    throw problem('invalid-request', {
      detail: `There is no source "${source}". Declared sources: ${known.join(', ') || 'none (see HJEMMEL_SOURCES, or declare one on the screen)'}.`,
    })
}

export async function directoryTest(house: House, source: string): Promise<Answer> {
  await declared(house, source)
  const steps = await house.feeds.test(source)
  const ok = steps.every(step => step.ok)
  return {
    json: { source, ok, steps },
    text: steps.map(step => `${step.ok ? '✓' : '✗'} ${step.step.padEnd(8)} ${step.detail}`).join('\n'),
    exit: ok ? EXIT.done : EXIT.failed,
  }
}

/** A run that a guard stopped, in whole or in part, ends with 3: a script must not take it for done. */
export async function directorySync(house: House, source: string, dryRun: boolean): Promise<Answer> {
  await declared(house, source)
  const run = await house.feeds.run(source, { dryRun, trigger: 'cli', actor: { id: 'cli' } })
  const held = run.state === 'held' || run.state === 'rejected' || run.heldBack.length > 0
  const lines = [
    `${source}: ${dryRun ? 'dry run, nothing was changed' : run.state} (run ${run.runId})`,
    `  read ${run.read}, added ${run.added}, changed ${run.changed}, unchanged ${run.unchanged}, gone ${run.gone}, rejected ${run.rejected}, missing ${run.missing}`,
    ...run.heldBack.map(one => `  held back by ${one.guard}: ${one.part}: ${one.count} changes, limit ${one.limit}`),
    ...(run.error ? [`  ${run.error.detail}`] : []),
  ]
  return {
    json: { ...run, applied: run.applied },
    text: lines.join('\n'),
    exit: run.state === 'failed' ? EXIT.failed : held ? EXIT.held : EXIT.done,
  }
}
