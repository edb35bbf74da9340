/**
 * How far the set-up has come, kept in memory: the page (setup-page.ts) and the terminal (setup-terminal.ts) show the
 * same steps in the same words.
 */
export type Language = 'da' | 'en'

export type StepState = 'waiting' | 'running' | 'done' | 'failed'

export type SetupStep = {
  id: string
  /** Words for the step; the texts live in setup-texts.ts. `subject` fills in, e.g. the name of a source. */
  label: SetupLabel
  subject: string | null
  state: StepState
  done: number
  /** Null: not known, or nothing to count. */
  total: number | null
}

export type SetupLabel =
  | 'database'
  | 'migrations'
  | 'demo-files'
  | 'read'
  | 'rights'
  | 'register'
  | 'fortnight'
  | 'follows'
  | 'client'
  | 'server'

export type SetupSnapshot = { ready: boolean; failure: string | null; steps: readonly Readonly<SetupStep>[] }

/** What the work that a step stands for calls. Calling `advance` starts the step if it had not been. */
export type StepHandle = {
  start(): void
  advance(done: number, total?: number): void
  finish(): void
}

export type Progress = {
  /** Announce a step; it is shown as waiting at once. The id is the label, with the subject where there is one. */
  step(label: SetupLabel, subject?: string): StepHandle
  /** Everything stands; the page gives way to the application. */
  ready(): void
  /** The set-up cannot go on; `sentence` says what to do. The running steps count as failed. */
  fail(sentence: string): void
  snapshot(): SetupSnapshot
  /** Called after every change; returns how to stop it. */
  onChange(listener: () => void): () => void
}

export function createProgress(): Progress {
  const steps: SetupStep[] = []
  const listeners = new Set<() => void>()
  let ready = false
  let failure: string | null = null
  const changed = () => {
    for (const listener of listeners) listener()
  }
  return {
    step(label, subject) {
      const id = subject === undefined ? label : `${label}:${subject}`
      let step = steps.find(known => known.id === id)
      if (!step) {
        step = { id, label, subject: subject ?? null, state: 'waiting', done: 0, total: null }
        steps.push(step)
        changed()
      }
      return handleOf(step, changed)
    },
    ready() {
      ready = true
      changed()
    },
    fail(sentence) {
      failure = sentence
      for (const step of steps) if (step.state === 'running') step.state = 'failed'
      changed()
    },
    snapshot: () => ({ ready, failure, steps }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function handleOf(step: SetupStep, changed: () => void): StepHandle {
  return {
    start() {
      step.state = 'running'
      changed()
    },
    advance(done, total) {
      step.state = 'running'
      step.done = done
      if (total !== undefined) step.total = total
      changed()
    },
    finish() {
      step.state = 'done'
      if (step.total !== null) step.done = step.total
      changed()
    },
  }
}
