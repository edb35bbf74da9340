import { createMongoAbility, subject } from '@casl/ability'
import { unpackRules } from '@casl/ability/extra'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PERMISSIONS, type Permission, TOOL_ROLES, type ToolRole } from '../../../server/contract/permissions.ts'
import { type Actor, ownPageOnly } from '../../../server/policy/actor.ts'
import {
  allows,
  auditActor,
  can,
  functionFor,
  gate,
  packedRulesFor,
  permissionsOf,
  requireVisible,
  sqlFor,
} from '../../../server/policy/policy.ts'
import type { PolicyRecords, PolicySubject } from '../../../server/policy/subjects.ts'
import { testDatabase } from '../../support/database.ts'
import { actor } from './actors.ts'

const UNIT = '00000000-0000-4000-8000-0000000000u1'.replace('u', '1')
const ABOVE = '00000000-0000-4000-8000-000000000022'
const OTHER = '00000000-0000-4000-8000-000000000033'
const SCHOOL = '00000000-0000-4000-8000-000000000044'
const SYSTEM = '00000000-0000-4000-8000-000000000055'
const ME = '00000000-0000-4000-8000-00000000aaaa'
const THEM = '00000000-0000-4000-8000-00000000bbbb'

const person = (over: Partial<PolicyRecords['Person']> = {}): PolicyRecords['Person'] => ({
  id: THEM,
  kind: 'employee',
  status: 'active',
  unitIds: [ABOVE, UNIT],
  unitPath: [ABOVE, UNIT],
  systemIds: [],
  ...over,
})
const affiliation = (over: Partial<PolicyRecords['Affiliation']> = {}): PolicyRecords['Affiliation'] => ({
  personId: THEM,
  kind: 'employment',
  status: 'active',
  unitPath: [ABOVE, UNIT],
  ...over,
})
const account = (over: Partial<PolicyRecords['Account']> = {}): PolicyRecords['Account'] => ({
  personId: THEM,
  personKind: 'employee',
  kind: 'personal',
  unitIds: [ABOVE, UNIT],
  systemIds: [],
  ...over,
})
const right = (over: Partial<PolicyRecords['Right']> = {}): PolicyRecords['Right'] => ({
  personId: THEM,
  personKind: 'employee',
  systemId: SYSTEM,
  unitPath: [ABOVE, UNIT],
  ...over,
})

const manager = actor(['employee', 'manager'], { units: [UNIT] })
const head = actor(['employee', 'manager'], { units: [SCHOOL], schools: [SCHOOL] })
const deputy = actor(['employee', 'deputy'], { actingFor: [UNIT] })
const owner = actor(['employee', 'systemowner'], { systems: [SYSTEM] })
const sees = (who: Actor, record: PolicyRecords['Person'], field?: string) =>
  allows(who, 'read', 'Person', record, field)

/** As the list of permissions has them; what is in no list of the house is in nobody's. */
const inOrder = (names: readonly string[]) => PERMISSIONS.filter(name => names.includes(name))
const unitPermissions = [
  'person.read',
  'unit.read',
  'system.read',
  'system.holders',
  'matrix.read',
  'history.read',
  'view.save',
  'account.read',
  'finding.read',
]

/** Giving a right because it cannot wait, and looking at it afterwards. */
const EMERGENCY: Permission[] = ['emergency-access.use', 'emergency-access.check']
const LOCKS: Permission[] = ['lock.read', 'lock.set', 'lock.release', 'lock.roster']

/** Substitutes for a shift, of the units one answers for. */
const SHIFTS: Permission[] = ['shift.read', 'shift.confirm']
/** What leavers answer for. */
const HANDOVER: Permission = 'handover.read'

/** Reports about people: IT has nothing to do with them before there are orders. */
const REGISTER: Permission[] = ['activity.read', 'activity.change']
/** Whoever advises or audits changes nothing there. */
const BINDINGS: Permission[] = ['binding.read', 'binding.change', 'binding.approve']
const NOT_IN_REGISTER: Permission[] = [
  'activity.change',
  'activity.decide',
  'vocabulary.change',
  ...BINDINGS.filter(one => one !== 'binding.read'),
  'rectification.answer',
]
/** Whoever answers for what somebody says is wrong. */
const RECTIFIES: Permission[] = ['rectification.read', 'rectification.answer']
/** What must not be deleted, and who has not been told: HR's and the adviser's. */
const HELD: Permission[] = ['hold.read', 'hold.change', 'notice.follow-up', 'notice.record']
const SAMPLED: Permission[] = ['lookup-sample.read', 'lookup-sample.answer']
const CASES: Permission[] = ['case.read', 'case.write', 'case.send', 'case.approve', 'case.confidential']

