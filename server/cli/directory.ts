import { cliActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import type { RunResult } from '../feeds/runs/feed-run.ts'
import { listSources } from '../feeds/runs/feeds-views.ts'
import type { ReadMode } from '../feeds/runs/read-mode.ts'
import { shownSchedule } from '../feeds/sources/show-declaration.ts'
import { shownSample } from '../feeds/sources/show-sample.ts'
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

/** Sources as the screen lists them; what is not declared any more stands last. */
export async function directoryList(house: House): Promise<Answer> {
  const rows = await house.db.snapshot(tx => listSources(tx, house.clock.now()))
  const sources = rows.map(
    ({ key, name, kind, owner, declared, scheduleSeconds, readAt, health, records, running }) => ({
      ...{ key, name, kind, owner, declared, readAt, health, records, running },
      schedule: scheduleSeconds === null ? null : shownSchedule(scheduleSeconds),
    }),
  )
  const width = Math.max(0, ...sources.map(one => one.key.length))
  const lines = sources.map(one =>
    [
      one.key.padEnd(width),
      one.kind.padEnd(4),
      one.owner.padEnd(6),
      (one.declared ? (one.schedule ?? 'by hand') : 'retired').padEnd(7),
      one.health.padEnd(7),
      one.readAt ?? 'never read',
    ].join('  '),
  )
  return { json: { sources }, text: lines.join('\n') || 'No source is declared.', exit: EXIT.done }
}

/** The first ten entries before and after mapping, masked as on the screen. Nothing is stored but that it was looked at. */
export async function directorySample(house: House, source: string): Promise<Answer> {
  await declared(house, source)
  await house.db.transaction(tx =>
    audit(tx).write({
      actor: cliActor('directory sample'),
      action: 'source.sampled',
      subjectKind: 'source',
      subjectId: source,
      detail: { draft: false },
    }),
  )
  const entries = shownSample(await house.feeds.sample(source), { protected: false, birthDates: false })
  const text = entries
    .map(({ at, raw, records }) =>
      [
        at,
        ...raw.map(line => `  ${line.name}: ${line.value}`),
        ...records.flatMap(({ kind, key, attributes, reject }) => [
          `  → ${kind ?? '?'} ${key ?? ''}${reject ? `  rejected: ${reject.reason} ${JSON.stringify(reject.params)}` : ''}`,
          ...attributes.map(line => `      ${line.name}: ${line.value}`),
        ]),
      ].join('\n'),
    )
    .join('\n\n')
  return { json: { source, entries }, text: text || 'The source holds no entries.', exit: EXIT.done }
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

/** Whoever asks for changes is told when everything was read all the same, and why. */
function waysOfReading({ mode, fullBecause }: RunResult): string {
  if (mode === 'changes') return 'only what has changed was read'
  return `everything was read: ${fullBecause === null ? 'this source does not tell of changes' : (WHY[fullBecause] ?? fullBecause)}`
}
const WHY: Record<string, string> = {
  first: 'there was no earlier read to go on from',
  due: 'it was time for the full comparison',
  'other-server': 'another server answered than the last time',
  'other-settings': 'the source is declared otherwise than the last time',
  'cookie-refused': 'the server no longer knows where the last read ended',
  'too-old': 'the last read is older than deleted entries are kept',
  'moved-container': 'a container was renamed or moved, and all below it with it',
  'went-back': 'the server has nothing as new as it had the last time',
  unreadable: 'what was kept of the last read is of another version',
}

/** A run that a guard stopped, in whole or in part, ends with 3: a script must not take it for done. */
export async function directorySync(
  house: House,
  source: string,
  { dryRun, mode }: { dryRun: boolean; mode: ReadMode },
): Promise<Answer> {
  await declared(house, source)
  const run = await house.feeds.run(source, { dryRun, mode, trigger: 'cli', actor: { id: 'cli' } })
  const held = run.state === 'held' || run.state === 'rejected' || run.heldBack.length > 0
  const lines = [
    `${source}: ${dryRun ? 'dry run, nothing was changed' : run.state} (run ${run.runId})`,
    ...(mode === 'full' ? [] : [`  ${waysOfReading(run)}`]),
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
