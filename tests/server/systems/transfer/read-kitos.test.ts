import { describe, expect, it } from 'vitest'
import { kitosFile } from '../../../../server/systems/transfer/kitos-shape.ts'
import { type Known, type KnownSystem, planImport } from '../../../../server/systems/transfer/plan-import.ts'
import { leftPaths, tellKitos } from '../../../../server/systems/transfer/read-kitos.ts'

/* Documents in the shape of KITOS' API v2, made here. */

const A = '0b1f9c1e-0000-4000-8000-000000000001'
const B = '0b1f9c1e-0000-4000-8000-000000000002'
const C1 = '0b1f9c1e-0000-4000-8000-0000000000c1'
const C2 = '0b1f9c1e-0000-4000-8000-0000000000c2'
const BO = '0b1f9c1e-0000-4000-8000-0000000000b0'
const ANNA = '0b1f9c1e-0000-4000-8000-0000000000a0'
const numbers = new Map([['4711', [{ affiliation: BO, person: 'bo', ended: false }]]])
const usage = (uuid: string, name: string, more: object = {}) => ({
  uuid,
  systemContext: { uuid: uuid.replace('-4000-', '-4001-'), name },
  createdBy: { uuid, name: 'Nogen' },
  ...more,
})
const whole = {
  itSystemUsages: [
    usage(A, 'Vejsystem', {
      general: {
        notes: 'Veje og stier',
        validity: { lifeCycleStatus: 'Operational', valid: true },
        numberOfExpectedUsers: { lowerBound: 10, upperBound: 50 },
        containsAITechnology: 'No',
        webAccessibilityCompliance: 'Partially',
        systemVersion: '4.2',
        mainContract: { uuid: C2, name: 'Driften' },
      },
      roles: [
        { role: { name: 'Systemejer' }, user: { name: 'Anna Berg', email: 'anna@eksempel.dk' } },
        {
          role: { name: 'Systemansvarlig' },
          user: { name: 'Bo Dal', email: 'bo@eksempel.dk', employeeNumber: '4711' },
        },
        { role: { name: 'Superbruger' }, user: { name: 'Cai Eg', email: 'cai@eksempel.dk' } },
      ],
      organizationUsage: { responsibleOrganizationUnit: { name: 'Vej og Park' } },
      outgoingSystemRelations: [
        { toSystemUsage: { uuid: B, name: 'Kort' }, description: 'Vejstrækninger' },
        { toSystemUsage: { uuid: '0b1f9c1e-0000-4000-8000-0000000000ff', name: 'Et helt andet' } },
      ],
      archiving: { archiveDuty: 'K' },
      gdpr: {
        purpose: 'Drift af veje',
        businessCritical: 'Yes',
        hostedAt: 'External',
        directoryDocumentation: { name: 'Fortegnelsen', url: 'https://eksempel.dk/1' },
        dataSensitivityLevels: ['PersonData', 'LegalData'],
        sensitivePersonData: [{ name: 'Helbredsoplysninger' }, { name: 'Kontrolbesøg' }],
        specificPersonalData: ['CprNumber'],
        registeredDataCategories: [{ name: 'Borgere' }],
        technicalPrecautionsInPlace: 'Yes',
        technicalPrecautionsApplied: ['Pseudonymization', 'Logging'],
        technicalPrecautionsDocumentation: { name: 'Kun et navn', url: null },
        userSupervision: 'No',
        riskAssessmentConducted: 'Yes',
        riskAssessmentConductedDate: '2026-01-02T00:00:00Z',
        riskAssessmentResult: 'Medium',
        plannedRiskAssessmentDate: '2027-01-02T00:00:00Z',
        dpiaConducted: 'Undecided',
        retentionPeriodDefined: 'Yes',
        nextDataRetentionEvaluationDate: '2026-12-01T00:00:00Z',
        dataRetentionEvaluationFrequencyInMonths: 12,
      },
    }),
    usage(B, 'Kort', { gdpr: { dataRetentionEvaluationFrequencyInMonths: 'tolv' } }),
  ],
  itContracts: [
    {
      name: 'Kortaftale',
      general: { contractId: 'K-1', validity: { validFrom: '2024-01-01T00:00:00Z', validTo: '2027-01-01T00:00:00Z' } },
      supplier: { organization: { name: 'Kort og Co' } },
      termination: { terms: { noticePeriodMonths: { name: '3' } } },
      systemUsages: [{ uuid: A }],
      payments: { external: [1] },
    },
    {
      uuid: C2.toUpperCase(),
      name: 'Drift',
      general: { contractId: 'K-2' },
      termination: { terms: { noticePeriodMonths: { name: '6' } } },
      systemUsages: [{ uuid: A }],
    },
    {
      name: 'Hotline',
      termination: { terms: { noticePeriodMonths: { name: 'Efter aftale' } } },
      systemUsages: [{ uuid: A }],
    },
  ],
  dataProcessingRegistrations: [
    {
      name: 'DBA',
      general: {
        isAgreementConcluded: 'Yes',
        agreementConcludedAt: '2024-02-01T00:00:00Z',
        mainContract: { name: 'Kortaftale' },
      },
      systemUsages: [{ uuid: A }],
    },
  ],
}
const known = (systems: KnownSystem[] = [], more: Partial<Known> = {}): Known => ({
  systems: new Map(systems.map(one => [one.key, one])),
  ...{ uuids: new Map(), numbers: new Map(), people: new Map(), units: new Map(), unitKeys: new Map() },
  ...{ unitNames: new Map(), chosen: new Map() },
  ...more,
})
const stored = (key: string, name: string): KnownSystem => ({
  ...{ id: key, key, name, version: 1, feed: { name }, hand: {}, sheet: { name }, gone: false, linked: {} },
})
const who = { at: '2026-03-02T09:00:00.000Z', by: null, reason: null }
const plan = (json: unknown, at: Known, people: Parameters<typeof planImport>[2]['people'] = []) =>
  planImport(tellKitos(kitosFile(json)!), at, { people }, who)

