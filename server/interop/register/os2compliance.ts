import type { ControllerContent } from '#contract/activity-content.ts'
import { dataClass } from '#contract/vocabularies.ts'
import { classOf, type Vocabularies } from '../../register/vocabulary/vocabulary.ts'
import { type ExportRecord, ownerCell } from './record-lines.ts'

/*
 * Records in the shape in which OS2compliance keeps its register (fortegnelse): its field names and the identifiers of its
 * choice lists. What its lists are too coarse for is said in words beside them; what there is no field for is in no field,
 * and docs/interop-register.md says what that is.
 */

const SUBJECTS: Record<string, string> = {
  ...{
    CITZ: 'adult',
    ELD: 'adult',
    PAR: 'adult',
    KIN: 'adult',
    PAT: 'adult',
    JOBS: 'adult',
    REF: 'adult',
    TEN: 'adult',
  },
  ...{ OWN: 'adult', THP: 'adult', VULN: 'vuln-adult', CHLD: 'children', PUPL: 'children', VCHL: 'vuln-children' },
  ...{ VOT: 'voters', CAND: 'listed', POLI: 'board-pol', FOST: 'partners', EXT: 'partners', EMPL: 'employees' },
  ...{
    FEMP: 'employees',
    APPL: 'applicants',
    TRN: 'interns',
    VOL: 'volunteers',
    BUS: 'suppliers',
    VIS: 'web-visitors',
  },
}
const SENSITIVE: Record<string, string> = {
  ...{ HEA: 'health', DSB: 'health', ABU: 'health', PSY: 'health', PPR: 'health', GEN: 'genetics', BIO: 'biometrics' },
  ...{ ETH: 'etnicity', POL: 'political', REL: 'religion', UNI: 'union', SEX: 'sexual' },
}
const RECEIVERS: Record<string, string> = {
  ...{ 'R-BNK': 'banks', 'R-LAW': 'lawyers', 'R-INS': 'insurance', 'R-PUB': 'public', 'R-PAR': 'citizens' },
  ...{ 'R-UNI': 'associations', 'R-PRI': 'companies', 'R-GP': 'companies' },
  ...Object.fromEntries(
    'INT MUN REG UDK SKAT STAR ANK FAM POL CRT SIRI CPR STAT ARK REV OMB SCH'
      .split(' ')
      .map(one => [`R-${one}`, 'public-aut']),
  ),
}
const STORAGE: Record<string, string> = {
  ...{
    P1M: '1mth',
    P6M: '6mth',
    P12M: '12mth',
    P1Y: '12mth',
    P13M: '13mth',
    P2Y: '2y',
    P3Y: '3y',
    P5Y: '5y',
    P10Y: '10y',
  },
}
const NATIONAL: Record<string, string> = {
  ...{ 'DBL8.1': '8', 'DBL8.2': '8', DBL9: '9', DBL10: '10', 'DBL11.1': '11', DBL12: '12', DBL13: '13', DBL14: '14' },
}

/** `people`: who holds something in the systems of a record, as is read; null where none of them is read. */
export function os2Registers(
  records: readonly ExportRecord[],
  vocabularies: Vocabularies,
  { people, packageName }: { people: (record: ExportRecord) => number | null; packageName: string },
): Record<string, unknown>[] {
  return records.flatMap(record => {
    const { content, named, standing } = record
    // It has no record of what a municipality processes for others (Art. 30(2)).
    if (content.kind !== 'controller') return []
    const count = people(record)
    return [
      {
        ...{ name: content.name, packageName, description: content.description, externalId: record.ref },
        responsibleUsers: named.owner ? [ownerCell(named.owner, 'da')] : [],
        ...{
          customResponsibleUsers: [],
          responsibleOus: named.units.map(one => one.name),
          departments: [content.area],
        },
        ...{ informationResponsible: null, registerRegarding: [] },
        securityPrecautions: wordsOf('measure', content.measures, vocabularies, content.measuresNote),
        purpose: content.purposes.map(one => one.name).join('\n'),
        purposeNotes: content.purposes.flatMap(one => one.description ?? []).join('\n\n') || null,
        ...basesOf(content, vocabularies),
        consent: content.consent,
        informationObligation: content.information ? 'YES' : 'UNKNOWN',
        informationObligationDesc: content.information,
        status: standing === 'draft' ? 'IN_PROGRESS' : 'READY',
        ...{ criticality: null, emergencyPlanLink: null, consequenceAssessment: null },
        kleMainGroups: [...new Set(content.kle.map(one => one.slice(0, 2)))].sort(),
        kleGroups: [...new Set(content.kle.filter(one => one.length > 2).map(one => one.slice(0, 5)))].sort(),
        dataProcessing: {
          accessWho: count ? ['dp-access-who-empl'] : [],
          accessCount: count === null ? 'dp-access-count-clarification' : bandOf(count),
          personCount: 'dp-person-cnt-clarification',
          registeredCategories: categoriesOf(content, vocabularies),
          ...storageOf(content),
        },
        relatedAssets: named.systems.map(one => ({ key: one.key, name: one.name })),
      },
    ]
  })
}