describe('what each role may ask for', () => {
  // Facts of people are HR's; a program's token alone sends events.
  const PERSONNEL: Permission[] = [
    'inbox.settle',
    'affiliation-match.read',
    'affiliation-match.decide',
    'lead-times.read',
  ]
  // Whoever only looks does none of this.
  const DELIVERY: Permission[] = ['order.act', 'task.settle', 'rung.change', 'account-type.change', 'connector.change']
  const BY_HAND: Permission[] = ['order.read', 'task.read', 'task.settle', 'proof.read']
  const NOT_TO_LOOK: Permission[] = [
    'unit.cutover',
    ...DELIVERY,
    ...([
      'hr-event.send',
      'inbox.settle',
      'token.manage',
      'affiliation-match.decide',
      'mail.read',
      'mail.send',
    ] as const),
  ]
  const expected: Record<ToolRole, Permission[]> = {
    employee: ['me.read'],
    reporter: inOrder([
      'person.read',
      'unit.read',
      'system.read',
      'view.save',
      'case.read',
      'case.write',
      HANDOVER,
      ...SHIFTS,
    ]),
    systemowner: inOrder([
      'person.read',
      'system.read',
      'system.holders',
      'system.change',
      'system.export',
      'matrix.read',
      'view.save',
      'account.read',
      'entitlement.change',
      'mapping.read',
      'mapping.change',
      ...BINDINGS,
      ...RECTIFIES,
      'finding.read',
      'finding.settle',
      'mining.read',
      'mining.run',
      'case.approve',
      'emergency-access.check',
      ...BY_HAND,
      ...REGISTER,
    ]),
    manager: inOrder([
      ...unitPermissions,
      // Of rights for work that their unit does not do, and of their own records.
      'finding.settle',
      ...CASES,
      HANDOVER,
      ...SHIFTS,
      ...EMERGENCY,
      ...BY_HAND,
      ...REGISTER,
      'activity.decide',
    ]),
    deputy: inOrder([
      ...unitPermissions,
      // Of rights for work that their unit does not do, and of their own records.
      'finding.settle',
      ...CASES,
      HANDOVER,
      ...SHIFTS,
      ...EMERGENCY,
      ...BY_HAND,
      ...REGISTER,
      'activity.decide',
    ]),
    hr: inOrder([
      'person.read',
      'person.reveal-cpr',
      // What is known of somebody, for them (Art. 15): HR's and the adviser's.
      'person.export',
      'unit.read',
      'unit.worklist',
      'system.read',
      'system.holders',
      'matrix.read',
      'history.read',
      'view.save',
      'account.read',
      'rule.read',
      'run.read',
      'person-match.read',
      'person.merge',
      ...CASES,
      HANDOVER,
      ...SHIFTS,
      ...LOCKS,
      'access-policy.read',
      'unit.cutover',
      'inbox.read',
      ...PERSONNEL,
      ...BY_HAND.filter(one => one !== 'task.settle'),
      'activity.read',
      ...RECTIFIES,
      'compliance.read',
      ...HELD,
    ]),
    it: PERMISSIONS.filter(
      name =>
        ![
          'me.read',
          'person.reveal-cpr',
          'person.export',
          'person.export-names',
          'local-role.read',
          'local-role.grant',
          'hr-event.send',
          'activity.advise',
          ...PERSONNEL,
          ...CASES,
          ...SHIFTS,
          ...HELD,
          ...SAMPLED,
        ].includes(name),
    ),
    admin: PERMISSIONS.filter(
      name =>
        ![
          'me.read',
          'person.reveal-cpr',
          'person.export',
          'person.export-names',
          'hr-event.send',
          'activity.advise',
          ...PERSONNEL,
          ...CASES,
          ...SHIFTS,
          ...HELD,
        ].includes(name),
    ),
    dpo: PERMISSIONS.filter(
      name =>
        ![
          ...NOT_TO_LOOK,
          ...EMERGENCY,
          ...LOCKS.filter(one => one !== 'lock.read'),
          'access-policy.change',
          'me.read',
          'person.reveal-cpr',
          'rule.import',
          'run.start',
          'run.approve',
          'source.change',
          'local-role.grant',
          'link.decide',
          'person.merge',
          'finding.settle',
          'finding.configure',
          'account-rule.change',
          'system.change',
          'system.import',
          'entitlement.change',
          'mapping.change',
          'rule.change',
          'what-if.change',
          'mining.run',
          ...CASES.filter(one => one !== 'case.read'),
          ...SHIFTS,
          ...NOT_IN_REGISTER,
          'compliance.change',
          'notice.record',
        ].includes(name),
    ),
    auditor: PERMISSIONS.filter(
      name =>
        ![
          ...NOT_TO_LOOK,
          ...EMERGENCY,
          ...LOCKS.filter(one => one !== 'lock.read'),
          'access-policy.change',
          'me.read',
          'person.export',
          'person.export-names',
          'person.reveal-cpr',
          'unit.worklist',
          'rule.import',
          'run.start',
          'run.approve',
          'source.change',
          'local-role.grant',
          'link.read',
          'link.decide',
          'person-match.read',
          'person.merge',
          'finding.settle',
          'finding.configure',
          'account-rule.change',
          'system.change',
          'system.import',
          'entitlement.change',
          'mapping.change',
          'rule.change',
          'what-if.change',
          'mining.run',
          ...CASES.filter(one => one !== 'case.read'),
          ...SHIFTS,
          ...NOT_IN_REGISTER,
          'compliance.change',
          'retention.run',
          ...HELD,
          'lookup-sample.answer',
          'activity.advise',
        ].includes(name),
    ),
  }
  it.each(TOOL_ROLES)('%s', role => {
    const who = actor([role], { units: [UNIT], actingFor: [UNIT], systems: [SYSTEM], reportsFor: [UNIT] })
    expect(permissionsOf(who)).toEqual(expected[role])
    for (const permission of PERMISSIONS) {
      if (expected[role].includes(permission)) expect(() => gate(who, permission)).not.toThrow()
      else expect(() => gate(who, permission)).toThrow('You may not do this')
    }
  })

  it('no role, a scope without its role and a role without its scope are nothing', () => {
    expect(permissionsOf(actor([], { units: [UNIT], systems: [SYSTEM] }))).toEqual([])
    expect(permissionsOf(actor(['manager', 'deputy', 'systemowner']))).toEqual([])
    expect(permissionsOf(actor(['employee'], { personId: null }))).toEqual([])
    expect(() => gate(actor(['it']), 'something.else')).toThrow()
  })

  it('the own page is all that is left without a second factor', () => {
    const reduced = ownPageOnly(actor(['employee', 'hr', 'it', 'manager'], { units: [UNIT] }))
    expect(permissionsOf(reduced)).toEqual(['me.read'])
    expect(sees(reduced, person())).toBe(false)
  })
})

