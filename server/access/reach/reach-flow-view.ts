import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import { type getReachFlow, REACH_STEPS } from '#contract/reach.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { foldReachFlow, type Path } from './fold-reach-flow.ts'
import { readTerms } from './reach-terms.ts'
import { GROUND, readReach } from './reach-views.ts'

type Question = BodyOf<typeof getReachFlow>
type Answer = ResponseOf<typeof getReachFlow>
type Node = Omit<Answer['steps'][number][number], 'people' | 'of'>

/** From what gives rights, over systems and activities, to categories of data. Two statements. */
export async function reachFlow(tx: Tx, actor: Actor, question: Question, today: string): Promise<Answer> {
  const terms = await readTerms(tx)
  const set = await readReach(tx, today, { ...question, reader: actor }, { grounds: true })
  const nodes: Node[][] = REACH_STEPS.map(() => [])
  const places = REACH_STEPS.map(() => new Map<string, number>())
  const placeOf = (step: number, key: string, make: () => Node): number => {
    const known = places[step]?.get(key)
    if (known !== undefined) return known
    const place = (nodes[step]?.push(make()) ?? 1) - 1
    places[step]?.set(key, place)
    return place
  }
  const plain = { nameEn: null, class: null }
  const dataNode = (code: string | null): Node => {
    const term = terms.data.find(one => one.code === code)
    if (code === null) return { key: 'unknown', name: null, nameEn: null, kind: 'unknown', class: null }
    return { key: code, name: term?.da ?? code, nameEn: term?.en ?? code, kind: 'data', class: term?.class ?? null }
  }
  const prints = new Set(set.crowds.flatMap(crowd => crowd.prints))
  const footprints = new Map(set.footprints.map(one => [one.id, one]))
  const grounds = new Map(set.grounds.map(one => [one.place, one]))
  const { through } = question
  const goes = (keys: readonly string[]) => !through || keys[REACH_STEPS.indexOf(through.step)] === through.key
  const pathsOf = new Map<number, Path[]>()
  for (const print of prints) {
    const footprint = footprints.get(print % GROUND)
    const ground = grounds.get(Math.floor(print / GROUND))
    if (!footprint || !ground) continue
    const groundKey = ground.kind === 'seen' ? 'seen' : `${ground.kind}:${ground.key}`
    const paths = new Map<string, Path>()
    for (const cell of footprint.cells) {
      if (question.how && cell.how !== question.how) continue
      if (question.data.length > 0 && (cell.data === null || !question.data.includes(cell.data))) continue
      if (question.subjects.length > 0 && (cell.subject === null || !question.subjects.includes(cell.subject))) continue
      const keys = [groundKey, footprint.systemId, cell.activityId ?? 'none', cell.data ?? 'unknown']
      const name = keys.join(' ')
      if (paths.has(name) || !goes(keys)) continue
      const activity = cell.activityId === null ? undefined : set.activities.get(cell.activityId)
      paths.set(name, [
        placeOf(0, groundKey, () => ({ ...plain, key: groundKey, name: ground.name, kind: ground.kind })),
        placeOf(1, footprint.systemId, () => ({
          ...plain,
          key: footprint.systemId,
          name: set.systems.get(footprint.systemId)?.name ?? null,
          kind: 'system',
        })),
        placeOf(2, keys[2] ?? 'none', () => ({
          ...plain,
          key: keys[2] ?? 'none',
          name: activity ? `${activity.ref} ${activity.name}` : null,
          kind: activity ? 'activity' : 'no-activity',
        })),
        placeOf(3, keys[3] ?? 'unknown', () => dataNode(cell.data)),
      ])
    }
    if (paths.size > 0) pathsOf.set(print, [...paths.values()])
  }
  const folded = foldReachFlow(
    set.crowds,
    pathsOf,
    nodes.map(list => list.length),
  )
  return {
    people: folded.people,
    links: folded.links,
    steps: folded.steps.map((boxes, step) =>
      boxes.map(({ places, others, people }) => {
        const node = nodes[step]?.[places[0] ?? 0]
        return others || !node
          ? { key: null, name: null, nameEn: null, kind: 'others' as const, class: null, people, of: places.length }
          : { ...node, people, of: 1 }
      }),
    ),
  }
}
