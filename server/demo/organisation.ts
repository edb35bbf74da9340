import { adminPlan, afterSchool, institutions, networkPlan, politicalPlan } from './organisation-plan.ts'
import { words } from './text.ts'

export type DemoUnit = {
  key: string
  name: string
  kind: string
  tree: 'admin' | 'network' | 'political'
  parent: string | null
  /** Keys from the root to the unit itself. */
  path: readonly string[]
  level: number
  kle: readonly string[]
  /** Position of the leader; null where nobody leads. */
  leader: string | null
  vacant: boolean
  staff: readonly { position: string; heads: number }[]
  /** Which school a class or after-school unit belongs to, or the kind of institution: rules go by it. */
  family: string | null
  /** True for an institution that only exists because the municipality was made larger. */
  copy: boolean
}

export type DemoPayUnit = { key: string; name: string; parent: string | null; mapsTo: string | null }

export type DemoOrganisation = {
  units: readonly DemoUnit[]
  payUnits: readonly DemoPayUnit[]
  unit: (key: string) => DemoUnit
  /** The payroll unit that pays for an administrative one. */
  payUnitOf: (unitKey: string) => string
  schools: readonly DemoUnit[]
}

type Line = { depth: number; key: string; kind: string; name: string; kle: string; leader: string; staff: string }

function parseLine(text: string): Line {
  const depth = (text.length - text.trimStart().length) / 2
  const [head = '', kle = '', leader = '', staff = ''] = text.split('|').map(one => one.trim())
  const [key = '', kind = '', ...name] = head.split(' ')
  return { depth, key, kind, name: name.join(' '), kle, leader, staff }
}

const parseStaff = (text: string, times: number) =>
  text
    .split(' ')
    .filter(one => one !== '')
    .map(one => {
      const [position = '', heads = ''] = one.split(':')
      return { position, heads: Number(heads) * times }
    })

/**
 * The units of the demonstration municipality. With a larger `size` there are that many times more institutions, and
 * that many times more heads in every other unit.
 */
export function demoOrganisation(size = 1): DemoOrganisation {
  const units: DemoUnit[] = []
  const byKey = new Map<string, DemoUnit>()

  const add = (line: Line, parent: DemoUnit | null, more: Partial<DemoUnit> & Pick<DemoUnit, 'tree'>): DemoUnit => {
    const vacant = line.leader.startsWith('-')
    const unit: DemoUnit = {
      key: line.key,
      name: line.name,
      kind: line.kind,
      parent: parent?.key ?? null,
      path: [...(parent?.path ?? []), line.key],
      level: (parent?.level ?? 0) + 1,
      kle: line.kle === '' ? [] : line.kle.split(','),
      leader: line.leader === '' ? null : line.leader.replace(/^-/, ''),
      vacant,
      staff: parseStaff(line.staff, more.family ? 1 : size),
      family: null,
      copy: false,
      ...more,
    }
    units.push(unit)
    byKey.set(unit.key, unit)
    return unit
  }

  const addInstitutions = (kind: keyof typeof institutions, parent: DemoUnit) => {
    const template = institutions[kind]
    const names = words(template.names)
    for (let copy = 0; copy < size; copy++) {
      names.forEach((name, i) => {
        const key = `${template.key}${String.fromCharCode(97 + i)}${copy === 0 ? '' : `-${copy + 1}`}`
        const line = { ...template, depth: 0, key, name: copy === 0 ? name : `${name} ${copy + 1}` }
        const unit = add(line, parent, { tree: 'admin', family: kind, copy: copy > 0 })
        if (kind !== 'school') return
        const care = { ...line, ...afterSchool, key: `${key}s`, kind: 'unit', name: `SFO ${line.name}` }
        add(care, unit, { tree: 'admin', family: 'sfo', copy: copy > 0 })
      })
    }
  }

  const read = (plan: string, tree: DemoUnit['tree']) => {
    const above: DemoUnit[] = []
    for (const text of plan.split('\n').filter(one => one.trim() !== '')) {
      const depth = (text.length - text.trimStart().length) / 2
      const parent = above[depth - 1] ?? null
      const many = /^\[(\w+)\]$/.exec(text.trim())?.[1] as keyof typeof institutions | undefined
      if (many) addInstitutions(many, parent as DemoUnit)
      else {
        above[depth] = add(parseLine(text), parent, { tree, ...(text.includes('u-326 ') ? { family: 'school' } : {}) })
        above.length = depth + 1
      }
    }
  }
  read(adminPlan, 'admin')
  read(networkPlan, 'network')
  read(politicalPlan, 'political')

  const { payUnits, payUnitOf } = payTree(units)
  return {
    units,
    payUnits,
    unit: key => {
      const found = byKey.get(key)
      if (!found) throw new Error(`unit "${key}" is not in the organisation`)
      return found
    },
    payUnitOf,
    schools: units.filter(one => one.kind === 'school'),
  }
}

/**
 * Payroll has a flatter tree with numbers of its own: teams are paid by the unit above them, the rest one to one.
 * People of a team therefore need the administrative unit said for themselves.
 */
function payTree(units: readonly DemoUnit[]) {
  const payUnits: DemoPayUnit[] = [{ key: 'L1000', name: 'Lindevang Kommune, løn', parent: null, mapsTo: 'u-1' }]
  const paidBy = new Map<string, string>([['u-1', 'L1000']])
  let number = 1000
  for (const unit of units) {
    if (unit.tree !== 'admin' || unit.key === 'u-1') continue
    if (unit.kind === 'team') {
      paidBy.set(unit.key, paidBy.get(unit.parent as string) as string)
      continue
    }
    number += 10
    const key = `L${number}`
    const top = unit.path[1] as string
    const parent = unit.level <= 2 ? 'L1000' : (paidBy.get(top) as string)
    payUnits.push({ key, name: unit.name.toUpperCase(), parent, mapsTo: unit.key })
    paidBy.set(unit.key, key)
  }
  // A pay unit that has been opened and that nobody has mapped yet: it is on the worklist, with nobody in it.
  payUnits.push({ key: 'L9990', name: 'NY INSTITUTION (UNDER OPRETTELSE)', parent: 'L1000', mapsTo: null })
  return { payUnits, payUnitOf: (unitKey: string) => paidBy.get(unitKey) as string }
}
