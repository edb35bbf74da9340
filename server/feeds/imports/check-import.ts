import { say } from '#contract/said.ts'
import { problem } from '../../platform/problem.ts'

/* What holds for every file before it is let in. */

/** Throws `data-invalid` where a thing is to be read from two columns. `path`: of the columns in what was sent. */
export function readOnce(columns: readonly (string | null)[], path: string): void {
  const twice = columns.find((one, at) => one !== null && columns.indexOf(one) !== at)
  if (twice)
    throw problem('data-invalid', {
      detail: `Two columns are read as ${twice}. Choose one of them.`,
      said: say('columns-mean-same', {}),
      errors: [{ where: `${path}/${columns.lastIndexOf(twice)}`, what: 'is said by another column already' }],
    })
}

export const fileGone = () =>
  problem('not-found', {
    detail: 'The file has been let in, or was sent in too long ago. Send it in again.',
    said: say('file-taken-or-old', {}),
  })

type Op = 'bad' | 'new' | 'changed' | 'unchanged'
/**
 * What of a plan is to be done, and what is left. Throws `plan-stale` when it is not what was shown, `data-invalid` when
 * all is to be right and is not, `conflict` when there is nothing to do. `words`: what is changed, and what is counted.
 */
export function toApply<R extends { op: Op }>(
  plan: { hash: string; rows: readonly R[] },
  given: { hash: string; onlyWhole: boolean },
  words: { whole: string; lines: string },
): { todo: R[]; bad: R[] } {
  if (plan.hash !== given.hash)
    throw problem('plan-stale', {
      detail: `The ${words.whole} has been changed since you looked. Look again and confirm.`,
    })
  const bad = plan.rows.filter(row => row.op === 'bad')
  const todo = plan.rows.filter(row => row.op === 'new' || row.op === 'changed')
  if (given.onlyWhole && bad.length > 0)
    throw problem('data-invalid', {
      detail: `${bad.length} ${words.lines} have mistakes, and nothing is to be taken unless all is right.`,
      said: say('lines-with-mistakes', { count: bad.length }),
    })
  if (todo.length === 0)
    throw problem('conflict', {
      detail: 'There is nothing in the file that would change anything.',
      said: say('nothing-would-change', {}),
    })
  return { todo, bad }
}

/** How many rows of a plan there are of each kind. */
export const countOps = (rows: readonly { op: Op }[]): Record<Op, number> => {
  const count = (op: Op) => rows.filter(row => row.op === op).length
  return { new: count('new'), changed: count('changed'), unchanged: count('unchanged'), bad: count('bad') }
}
