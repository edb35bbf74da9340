import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activityContent, type ControllerContent } from '../../../server/contract/activity-content.ts'
import { kitosSheets } from '../../../server/interop/register/kitos.ts'
import { os2Registers } from '../../../server/interop/register/os2compliance.ts'
import type { ExportRecord } from '../../../server/interop/register/record-lines.ts'
import { tellPackage } from '../../../server/interop/register/tell-package.ts'
import { recordsOf, TERMS, wholeContents } from '../../support/register-contents.ts'

/* The register in the shapes of OS2compliance and KITOS: what they have a field for stands there, and nothing is made up. */

const record = (over: Record<string, unknown>): ExportRecord => ({
  ...{ id: '00000000-0000-4000-8004-000000000001', ref: 'BA-001', standing: 'in-force' },
  content: activityContent.parse({ kind: 'controller', name: 'Hjemmesygepleje', area: 'Sundhed', ...over }),
  named: {
    owner: { id: 'o', name: 'Anna Berg', number: '1001', hidden: false },
    units: [{ id: 'u', name: 'Hjemmeplejen', key: 'u-1' }],
    systems: [{ id: 's1', key: 'nexus', name: 'Nexus' }],
  },
})
const whole = record({
  kle: ['29.18', '29.18.00', '27'],
  purposes: [
    {
      ...{ key: 'pleje', name: 'At pleje', art6: '6.1.e', art9: ['9.2.h'], national: ['DBL11.1', 'DBL22'] },
      provisions: [{ law: 'Sundhedsloven', section: '§ 138', checkedOn: '2026-01-02' }],
    },
  ],
  rows: [
    { subject: 'PAT', data: 'HEA', recipient: 'R-GP', erasure: 'sag' },
    { subject: 'PAT', data: 'CPR', recipient: null, erasure: 'sag' },
    { subject: 'CHLD', data: 'CRI', recipient: 'R-POL', erasure: 'sag' },
    { subject: 'KIN', data: 'CON', recipient: null, erasure: null },
  ],
  retention: [{ key: 'sag', startEvent: 'Sagen er lukket', period: 'P5Y', archive: 'discard' }],
  measures: ['A13', 'C01', 'C04', 'C05', 'L01', 'O02'],
  transfers: [{ recipient: 'Acme', country: 'US', ground: '46.2.c' }],
  information: 'I det første brev',
})

