import type { Db, Tx } from '../../../server/platform/unit-of-work.ts'
import { actor } from '../../support/actors.ts'
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
} from '../../support/municipality.ts'

export const RULES = `
roles:
  - key: pay-role
    name: Lønkontor
    entitlements: [{ key: kmd/pay }]
rules:
  - key: care
    name: Plejen
    conditions: { position: ssa }
    entitlements: [sbsys/caseworker]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 10
  - key: everybody
    name: Alle ansatte
    conditions: { kind: employment }
    entitlements: [sbsys/reader]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 20
  - key: pay
    name: Løn i Syd
    conditions: { unit: { $under: '112' } }
    roles: [pay-role]
    validFrom: '2020-01-01'
    validTo: '2026-03-20'
    state: active
    owner: HR
    order: 30
  - key: nobody
    name: Rammer ingen
    conditions: { position: astronaut }
    entitlements: [kmd/pay]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 40
  - key: no-externals
    name: Eksterne læser ikke
    inverted: true
    reason: Kun ansatte
    conditions: { kind: external }
    entitlements: [sbsys/*]
    validFrom: '2020-01-01'
    state: active
    owner: DPO
    order: 50
mappings:
  - source: ad
    match: { cn: g-case }
    entitlement: sbsys/caseworker
  - source: ad
    match: { cn: g-read-* }
    entitlement: sbsys/reader
`

/**
 * Two institutions below one directorate, a school, two systems, a directory. Ann cares and matches; Bo in Syd holds
 * what only carers should; Kim is protected and lacks a right; Gert has left with an open account; Fie comes, Sten goes;
 * Ole is a pupil; Eks is external; `svc` and `anna2` are accounts of nobody.
 */
export async function smallTown(db: Db) {
  const town = municipality(db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'top', manager: 'e-chief' }),
    unit('110', { name: 'Omsorg', unitKind: 'directorate', parent: '100', kle: '27.00' }),
    unit('111', { name: 'Plejecenter Nord', unitKind: 'institution', parent: '110', manager: 'e-leader' }),
    unit('112', { name: 'Plejecenter Syd', unitKind: 'institution', parent: '110' }),
    unit('S1', { name: 'Skolen', unitKind: 'school', tree: 'school' }),
    unit('S1a', { name: '1.a', unitKind: 'class', tree: 'school', parent: 'S1' }),
    unit('P1', { name: 'Løn Nord', tree: 'pay', mapsTo: '111' }),
    unit('P9', { name: 'Løn uden enhed', tree: 'pay' }),
    position('ssa', { name: 'Social- og sundhedsassistent', category: 'care', titles: 'SSA|Assistent' }),
    position('leader', { name: 'Leder', category: 'management', titles: 'Leder' }),
    person('Chief'),
    person('Leder', { familyName: 'Nord' }),
    person('Ann', { familyName: 'Ærlig' }),
    person('Bo', { familyName: 'Åben' }),
    person('Kim', { familyName: 'Hemmelig', protected: true }),
    person('Gert', { familyName: 'Gået' }),
    person('Fie', { familyName: 'Frisk' }),
    person('Sten', { familyName: 'Slut' }),
    person('Eks', { familyName: 'Tern' }),
    person('Ole', { familyName: 'Elev', realm: 'pupil' }),
    job('e-chief', 'Chief', { unit: '100', title: 'Leder' }),
    job('e-leader', 'Leder', { unit: '111', title: 'Leder' }),
    job('e-ann', 'Ann', { unit: '111', title: 'SSA' }),
    job('e-bo', 'Bo', { unit: '112', title: 'Kok' }),
    // Both began on the same day: which is the first job must not hang on the id that the database happened to draw.
    job('e-bo2', 'Bo', { unit: '111', title: 'Vikar', affiliationKind: 'temp', primary: true }),
    job('e-kim', 'Kim', { unit: '111', title: 'SSA' }),
    job('e-gert', 'Gert', { unit: '111', title: 'SSA', endsOn: '2026-01-01' }),
    job('e-fie', 'Fie', { unit: '111', title: 'SSA', startsOn: '2026-03-10' }),
    job('e-sten', 'Sten', { unit: '112', title: 'SSA', endsOn: '2026-03-10' }),
    job('e-eks', 'Eks', { unit: '112', affiliationKind: 'external' }),
    job('e-ole', 'Ole', { unit: 'S1a', affiliationKind: 'pupil', schoolClass: '1.a' }),
    { kind: 'deputy', key: 'd1', attrs: { unit: '111', deputy: 'e-ann' } },
  ])
  await town.feed('systems', [
    system('sbsys', { name: 'SBSYS sag', area: 'Sag', owner: 'e-leader', reading: 'groups' }),
    system('kmd', { name: 'KMD løn', area: 'Løn', owner: 'e-chief' }),
    entitlement('sbsys/caseworker', { name: 'Sagsbehandler', sensitivity: 'special' }),
    entitlement('sbsys/reader', { name: 'Læser' }),
    entitlement('kmd/pay', { name: 'Løn', sensitivity: 'confidential' }),
  ])
  const one = (key: string, attrs: Record<string, string | boolean> = {}) =>
    account(key, { username: key, employeeNo: `e-${key}`, dn: `cn=${key},dc=x`, enabled: true, ...attrs })
  await town.feed('ad', [
    one('ann'),
    one('bo'),
    one('kim'),
    one('gert'),
    one('sten'),
    one('leader'),
    account('svc', { username: 'svc', dn: 'cn=svc,dc=x', accountKind: 'service' }),
    account('anna2', { username: 'anna2', dn: 'cn=anna2,dc=x', employeeNo: 'unknown' }),
    account('adm', { username: 'adm', dn: 'cn=adm,dc=x', accountKind: 'admin', lastSignIn: '2020-01-01' }),
    group('g1', { name: 'g-case', dn: 'cn=g-case,dc=x', members: 'cn=ann,dc=x|cn=g-nest,dc=x' }),
    group('g2', { name: 'g-nest', dn: 'cn=g-nest,dc=x', members: 'cn=bo,dc=x' }),
    group('g3', { name: 'G-Read-All', dn: 'cn=g-read-all,dc=x', members: 'cn=ann,dc=x|cn=svc,dc=x|cn=leader,dc=x' }),
    group('g4', { name: 'unmapped', dn: 'cn=unmapped,dc=x', members: 'cn=ann,dc=x' }),
  ])
  await town.rules(RULES)
  const ids = await db.snapshot(tx => readIds(tx))
  const { units, systems, people } = ids
  return {
    ...town,
    ...ids,
    actors: {
      hr: actor(['hr']),
      it: actor(['it']),
      dpo: actor(['dpo']),
      auditor: actor(['auditor']),
      // Leads Nord; is herself an employee there.
      manager: actor(['employee', 'manager'], { personId: people.Leder, units: [units['111'] as string] }),
      deputy: actor(['employee', 'deputy'], { personId: people.Ann, actingFor: [units['111'] as string] }),
      owner: actor(['employee', 'systemowner'], { personId: people.Chief, systems: [systems.kmd as string] }),
      employee: actor(['employee'], { personId: people.Ann }),
      nobody: actor([]),
    },
  }
}

async function readIds(tx: Tx) {
  const read = async (sql: string) =>
    Object.fromEntries((await tx.query<{ key: string; id: string }>(sql)).map(row => [row.key, row.id]))
  return {
    units: await read('select key, unit_id as id from org_unit_current'),
    systems: await read('select key, id from it_system'),
    people: (await read('select given_name as key, person_id as id from person_current')) as Record<string, string>,
    rights: await read('select key, id from entitlement'),
  }
}