describe('an employee', () => {
  const employee = actor(['employee'])
  it('sees the own page with everything on it, and nobody else', () => {
    expect(sees(employee, person({ id: ME, kind: 'pupil', status: 'ended' }), 'cpr')).toBe(true)
    expect(allows(employee, 'read', 'Affiliation', affiliation({ personId: ME }), 'leave')).toBe(true)
    expect(allows(employee, 'read', 'Account', account({ personId: ME }), 'lastSignIn')).toBe(true)
    expect(allows(employee, 'read', 'Right', right({ personId: ME }))).toBe(true)
    expect(sees(employee, person())).toBe(false)
    expect(allows(employee, 'read', 'Account', account({ personId: null, personKind: null }))).toBe(false)
    expect(() => requireVisible(employee, 'Person', person())).toThrow('There is nothing here')
  })
})

describe.each([
  ['a manager', manager],
  ['a deputy', deputy],
])('%s', (_, who) => {
  it('sees those in the unit and below it, also those about to start', () => {
    expect(sees(who, person())).toBe(true)
    expect(sees(who, person({ unitIds: [ABOVE, UNIT, OTHER] }))).toBe(true)
    expect(sees(who, person({ status: 'future', unitIds: [], unitPath: [ABOVE, UNIT] }))).toBe(true)
    expect(sees(who, person({ unitIds: [ABOVE], unitPath: [ABOVE] }))).toBe(false)
    expect(sees(who, person({ unitIds: [OTHER] }))).toBe(false)
  })
  it('is not told that somebody was employed once, or is a pupil', () => {
    expect(sees(who, person({ status: 'ended', unitIds: [], unitPath: [ABOVE, UNIT] }))).toBe(false)
    expect(sees(who, person({ status: 'ended' }))).toBe(false)
    expect(sees(who, person({ kind: 'pupil' }))).toBe(false)
  })
  it('sees the details of the affiliation in the own unit only, and why somebody is on leave there', () => {
    expect(allows(who, 'read', 'Affiliation', affiliation(), 'details')).toBe(true)
    expect(allows(who, 'read', 'Affiliation', affiliation(), 'leave')).toBe(true)
    const elsewhere = affiliation({ unitPath: [ABOVE, OTHER] })
    expect(allows(who, 'read', 'Affiliation', elsewhere, 'basic')).toBe(true)
    expect(allows(who, 'read', 'Affiliation', elsewhere, 'details')).toBe(false)
    expect(allows(who, 'read', 'Affiliation', { ...elsewhere, status: 'ended' }, 'basic')).toBe(false)
    expect(allows(who, 'read', 'Right', right({ unitPath: [ABOVE, OTHER] }))).toBe(false)
  })
  it('sees a protected name there, no CPR number, and never when somebody signed in last', () => {
    expect(sees(who, person(), 'protectedName')).toBe(true)
    expect(sees(who, person(), 'cpr')).toBe(false)
    expect(allows(who, 'reveal', 'Person', person())).toBe(false)
    expect(allows(who, 'read', 'Account', account(), 'lastSignIn')).toBe(false)
  })
})