describe('systems of KITOS', () => {
  it('come with every field that there is a place for, under their uuid', () => {
    const { rows, people } = plan(
      whole,
      known([stored('kort', 'KORT')], {
        numbers,
      }),
    )
    expect(rows[0]).toMatchObject({ key: A, op: 'new', faults: [] })
    expect(rows[0]?.planned?.sheet).toEqual({
      name: 'Vejsystem',
      description: 'Veje og stier',
      status: 'in-use',
      userCount: '10-49',
      aiUse: 'no',
      webAccessible: 'partly',
      archiveDuty: 'discard',
      purpose: 'Drift af veje',
      businessCritical: true,
      hosting: 'hosted',
      directoryLink: 'https://eksempel.dk/1',
      sensitivityLevels: ['personal', 'criminal'],
      sensitiveData: ['health'],
      privateData: ['cpr'],
      dataCategories: ['Borgere', 'Kontrolbesøg'],
      precautions: ['pseudonymisation', 'logging'],
      precautionsLink: 'Kun et navn',
      userSupervision: false,
      riskDone: 'yes',
      riskOn: '2026-01-02',
      riskResult: 'medium',
      riskPlanned: '2027-01-02',
      dpiaDone: 'undecided',
      retentionDefined: true,
      retentionNext: '2026-12-01',
      retentionEveryMonths: 12,
      // By its number; a name and a mail address are nobody yet.
      responsible: { affiliation: BO },
      unit: { words: 'Vej og Park' },
      supplier: 'Kort og Co',
      contracts: [
        // The main one, of which KITOS has another name by now; it runs until somebody gives notice.
        expect.objectContaining({ name: 'Drift', number: 'K-2', to: null, noticeMonths: 6, noticeOn: null }),
        expect.objectContaining({
          name: 'Kortaftale',
          number: 'K-1',
          to: '2027-01-01',
          noticeMonths: 3,
          noticeOn: '2026-10-01',
          agreement: 'yes',
          agreementOn: '2024-02-01',
        }),
        expect.objectContaining({ name: 'Hotline', noticeMonths: null }),
      ],
    })
    expect(people).toEqual([
      {
        said: 'Anna Berg <anna@eksempel.dk>',
        name: 'Anna Berg',
        email: 'anna@eksempel.dk',
        count: 1,
        fields: ['owner'],
      },
    ])
  })

  it('are found by the key that was kept, then by name; a flow leads to the system that has the uuid here', () => {
    const file = { itSystemUsages: [whole.itSystemUsages[0], usage(B, 'Kort')] }
    const { rows } = plan(file, known([stored('kort', 'KORT')], { numbers }))
    expect(rows[1]).toMatchObject({ key: 'kort', found: 'name', op: 'changed' })
    expect(rows[0]?.planned?.sheet.flows).toMatchObject([
      { system: 'kort', direction: 'out', data: ['Vejstrækninger'] },
    ])
    const later = plan(
      file,
      known([stored('vej', 'Et andet navn'), stored('kort', 'KORT')], { numbers, uuids: new Map([[A, 'vej']]) }),
    )
    expect(later.rows[0]).toMatchObject({ key: 'vej', found: 'kitos', op: 'changed' })
  })

  it('name each relation that leads nowhere and each frequency that is none of ours; the rest is taken', () => {
    const relations = [
      { toSystemUsage: { uuid: B, name: 'Kort' }, relationFrequency: { name: 'Dagligt' } },
      { toSystemUsage: { uuid: ANNA, name: 'Et helt andet' } },
      { toSystemUsage: null, description: 'Takster' },
      { toSystemUsage: { uuid: BO, name: 'Tid' }, relationFrequency: { name: 'Når det passer' } },
    ]
    const { rows } = plan(
      [usage(A, 'Vejsystem', { outgoingSystemRelations: relations }), usage(B, 'Kort'), usage(BO, 'Tid')],
      known(),
    )
    expect(rows[0]).toMatchObject({ op: 'new', faults: [] })
    expect(rows[0]?.planned?.sheet.flows).toMatchObject([
      { system: B, frequency: 'daily' },
      { system: BO, frequency: null },
    ])
    expect(rows[0]?.notes.map(({ code, column, value }) => [code, column, value])).toEqual([
      ['relation-left', null, 'Takster'],
      ['frequency-left', 'Tid', 'Når det passer'],
      ['relation-left', null, 'Et helt andet'],
    ])
    // A clean file says nothing, and one that knows none of ours takes none away.
    expect(rows.slice(1).flatMap(row => row.notes)).toEqual([])
    const flows = [
      { system: 'kort', direction: 'out' as const, data: [], how: 'api' as const, frequency: null, owner: null },
    ]
    const sheet = { name: 'Vejsystem', flows }
    const vej = { ...stored('vej', 'Vejsystem'), feed: sheet, sheet }
    const kept = plan(
      [usage(A, 'Vejsystem', { outgoingSystemRelations: relations.slice(1, 2) })],
      known([vej, stored('kort', 'Kort')]),
    ).rows[0]
    expect(kept?.planned?.changes ?? []).toEqual([])
    expect(kept?.notes).toHaveLength(1)
  })

  it('have the supplier of the main contract, and those of the others are kept and listed', () => {
    const contract = (uuid: string, name: string, supplier: string) => ({
      ...{ uuid, name, supplier: { organization: { name: supplier } }, systemUsages: [{ uuid: A, name: 'Vejsystem' }] },
    })
    const contracts = [contract(C1, 'Kortaftale', 'Kort og Co'), contract(C2, 'Drift', 'Driftshuset')]
    const file = (main: object | null) => ({
      itSystemUsages: [usage(A, 'Vejsystem', { general: { mainContract: main } })],
      itContracts: contracts,
    })
    const [row] = plan(file({ uuid: C2, name: 'Drift' }), known()).rows
    expect(row?.planned?.sheet.supplier).toBe('Driftshuset')
    expect(row?.told.rest?.contracts).toEqual([{ 'supplier.organization.name': ['Kort og Co'] }])
    expect(leftPaths(kitosFile(file({ uuid: C2, name: 'Drift' }))!)).toContainEqual({
      path: 'contracts: supplier.organization.name',
      count: 1,
    })
    // Without a main one, the first.
    expect(plan(file(null), known()).rows[0]?.planned?.sheet.supplier).toBe('Kort og Co')
  })

  it('say who is meant only when somebody has', () => {
    const said = 'Anna Berg <anna@eksempel.dk>'
    const at = known([], { chosen: new Map([['anna', ANNA]]) })
    const file = [whole.itSystemUsages[0]]
    expect(plan(file, at).rows[0]).toMatchObject({
      skipped: 1,
      faults: [expect.objectContaining({ code: 'unknown-number', value: expect.stringContaining('Bo Dal') })],
    })
    const owner = (as: never) =>
      plan(
        [
          usage(A, 'X', {
            roles: [{ role: { name: 'Systemejer' }, user: { name: 'Anna Berg', email: 'anna@eksempel.dk' } }],
          }),
        ],
        at,
        [{ said, as }],
      ).rows[0]?.planned?.sheet.owner
    expect(owner({ person: 'anna' } as never)).toEqual({ affiliation: ANNA })
    expect(owner('words' as never)).toEqual({ words: said })
    expect(owner('skip' as never)).toBeUndefined()
  })

  it('of another shape are a mistake of their own; what is unknown is listed and kept', () => {
    const { rows } = plan(whole, known())
    expect(rows[1]).toMatchObject({
      op: 'bad',
      faults: [{ line: 2, column: 'gdpr.dataRetentionEvaluationFrequencyInMonths', code: 'wrong-shape' }],
    })
    expect(leftPaths(kitosFile(whole)!)).toEqual(
      expect.arrayContaining([
        { path: 'createdBy', count: 2 },
        { path: 'general.systemVersion', count: 1 },
        { path: 'contracts: payments', count: 1 },
        { path: 'roles[]', count: 1 },
        { path: 'gdpr.technicalPrecautionsInPlace', count: 1 },
        { path: 'gdpr.directoryDocumentation.name', count: 1 },
        { path: 'contracts: termination.terms.noticePeriodMonths.name', count: 1 },
      ]),
    )
    expect(rows[0]?.told.rest).toMatchObject({
      'general.systemVersion': '4.2',
      'roles[]': ['Superbruger'],
      'gdpr.technicalPrecautionsInPlace': 'Yes',
      'gdpr.directoryDocumentation.name': 'Fortegnelsen',
      contracts: [{ payments: { external: [1] } }, { 'termination.terms.noticePeriodMonths.name': 'Efter aftale' }],
    })
    // A main contract that the file has says what it says by standing first; one that it has not is kept.
    expect(rows[0]?.told.rest).not.toHaveProperty(['general.mainContract'])
    expect(rows[0]?.told.rest).not.toHaveProperty(['gdpr.technicalPrecautionsDocumentation.name'])
    const alone = [usage(A, 'Vejsystem', { general: { mainContract: { uuid: C2, name: 'Drift' } } })]
    expect(plan(alone, known()).rows[0]?.told.rest).toMatchObject({
      'general.mainContract': { uuid: C2, name: 'Drift' },
    })
    expect(leftPaths(kitosFile(alone)!)).toContainEqual({ path: 'general.mainContract', count: 1 })
  })

  it('are understood with the names as .NET writes them, as a bare list, and not as anything else', () => {
    const pascal = [
      { Uuid: A, SystemContext: { Name: 'Vej' }, GDPR: { DPIAConducted: 'Yes', DPIADate: '2026-01-02T00:00:00' } },
    ]
    expect(plan(pascal, known()).rows[0]?.planned?.sheet).toEqual({
      name: 'Vej',
      dpiaDone: 'yes',
      dpiaOn: '2026-01-02',
    })
    for (const other of [null, 1, 'x', [], {}, { itSystemUsages: {} }, [{ name: 'x' }]])
      expect(kitosFile(other)).toBeNull()
  })
})
