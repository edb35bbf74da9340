import type { CaseFormInput } from '#contract/lifecycle-forms.ts'
import { caseForm } from '#contract/lifecycle-forms.ts'
import type { DemoManifest } from '../../demo/manifest.ts'
import type { CaseDoor } from '../../lifecycle/cases/case.ts'
import type { CaseContext } from '../../lifecycle/cases/case-checks.ts'
import { createCase, sendCase } from '../../lifecycle/cases/case-service.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { AFTER_DECIDED, type House, localAdministrators } from '../../wiring.ts'
import { actorOfRole } from '../actors.ts'
import { type Chooser, chooser, systemToSteer, type Worker } from './choice.ts'

/** What the fortnight needs of a house. */
export type Parts = Pick<House, 'db' | 'clock' | 'keyring' | 'events' | 'connectors' | 'feeds' | 'sources' | 'screen'>
export type Stage = Parts & {
  tx: Tx
  today: string
  /** The system that is steered. */
  system: string
  people: Record<'hr' | 'it' | 'manager' | 'deputy' | 'systemowner', Actor>
  workers: Chooser
}

/** All of it is one request: what the audit log says belongs together. */
export const REQUEST = 'set-up'

export async function stageOf(tx: Tx, parts: Parts, manifest: DemoManifest): Promise<Stage> {
  const today = parts.clock.today()
  const people = {
    hr: await actorOfRole(tx, manifest, 'hr', today),
    it: await actorOfRole(tx, manifest, 'it', today),
    manager: await actorOfRole(tx, manifest, 'manager', today),
    deputy: await actorOfRole(tx, manifest, 'deputy', today),
    systemowner: await actorOfRole(tx, manifest, 'systemowner', today),
  }
  const system = await systemToSteer(tx, people.manager.units)
  const workers = await chooser(tx, people.manager.units, system, today)
  return { ...parts, tx, people, system, workers, today }
}

/** Managers report about their own people. */
export const teller = ({ people }: Stage, about: Worker): Actor => (about.own ? people.manager : people.hr)

export const contextOf = (stage: Stage, actor: Actor): CaseContext => ({
  keyring: stage.keyring,
  localAdministrators,
  afterDecided: AFTER_DECIDED,
  actor,
  when: { now: stage.clock.now(), today: stage.today },
  requestId: REQUEST,
})

type Report = { form: CaseFormInput; door?: CaseDoor; cpr?: string }
export const draft = (stage: Stage, actor: Actor, { form, door = 'plain', cpr }: Report) =>
  createCase(stage.tx, { door, form: caseForm.parse(form), ...(cpr ? { cpr } : {}) }, contextOf(stage, actor))
export async function report(stage: Stage, actor: Actor, given: Report) {
  const { one } = await draft(stage, actor, given)
  return sendCase(stage.tx, one.id, one.version, contextOf(stage, actor))
}