describe('the register', () => {
  const record = { ownerPersonId: THEM, unitPath: [ABOVE, UNIT] }
  it('is read by whoever leads, owns a system, advises or audits; changed by its owner and IT', () => {
    for (const who of [manager, deputy, owner, actor(['dpo']), actor(['auditor']), actor(['hr']), actor(['it'])])
      expect(allows(who, 'read', 'Activity', record)).toBe(true)
    for (const who of [manager, deputy, owner]) {
      expect(allows(who, 'change', 'Activity', record)).toBe(false)
      expect(allows(who, 'change', 'Activity', { ...record, ownerPersonId: ME })).toBe(true)
    }
    for (const role of ['dpo', 'auditor', 'hr'] as const)
      expect(allows(actor([role]), 'change', 'Activity', { ...record, ownerPersonId: ME })).toBe(false)
    expect(allows(actor(['it']), 'change', 'Activity', { ownerPersonId: null, unitPath: [] })).toBe(true)
  })
  it('is put in force by who leads a responsible unit, or one above it; advised about by the DPO', () => {
    expect(allows(manager, 'decide', 'Activity', record)).toBe(true)
    expect(allows(deputy, 'decide', 'Activity', record)).toBe(true)
    expect(allows(manager, 'decide', 'Activity', { ...record, unitPath: [ABOVE, OTHER] })).toBe(false)
    expect(allows(owner, 'decide', 'Activity', record)).toBe(false)
    expect(allows(actor(['dpo']), 'decide', 'Activity', record)).toBe(false)
    expect(allows(actor(['dpo']), 'verify', 'Activity', record)).toBe(true)
    expect(allows(actor(['it']), 'verify', 'Activity', record)).toBe(false)
  })
  it('shows somebody who answers for a record that one, and other employees none', () => {
    const keeper = actor(['employee'], { keeps: true })
    expect(permissionsOf(keeper)).toEqual(['me.read', 'activity.read', 'activity.change'])
    expect(allows(keeper, 'read', 'Activity', { ...record, ownerPersonId: ME })).toBe(true)
    expect(allows(keeper, 'read', 'Activity', record)).toBe(false)
    expect(permissionsOf(ownPageOnly(keeper))).toEqual(['me.read'])
    expect(allows(actor(['employee']), 'read', 'Activity', { ...record, ownerPersonId: ME })).toBe(false)
  })
})

describe('pupils', () => {
  const pupil = person({ kind: 'pupil', unitIds: [SCHOOL], unitPath: [SCHOOL] })
  it('are seen by IT, the DPO and the leader of their own school, by nobody else', () => {
    expect(sees(head, pupil)).toBe(true)
    expect(sees(head, { ...pupil, unitIds: [OTHER] })).toBe(false)
    expect(sees(head, { ...pupil, status: 'ended' })).toBe(false)
    expect(sees(actor(['it']), pupil)).toBe(true)
    expect(sees(actor(['dpo']), pupil)).toBe(true)
    for (const role of ['hr', 'auditor'] as const) expect(sees(actor([role]), pupil)).toBe(false)
    // The director above the school manages it, but is not its leader.
    expect(sees(actor(['manager'], { units: [SCHOOL] }), pupil)).toBe(false)
    expect(sees(owner, { ...pupil, systemIds: [SYSTEM] })).toBe(false)
  })
})

