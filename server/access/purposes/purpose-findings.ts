import { takeDue } from '../../findings/due-store.ts'
import { type Evaluator, evaluate, type Touched } from '../../findings/evaluator.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { recordFindings } from '../../register/findings/record-findings.ts'
import { datedFindings } from '../../register/records/dated-findings.ts'
import { boundFindings } from './bound-findings.ts'
import { activitiesOf, changedNow } from './changed-now.ts'
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

/** Everything is looked at again: once a day, and where what has changed is not known. */
export async function syncPurposes(tx: Tx, day: string, touched?: Touched): Promise<void> {
  await evaluate(tx, EVALUATORS, day, touched)
}

/** In the transaction of a change to bindings or records: what it has touched, and nothing else. */
export async function syncChanged(tx: Tx, day: string): Promise<void> {
  await evaluate(tx, EVALUATORS, day, await changedNow(tx, day))
}

/**
 * What follows from rights having changed since: of what is found of each person whom it concerns, and all that counts people
 * of the systems whose rights they are. Answers false where nothing was due.
 */
export async function syncDue(tx: Tx, day: string): Promise<boolean> {
  const due = await takeDue(tx)
  if (due === null) return false
  const activities = due.systems === 'all' ? 'all' : await activitiesOf(tx, due.systems, day)
  await evaluate(tx, EVALUATORS, day, { ...due, activities })
  return true
}
