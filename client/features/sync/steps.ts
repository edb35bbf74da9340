import type { RunDetail } from '#contract/feeds.ts'

export type StepName = 'read' | 'compare' | 'plan' | 'approve' | 'apply' | 'after'
export type RunStep = {
  step: StepName
  state: 'done' | 'now' | 'next' | 'held' | 'stopped'
  /** Nothing to approve: the guards were content. */
  skipped: boolean
  milliseconds: number | null
}

/**
 * The run as six steps. The server knows four phases; the plan is made while comparing, and approval is a step only
 * when a guard holds something back, so these two follow from the others.
 */
export function stepsOf(run: RunDetail): RunStep[] {
  const span = (phase: 'read' | 'compare' | 'apply' | 'after') => run.phases.find(one => one.phase === phase)
  const stopped = run.state === 'failed' || run.state === 'rejected'
  const phaseState = (phase: 'read' | 'compare' | 'apply' | 'after'): RunStep['state'] => {
    const found = span(phase)
    if (found?.to) return 'done'
    if (!found) return run.state === 'done' && !run.dryRun ? 'done' : 'next'
    return stopped ? 'stopped' : 'now'
  }
  const time = (phase: 'read' | 'compare' | 'apply' | 'after'): number | null => {
    const found = span(phase)
    return found?.to ? Date.parse(found.to) - Date.parse(found.from) : null
  }
  const planned = phaseState('compare') === 'done'
  const rejectedByPerson = run.decision !== null && !run.decision.approved
  const approve: RunStep['state'] =
    run.state === 'held' ? 'held' : rejectedByPerson || run.state === 'rejected' ? 'stopped' : planned ? 'done' : 'next'
  return [
    { step: 'read', state: phaseState('read'), skipped: false, milliseconds: time('read') },
    { step: 'compare', state: phaseState('compare'), skipped: false, milliseconds: time('compare') },
    { step: 'plan', state: planned ? 'done' : 'next', skipped: false, milliseconds: null },
    {
      step: 'approve',
      state: approve,
      skipped: approve === 'done' && run.decision === null,
      milliseconds: null,
    },
    {
      step: 'apply',
      state: run.dryRun ? 'next' : phaseState('apply'),
      skipped: run.dryRun,
      milliseconds: time('apply'),
    },
    {
      step: 'after',
      state: run.dryRun ? 'next' : phaseState('after'),
      skipped: run.dryRun,
      milliseconds: time('after'),
    },
  ]
}
