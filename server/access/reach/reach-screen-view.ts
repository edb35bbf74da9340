import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { searchReach } from '#contract/reach.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { countReach, type ReachCount, type ReachHow, tellApart } from './count-reach.ts'
import { daysKept, keptCells, mayReadKept } from './reach-snapshot-store.ts'
import { type ReachTerms, readTerms, termsOf } from './reach-terms.ts'
import { cellKeys, type ReachCell, type ReachSet, readCells, readReach } from './reach-views.ts'

type Answer = ResponseOf<typeof searchReach>
type Question = BodyOf<typeof searchReach>
const NOBODY: ReachCount = { people: 0, constrained: 0, unexplained: 0 }
/** Lines of why: who asks on is led by filters. */
const MOST_WHY = 60

/** How many people reach what, now or on a day of which the figures are kept; and of what is asked about, why. Three statements. */
export async function reachScreen(tx: Tx, actor: Actor, question: Question, today: string): Promise<Answer> {
  const terms = await readTerms(tx)
  const days = mayReadKept(actor) ? await daysKept(tx, question.unit) : []
  if (question.day !== undefined) return keptScreen(tx, question, question.day, days, terms)
  const set = await readReach(tx, today, { ...question, reader: actor })
  const asks = question.data.length + question.subjects.length > 0
  const wants = (cell: { data: string | null; subject: string | null }) =>
    asks &&
    (question.data.length === 0 || (cell.data !== null && question.data.includes(cell.data))) &&
    (question.subjects.length === 0 || (cell.subject !== null && question.subjects.includes(cell.subject)))
  const counted = countReach(set.footprints, set.crowds, (cell, { systemId }) => [
    ...cellKeys(cell, terms.classOf),
    'anything',
    ...(wants(cell) ? ['asked', `why ${cell.how} ${cell.activityId ?? ''} ${systemId}`] : []),
  ])
  const cells = readCells(counted)
  const why = whyOf(counted, set)
  const stating = new Set(
    set.footprints.filter(one => one.cells.some(cell => cell.data !== null)).map(one => one.systemId),
  )
  const unknownSystems = new Set(
    set.footprints.filter(one => one.cells.some(cell => cell.data === null)).map(one => one.systemId),
  )
  return {
    ...{ day: today, kept: false, days },
    ...shown(cells, terms),
    systems: [...set.systems.values()]
      .filter(one => stating.has(one.id))
      .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)),
    activity: set.activities.get(question.activity ?? '') ?? null,
    all: counted.get('anything') ?? NOBODY,
    unknown: { ...(counted.get('') ?? NOBODY), systems: unknownSystems.size },
    asked: asks ? (counted.get('asked') ?? NOBODY) : null,
    // Where nothing is asked about: of all that any record states.
    apart: tellApart(set.footprints, set.crowds, cell => (asks ? wants(cell) : cell.data !== null)),
    why: why.slice(0, MOST_WHY),
    whyTotal: why.length,
  }
}

function whyOf(counted: ReadonlyMap<string, ReachCount>, set: ReachSet): Answer['why'] {
  return [...counted]
    .flatMap(([key, { people }]) => {
      if (!key.startsWith('why ')) return []
      const [, how, activityId = '', systemId = ''] = key.split(' ')
      const system = set.systems.get(systemId)
      if (!system) return []
      return [{ how: how as ReachHow, activity: set.activities.get(activityId) ?? null, system, people }]
    })
    .sort((a, b) => b.people - a.people || (a.system.name < b.system.name ? -1 : 1))
}

/** Cells, and the words of all that can be asked about. */
function shown(cells: readonly ReachCell[], terms: ReachTerms): Pick<Answer, 'data' | 'subjects' | 'cells' | 'rows'> {
  const pairs = cells.filter(one => one.data !== '' && !one.data.startsWith('*') && one.subject !== '*')
  return {
    data: termsOf(terms.data, [...terms.data.map(one => one.code), ...pairs.map(one => one.data)]),
    subjects: termsOf(terms.subjects, [...terms.subjects.map(one => one.code), ...pairs.map(one => one.subject)]),
    cells: pairs,
    rows: cells.filter(one => one.subject === '*' && !one.data.startsWith('*')).map(({ subject: _, ...row }) => row),
  }
}

async function keptScreen(tx: Tx, question: Question, day: string, days: string[], terms: ReachTerms): Promise<Answer> {
  if (question.system !== undefined || question.activity !== undefined || question.operation !== undefined)
    throw problem('invalid-request', {
      detail:
        'Figures of another day are kept by unit only. Leave out `system`, `activity` and `operation`, or leave out `day`.',
    })
  if (!days.includes(day)) throw problem('not-found', { detail: 'No figures are kept of that day.' })
  const cells = await keptCells(tx, day, question.unit)
  const one = (data: string, subject: string): ReachCount => {
    const found = cells.find(cell => cell.data === data && cell.subject === subject)
    return found ? { people: found.people, constrained: found.constrained, unexplained: found.unexplained } : NOBODY
  }
  const [data] = question.data
  const [subject] = question.subjects
  // Several categories together were not counted then: adding them up would count people twice.
  const single = question.data.length === 1 && question.subjects.length <= 1
  return {
    ...{ day, kept: true, days },
    ...shown(cells, terms),
    ...{ systems: [], activity: null },
    all: one('*', '*'),
    unknown: { ...one('', ''), systems: 0 },
    asked: single ? one(data ?? '*', subject ?? '*') : null,
    apart: null,
    why: [],
    whyTotal: 0,
  }
}