describe('protected names, leave and CPR numbers', () => {
  it.each(['it', 'dpo', 'auditor', 'admin'] as const)('are hidden from %s', role => {
    const who = actor([role])
    expect(sees(who, person())).toBe(true)
    expect(sees(who, person(), 'protectedName')).toBe(false)
    expect(sees(who, person(), 'cpr')).toBe(false)
    expect(allows(who, 'reveal', 'Person', person())).toBe(false)
    expect(allows(who, 'read', 'Affiliation', affiliation(), 'leave')).toBe(false)
  })
  it('are shown to HR, which may reveal a number of staff only', () => {
    const hr = actor(['hr'])
    expect(sees(hr, person(), 'protectedName')).toBe(true)
    expect(allows(hr, 'read', 'Affiliation', affiliation(), 'leave')).toBe(true)
    expect(allows(hr, 'reveal', 'Person', person())).toBe(true)
    expect(allows(hr, 'reveal', 'Person', person({ kind: 'pupil' }))).toBe(false)
  })
})

describe('a system owner', () => {
  it('sees those with something in the own systems, and that part of their rights', () => {
    expect(sees(owner, person({ systemIds: [OTHER, SYSTEM] }))).toBe(true)
    expect(sees(owner, person({ systemIds: [OTHER] }))).toBe(false)
    expect(sees(owner, person({ systemIds: [SYSTEM] }), 'protectedName')).toBe(false)
    expect(allows(owner, 'read', 'Right', right())).toBe(true)
    expect(allows(owner, 'read', 'Right', right({ personId: null, personKind: null }))).toBe(true)
    expect(allows(owner, 'read', 'Right', right({ systemId: OTHER }))).toBe(false)
    expect(allows(owner, 'read', 'Affiliation', affiliation(), 'details')).toBe(false)
    expect(allows(owner, 'read', 'Account', account())).toBe(false)
    expect(allows(owner, 'read', 'Account', account({ systemIds: [SYSTEM] }))).toBe(true)
  })
})

describe('the audit log', () => {
  const change = { lookup: false, personId: null }
  const lookup = { lookup: true, personId: THEM }
  it('shows who looked at whom to DPO and auditor, to IT only what was done to the tool', () => {
    for (const role of ['dpo', 'auditor'] as const) expect(allows(actor([role]), 'read', 'Audit', lookup)).toBe(true)
    expect(allows(actor(['it']), 'read', 'Audit', change)).toBe(true)
    expect(allows(actor(['it']), 'read', 'Audit', lookup)).toBe(false)
    expect(allows(actor(['it']), 'read', 'Audit', { lookup: false, personId: THEM })).toBe(false)
  })
  it('says under which function a record was seen, the nearest first', () => {
    const both = actor(['employee', 'it', 'hr', 'manager'], { units: [UNIT] })
    expect(functionFor(both, 'Person', person())).toBe('manager')
    expect(functionFor(both, 'Person', person({ unitIds: [OTHER], unitPath: [OTHER] }))).toBe('hr')
    expect(functionFor(both, 'Person', person({ kind: 'pupil' }))).toBe('it')
    expect(functionFor(actor(['employee']), 'Person', person())).toBeNull()
    expect(auditActor(both)).toMatchObject({ kind: 'user', function: 'it' })
  })
  it('nobody may change it', () => {
    for (const role of TOOL_ROLES)
      for (const action of ['import', 'start', 'approve', 'grant', 'reveal'] as const)
        expect(allows(actor([role], { units: [UNIT], systems: [SYSTEM] }), action, 'Audit', change)).toBe(false)
  })
})

describe('the rules sent to the client', () => {
  it('say the same there about the own page, the permissions and a protected name', () => {
    for (const who of [manager, head, deputy, owner, ...TOOL_ROLES.map(role => actor([role]))]) {
      const packed = JSON.parse(JSON.stringify(packedRulesFor(who)))
      const client = createMongoAbility(unpackRules(packed) as never)
      for (const record of [person(), person({ id: ME }), person({ kind: 'pupil', unitIds: [SCHOOL] })])
        for (const field of [undefined, 'basic', 'protectedName', 'cpr'])
          expect(client.can('read', subject('Person', { ...record }) as never, field)).toBe(sees(who, record, field))
      expect(client.can('start', 'Run')).toBe(can(who, 'run.start'))
    }
  })
  it('name no role and no person but oneself', () => {
    const self = actor(['employee', 'hr'])
    const text = JSON.stringify(packedRulesFor(self))
    expect(text).not.toContain('role')
    expect(text.match(/[0-9a-f-]{36}/g)?.filter(id => id !== ME && id !== self.userId)).toEqual([])
  })
})

