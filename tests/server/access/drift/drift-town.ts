import type { Db, Tx } from '../../../../server/platform/unit-of-work.ts'
import { actor } from '../../../support/actors.ts'
import {
  account,
  entitlement,
  group,
  job,
  municipality,
  person,
  position,
  system,
  unit,
} from '../../../support/municipality.ts'

export const dn = (name: string) => `CN=${name},DC=test`
/** `limited`: a role of the clerks that gives a right for the own unit only. */
export const rules = (grants = 'a/read', limited = '') => `
${
  limited === ''
    ? ''
    : `roles:
  - { key: office, name: Kontor, entitlements: [{ key: ${limited}, constraints: [{ on: unit, kind: own-unit }] }] }`
}
rules:
  - key: cooks
    name: Kokke
    conditions: { position: kok }
    entitlements: [${grants}]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 10
${limited === '' ? '' : `  - { key: clerks, name: Assistenter, conditions: { position: clerk }, roles: [office], validFrom: '2020-01-01', state: active, owner: HR, order: 20 }`}
mappings:
${['a/read', 'a/write', 'b/admin'].map(key => `  - { source: ad, match: { cn: g-${key} }, entitlement: ${key} }`).join('\n')}
`
export const acc = (name: string, attrs: Record<string, string | boolean> = {}) =>
  account(name, { username: name, employeeNo: `e-${name}`, dn: dn(name), enabled: true, ...attrs })
export const members = (right: string, of: readonly string[]) =>
  group(`g-${right}`, { name: `g-${right}`, dn: dn(`g-${right}`), members: of.map(dn).join('|') })

/** Two units, two cooks and a clerk, two systems. Everybody has an account and what the rules give, and nothing else. */
export async function driftTown(
  db: Db,
  declared?: Parameters<typeof municipality>[2],
  beside?: Parameters<typeof municipality>[3],
) {
  const town = municipality(db, undefined, declared, beside)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'top' }),
    unit('110', { name: 'Køkkenet', parent: '100', manager: 'e-ann' }),
    unit('120', { name: 'Kontoret', parent: '100' }),
    position('kok', { name: 'Kok', category: 'care', titles: 'Kok' }),
    position('clerk', { name: 'Assistent', category: 'office', titles: 'Assistent' }),
    person('ann'),
    person('bo'),
    person('cia'),
    job('e-ann', 'ann', { unit: '110', title: 'Kok' }),
    job('e-bo', 'bo', { unit: '110', title: 'Kok' }),
    job('e-cia', 'cia', { unit: '120', title: 'Assistent' }),
  ])
  await town.feed('systems', [
    system('a', { name: 'A', area: 'Mad', owner: 'e-ann', reading: 'groups' }),
    system('b', { name: 'B', area: 'Drift', reading: 'groups' }),
    entitlement('a/read', { name: 'Læser' }),
    entitlement('a/write', { name: 'Skriver', sensitivity: 'special' }),
    entitlement('b/admin', { name: 'Administrator', privileged: true }),
  ])
  await town.feed('ad', [
    acc('ann'),
    acc('bo'),
    acc('cia'),
    members('a/read', ['ann', 'bo']),
    members('a/write', []),
    members('b/admin', []),
  ])
  await town.rules(rules())
  const read = (sql: string) =>
    db.snapshot(async (tx: Tx) =>
      Object.fromEntries((await tx.query<{ key: string; id: string }>(sql)).map(row => [row.key, row.id])),
    )
  const people = (await read('select given_name as key, person_id as id from person_current')) as Record<string, string>
  const systems = (await read('select key, id from it_system')) as Record<string, string>
  const units = (await read('select key, unit_id as id from org_unit_current')) as Record<string, string>
  const rights = (await read('select key, id from entitlement')) as Record<string, string>
  return {
    ...town,
    people,
    systems,
    units,
    rights,
    actors: {
      it: actor(['it']),
      dpo: actor(['dpo']),
      hr: actor(['hr']),
      owner: actor(['employee', 'systemowner'], { personId: people.ann!, systems: [systems.a!] }),
      manager: actor(['employee', 'manager'], { personId: people.ann!, units: [units['110']!] }),
      employee: actor(['employee'], { personId: people.cia! }),
    },
  }
}

type Line = { code: string; who: string; right: string | null; state: string }
/** What is open now: kind, whom or which account it is about, which right. */
export const findingsOf = (db: Db): Promise<string[]> =>
  db.snapshot(async tx =>
    (
      await tx.query<Line>(
        `select f.code, coalesce(p.given_name, a.username, e.key) as who, o.key as right, f.state
         from finding f left join person_current p on p.person_id = f.person_id
         left join account a on a.id = f.subject_id left join entitlement e on e.id = f.subject_id
         left join entitlement o on o.id = f.object_id where f.closed_at is null order by 1, 2, 3`,
      )
    ).map(row => [row.code, row.who, row.right, row.state === 'open' ? null : row.state].filter(Boolean).join(' ')),
  )