const bandOf = (people: number): string | null =>
  people === 0
    ? null
    : `dp-access-count-${people <= 10 ? '1-10' : people <= 100 ? '10-100' : people <= 1000 ? '100-1000' : 'above'}`

function wordsOf(kind: 'measure', codes: readonly string[], vocabularies: Vocabularies, note: string | null): string {
  return [...codes.map(code => vocabularies[kind].get(code)?.da ?? code), ...(note ? [note] : [])].join('\n')
}

/** Its lists have headings that are chosen with what stands below them. Provisions, and what it has no code for, are words. */
function basesOf(content: ControllerContent, vocabularies: Vocabularies) {
  const art6 = content.purposes.flatMap(one => /^6\.1\.([a-f])$/.exec(one.art6 ?? '')?.[1] ?? [])
  const art9 = content.purposes.flatMap(one => one.art9.flatMap(code => /^9\.2\.([a-j])$/.exec(code)?.[1] ?? []))
  const national = content.purposes.flatMap(one => one.national)
  const choices = [
    ...(art6.length > 0 ? ['register-gdpr-valp6'] : []),
    ...art6.map(one => `register-gdpr-p6-${one}`),
    ...(art9.length > 0 ? ['register-gdpr-valp7'] : []),
    ...art9.map(one => `register-gdpr-p7-${one}`),
    ...national.flatMap(code => (NATIONAL[code] ? [`register-gdpr-valp${NATIONAL[code]}`] : [])),
  ]
  const provisions = content.purposes.flatMap(one =>
    one.provisions.map(({ law, section, checkedOn }) =>
      [law, section, checkedOn && `(slået op ${checkedOn})`].filter(Boolean).join(' '),
    ),
  )
  const rest = national.filter(code => !NATIONAL[code]).map(code => vocabularies.national.get(code)?.da ?? code)
  return {
    gdprChoices: [...new Set(choices)],
    supplementalLegalBasis: [...new Set([...provisions, ...rest])].join('\n') || null,
    relevantKLELegalReferences: [],
  }
}

/** One line for each of its categories of people; our own words, and which data go to which recipient, stand in its notes. */
function categoriesOf(content: ControllerContent, vocabularies: Vocabularies) {
  const word = (kind: 'subject' | 'data' | 'recipient', code: string) => vocabularies[kind].get(code)?.da ?? code
  const groups = Map.groupBy(content.rows, row => SUBJECTS[row.subject] ?? '')
  return [...groups].map(([category, rows]) => {
    const passed = rows.filter(row => row.recipient !== null)
    return {
      category: category === '' ? null : `dp-categories-registered-${category}`,
      personalData: [...new Set(rows.flatMap(row => dataOf(row.data, vocabularies)))],
      passedOn: passed.length > 0 ? 'YES' : 'NO',
      receivers: [...new Set(passed.flatMap(row => RECEIVERS[row.recipient ?? ''] ?? []))].map(one => ({
        ...{ receiver: `dp-receiver-${one}`, location: null },
      })),
      receiverComment:
        [...new Set(passed.map(row => `${word('data', row.data)} til ${word('recipient', row.recipient ?? '')}`))].join(
          '; ',
        ) || null,
      note: [...Map.groupBy(rows, row => row.subject)]
        .map(
          ([subject, own]) =>
            `${word('subject', subject)}: ${[...new Set(own.map(row => word('data', row.data)))].join(', ')}`,
        )
        .join('; '),
    }
  })
}

/** CPR is among what it calls classified; art. 10 has its own; a special category is named with its heading. */
function dataOf(code: string, vocabularies: Vocabularies): string[] {
  const is = classOf(vocabularies, code)
  const base = 'dp-person-categories-'
  if (is === dataClass.enum.special)
    return [`${base}sensitive`, ...(SENSITIVE[code] ? [`${base}sensitive-${SENSITIVE[code]}`] : [])]
  if (is === dataClass.enum.criminal) return [`${base}offences`]
  return [`${base}${is === dataClass.enum.cpr || is === dataClass.enum.confidential ? 'classified' : 'regular'}`]
}

/** One limit for the whole record: the code where all rules have the same period, and all of them in words. */
function storageOf({ retention }: ControllerContent) {
  const periods = [...new Set(retention.map(rule => rule.period))]
  const [only] = periods
  const code = periods.length === 1 && only ? STORAGE[only] : undefined
  const none = retention.length === 0
  return {
    storageTime: code ? `dp-storage-duration-${code}` : none ? 'dp-storage-duration-undecided' : null,
    ...{ deletionProcedure: none ? 'UNKNOWN' : 'YES', deletionProcedureLink: null },
    elaboration:
      retention
        .map(rule => [rule.startEvent, rule.period, rule.basis, rule.note].filter(Boolean).join(', '))
        .join('\n') || null,
    deletionAppliesToAll: code !== undefined,
  }
}