describe('as SQL', () => {
  const database = testDatabase()
  const ids = [UNIT, ABOVE, OTHER, SCHOOL]
  const anyActor = fc
    .record({
      roles: fc.subarray([...TOOL_ROLES]),
      units: fc.subarray(ids),
      actingFor: fc.subarray(ids),
      schools: fc.subarray(ids),
      systems: fc.subarray([SYSTEM, OTHER]),
      personId: fc.constantFrom(ME, THEM, null),
    })
    .map(({ roles, ...scope }) => actor(roles, scope))
  const list = fc.subarray(ids)
  const uuid = (sql: string) => ({ sql, type: 'uuid' }) as const
  const text = (sql: string) => ({ sql, type: 'text' }) as const
  const uuids = (sql: string) => ({ sql, type: 'uuid[]' }) as const
  const kinds = fc.constantFrom('employee', 'pupil', 'external', 'other')

  const people: fc.Arbitrary<PolicyRecords['Person']> = fc.record({
    id: fc.constantFrom(ME, THEM),
    kind: kinds as fc.Arbitrary<PolicyRecords['Person']['kind']>,
    status: fc.constantFrom('active', 'future', 'ended'),
    unitIds: list,
    unitPath: list,
    systemIds: fc.subarray([SYSTEM, OTHER]),
  })
  const rights: fc.Arbitrary<PolicyRecords['Right']> = fc.record({
    personId: fc.constantFrom(ME, THEM, null),
    personKind: fc.option(kinds),
    systemId: fc.constantFrom(SYSTEM, OTHER),
    unitPath: list,
  })
  const entries: fc.Arbitrary<PolicyRecords['Audit']> = fc.record({
    lookup: fc.boolean(),
    personId: fc.constantFrom(ME, null),
  })

  async function agree<Type extends PolicySubject>(
    type: Type,
    records: fc.Arbitrary<PolicyRecords[Type]>,
    columns: Record<string, { sql: string; type: never }>,
    fields: (string | undefined)[],
  ): Promise<number> {
    let seen = 0
    await fc.assert(
      fc.asyncProperty(
        anyActor,
        fc.array(records, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...fields),
        async (who, rows, field) => {
          const { sql, params } = sqlFor(who, 'read', type, columns as never, {
            startAt: 2,
            ...(field ? { field } : {}),
          })
          const names = Object.entries(columns).map(([name, column]) => `"${name}" ${column.type}`)
          const found = await database.db.snapshot(tx =>
            tx.query<{ n: number }>(
              `select n::int from rows from (jsonb_to_recordset($1::jsonb) as ("n" int, ${names.join(', ')})) as row where ${sql}`,
              [JSON.stringify(rows.map((row, n) => ({ ...row, n }))), ...params],
            ),
          )
          const inMemory = rows.flatMap((row, n) => (allows(who, 'read', type, row, field) ? [n] : []))
          seen += inMemory.length
          expect(found.map(row => row.n).sort((a, b) => a - b)).toEqual(inMemory)
        },
      ),
      { numRuns: 120 },
    )
    return seen
  }

  it('a list of people holds exactly those whom the policy lets the actor see, field by field', async () => {
    const columns = {
      id: uuid('id'),
      kind: text('kind'),
      status: text('status'),
      unitIds: uuids('"unitIds"'),
      unitPath: uuids('"unitPath"'),
      systemIds: uuids('"systemIds"'),
    }
    expect(
      await agree('Person', people, columns as never, [undefined, 'basic', 'protectedName', 'cpr']),
    ).toBeGreaterThan(50)
  })
  it('so does a list of rights', async () => {
    const columns = {
      personId: uuid('"personId"'),
      personKind: text('"personKind"'),
      systemId: uuid('"systemId"'),
      unitPath: uuids('"unitPath"'),
    }
    expect(await agree('Right', rights, columns as never, [undefined])).toBeGreaterThan(50)
  })
  it('and the audit log', async () => {
    const columns = { lookup: { sql: 'lookup', type: 'bool' }, personId: uuid('"personId"') }
    expect(await agree('Audit', entries, columns as never, [undefined])).toBeGreaterThan(20)
  })
})