describe('as OS2compliance keeps it', () => {
  const of = (one: ExportRecord, people: number | null) =>
    os2Registers([one], TERMS, { people: () => people, packageName: 'hjemmel' })[0] as Record<string, unknown>

  it('says bases, KLE, people and data by its identifiers, and in words what they are too coarse for', () => {
    expect(of(whole, 37)).toMatchObject({
      name: 'Hjemmesygepleje',
      gdprChoices: [
        ...['register-gdpr-valp6', 'register-gdpr-p6-e', 'register-gdpr-valp7', 'register-gdpr-p7-h'],
        'register-gdpr-valp11',
      ],
      supplementalLegalBasis: `Sundhedsloven § 138 (slået op 2026-01-02)\n${TERMS.national.get('DBL22')?.da}`,
      ...{ kleMainGroups: ['27', '29'], kleGroups: ['29.18'], status: 'READY' },
      ...{ responsibleUsers: ['Anna Berg [1001]'], responsibleOus: ['Hjemmeplejen'], informationObligation: 'YES' },
      relatedAssets: [{ key: 'nexus', name: 'Nexus' }],
      dataProcessing: {
        ...{ accessWho: ['dp-access-who-empl'], accessCount: 'dp-access-count-10-100' },
        ...{ storageTime: 'dp-storage-duration-5y', deletionProcedure: 'YES', deletionAppliesToAll: true },
        registeredCategories: [
          {
            category: 'dp-categories-registered-adult',
            personalData: [
              ...['dp-person-categories-sensitive', 'dp-person-categories-sensitive-health'],
              ...['dp-person-categories-classified', 'dp-person-categories-regular'],
            ],
            passedOn: 'YES',
            receivers: [{ receiver: 'dp-receiver-companies', location: null }],
          },
          {
            category: 'dp-categories-registered-children',
            personalData: ['dp-person-categories-offences'],
            receivers: [{ receiver: 'dp-receiver-public-aut', location: null }],
          },
        ],
      },
    })
  })

  it.each([
    [null, [], 'dp-access-count-clarification'],
    [0, [], null],
    [1, ['dp-access-who-empl'], 'dp-access-count-1-10'],
    [10, ['dp-access-who-empl'], 'dp-access-count-1-10'],
    [11, ['dp-access-who-empl'], 'dp-access-count-10-100'],
    [1000, ['dp-access-who-empl'], 'dp-access-count-100-1000'],
    [1001, ['dp-access-who-empl'], 'dp-access-count-above'],
  ])('%s people with access are its band', (people, accessWho, accessCount) => {
    expect(of(whole, people).dataProcessing).toMatchObject({ accessWho, accessCount })
  })

  it('leaves out what a municipality processes for others, for which it has no record', () => {
    const other = record({ kind: 'processor' })
    expect(os2Registers([other], TERMS, { people: () => null, packageName: 'x' })).toEqual([])
  })

  it('names every category of data and every recipient of a record, and its bases can be read as a package', () => {
    fc.assert(
      fc.property(wholeContents, content => {
        fc.pre(content.kind === 'controller')
        const [one] = recordsOf([content])
        const made = of(one!, 1)
        const categories = (
          made.dataProcessing as { registeredCategories: { note: string; receiverComment: string | null }[] }
        ).registeredCategories
        const said = categories.map(each => `${each.note} ${each.receiverComment ?? ''}`).join(' ')
        for (const row of (content as ControllerContent).rows) {
          expect(said).toContain(TERMS.data.get(row.data)?.da ?? row.data)
          if (row.recipient) expect(said).toContain(TERMS.recipient.get(row.recipient)?.da ?? row.recipient)
        }
        const [told] = tellPackage([made]).records
        expect(told?.faults).toEqual([])
        const art6 = new Set(
          (content as ControllerContent).purposes.flatMap(each => /^6\.1\.[a-f]$/.exec(each.art6 ?? '')?.[0] ?? []),
        )
        expect(new Set(told?.lists.purposes?.map(line => line.cells.art6?.text).filter(Boolean))).toEqual(art6)
      }),
      { numRuns: 50 },
    )
  })
})

describe('with the fields of KITOS', () => {
  const sheets = (records: ExportRecord[]) =>
    kitosSheets(records, TERMS, 'da', {
      uuids: new Map([['s1', '11111111-2222-4333-8444-555555555555']]),
      defaults: { controller: { name: 'Lindevang', contact: null }, dpo: null, representative: null },
    })
  const lineOf = (lines: readonly (readonly string[])[], at = 1) =>
    Object.fromEntries(lines[0]!.map((heading, place) => [heading, lines[at]?.[place]]))

  it('says of each system what its records say', () => {
    const [usage] = sheets([whole, { ...whole, ref: 'BA-002' }])
    expect(usage?.lines).toHaveLength(2)
    expect(lineOf(usage!.lines)).toMatchObject({
      ...{ 'KITOS-uuid': '11111111-2222-4333-8444-555555555555', System: 'Nexus', Formål: 'At pleje' },
      ...{ 'Ingen personoplysninger': 'Nej', Almindelige: 'Ja', Følsomme: 'Ja', 'Strafbare forhold': 'Ja' },
      ...{ 'CPR-nummer': 'Ja', 'Væsentlige sociale problemer': 'Nej', 'Andre private forhold': 'Nej' },
      // Masking (C05) is a measure that it has no word for.
      'Tekniske foranstaltninger': 'Adgangskontrol; Kryptering; Pseudonymisering; Logning',
      'Slettefrist er sat': 'Nej',
      Aktiviteter: 'BA-001 Hjemmesygepleje; BA-002 Hjemmesygepleje',
    })
  })

  it('has a registration for each record, and says what the register does not keep', () => {
    const [, registration] = sheets([whole, record({ transfers: [] })])
    expect(lineOf(registration!.lines)).toMatchObject({
      ...{ Navn: 'BA-001 Hjemmesygepleje', Dataansvarlig: 'Lindevang', 'Overførsel til usikre tredjelande': 'Ja' },
      ...{ Tredjelande: 'US', 'Ansvarlig enhed': 'Hjemmeplejen', Systemer: 'Nexus' },
      'Databehandleraftale indgået': 'Føres ikke i fortegnelsen',
    })
    expect(lineOf(registration!.lines, 2)['Overførsel til usikre tredjelande']).toBe('Ikke afklaret')
  })
})
