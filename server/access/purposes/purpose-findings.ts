import { type Evaluator, evaluate, type Touched } from '../../findings/evaluator.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { recordFindings } from '../../register/findings/record-findings.ts'
import { datedFindings } from '../../register/records/dated-findings.ts'
import { boundFindings } from './bound-findings.ts'
import { rightFindings } from './right-findings.ts'
import { saidFindings } from './said-findings.ts'
import { taskFindings } from './task-findings.ts'

/*
 * What the register and the rights do not say of each other (gdpr.md 9.3). Each kind of finding is an evaluator that the room
 * owns whose data it asks; here they stand together. Nothing is found where the register has not been begun: a municipality
 * that keeps it elsewhere is not drowned in what it cannot act on.
 */
const EVALUATORS: readonly Evaluator[] = [
  ...boundFindings,
  ...recordFindings,
  ...datedFindings,
  ...rightFindings,
  ...taskFindings,
  ...saidFindings,
]

/** Evaluated anew when bindings or records change (only what was touched) and once a day (everything, the default). */
export async function syncPurposes(tx: Tx, day: string, touched?: Touched): Promise<void> {
  await evaluate(tx, EVALUATORS, day, touched)
}
