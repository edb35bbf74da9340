import { type ControllerContent, controllerContent } from '#contract/activity-content.ts'
import type { Term } from '../vocabulary/vocabulary.ts'

/** A municipal activity to begin a record from: what most municipalities do alike, and nobody here has confirmed yet. */
export type CatalogueActivity = {
  key: string
  nameEn: string
  areaEn: string
  about: string
  aboutEn: string
  /** What kinds of systems usually support it, in words. */
  systemTypes: { da: string; en: string }[]
  content: ControllerContent
}

/** A row of the file, short as somebody writes it. */
export type Written = {
  key: string
  da: string
  en: string
  area: string
  about: string
  aboutEn: string
  kle: string
  systems: string
  purposes: WrittenPurpose[]
  /** `SUBJECT | DATA DATA > RECIPIENT RECIPIENT | rule`; without `>` the data stay. */
  rows: string[]
  retention?: Record<string, WrittenRule> | undefined
  consent?: string | undefined
}
type WrittenPurpose = {
  key: string
  name: string
  /** A term of `purpose-kind`. */
  broader: string
  art6: string
  art9?: string
  national?: string
  laws?: string
}
export type WrittenRule = {
  from: string
  period: string | null
  basis: string
  archive?: 'keep' | 'discard' | 'unknown'
}

/** English names of the areas; the records themselves are in Danish. */
export const AREAS: Record<string, string> = {
  Beskæftigelse: 'Employment',
  Ydelser: 'Benefits',
  Integration: 'Integration',
  'Børn og unge': 'Children and families',
  Dagtilbud: 'Day care',
  Skole: 'School',
  Unge: 'Young people',
  Sundhed: 'Health',
  'Ældre og voksne': 'Elderly and adults',
  'Handicap og udsatte': 'Disability and vulnerable people',
  Borgerservice: 'Citizen service',
  Valg: 'Elections',
  Økonomi: 'Finance',
  Borgerkontakt: 'Contact with citizens',
  Teknik: 'Technical services',
  Miljø: 'Environment',
  Bolig: 'Housing',
  Beredskab: 'Emergency services',
  'Kultur og fritid': 'Culture and leisure',
  Politik: 'Politics',
  Forvaltning: 'Administration',
  Databeskyttelse: 'Data protection',
  IT: 'IT',
  Personale: 'Staff',
}

/** Kinds of systems as the files name them, and in English. */
const SYSTEMS: Record<string, string> = {
  fagsystem: 'specialist system',
  'fagsystem for sig': 'specialist system of its own',
  'sags- og dokumentsystem': 'case and document system',
  'nationalt register': 'national register',
  økonomisystem: 'finance system',
  'HR-system': 'HR system',
  lønsystem: 'payroll system',
  vagtplansystem: 'rostering system',
  læringssystem: 'learning system',
  'fælles platform': 'shared platform',
  kommunikation: 'communication',
  web: 'web',
  video: 'video',
  AI: 'AI',
  Hjemmel: 'Hjemmel',
  sensorer: 'sensors',
  driftssystem: 'operations system',
  adgangskontrol: 'access control',
  ledelsesinformation: 'management information',
  sikkerhedsovervågning: 'security monitoring',
  'identitets- og rettighedsstyring': 'identity and rights management',
}

const MEASURES = ['A01', 'A02', 'A05', 'A06', 'L02', 'C01', 'D01', 'D02', 'O02', 'O03']
const STRICTER = ['A03', 'A07', 'A13', 'L01', 'L03', 'O06']
const PROPOSED = 'Forslag fra kataloget: behold det, der er på plads, og slet resten.'

const list = (text: string | undefined): string[] => (text ?? '').split(' ').filter(Boolean)

/**
 * The record that a row of the file stands for. `laws` and `classes` are of the vocabularies. No law has its section, and
 * none is marked as looked up: that is for a lawyer of the municipality. Throws where the row names what is not there.
 */
export function activityOf(
  written: Written,
  usual: Readonly<Record<string, WrittenRule>>,
  { laws, classes }: { laws: ReadonlyMap<string, Term>; classes: ReadonlyMap<string, string | null> },
): CatalogueActivity {
  const fail = (what: string): never => {
    throw new Error(`the catalogue's activity "${written.key}" ${what}`)
  }
  const rows = written.rows.flatMap(line => rowsOf(line) ?? fail(`has a row that cannot be read: ${line}`))
  const rules = { ...usual, ...written.retention }
  const used = [...new Set(rows.map(row => row.erasure))]
  const guarded = rows.some(row => ['special', 'criminal'].includes(classes.get(row.data) ?? ''))
  return {
    ...{ key: written.key, nameEn: written.en, about: written.about, aboutEn: written.aboutEn },
    areaEn: AREAS[written.area] ?? fail(`has an area without an English name: ${written.area}`),
    systemTypes: written.systems
      .split(',')
      .map(one => one.trim())
      .map(da => ({ da, en: SYSTEMS[da] ?? fail(`names a kind of system without an English name: ${da}`) })),
    content: controllerContent.parse({
      ...{ kind: 'controller', name: written.da, nameEn: written.en, area: written.area, description: written.about },
      kle: list(written.kle),
      purposes: written.purposes.map(one => ({
        ...{ key: one.key, name: one.name, broader: one.broader, art6: one.art6 },
        ...{ art9: list(one.art9), national: list(one.national) },
        provisions: list(one.laws).map(code => {
          const law = laws.get(code) ?? fail(`names a law that the vocabulary does not have: ${code}`)
          return { law: law.da, section: null, link: law.link, checkedOn: null }
        }),
      })),
      rows,
      retention: used.map(key => {
        const { from, period, basis, archive } = rules[key] ?? fail(`names a limit that is not there: ${key}`)
        return { key, startEvent: from, period, basis, archive: archive ?? 'unknown' }
      }),
      measures: guarded ? [...MEASURES, ...STRICTER] : MEASURES,
      measuresNote: PROPOSED,
      consent: written.consent ?? null,
    }),
  }
}

type Row = { subject: string; data: string; recipient: string | null; erasure: string }

function rowsOf(line: string): Row[] | null {
  const [subject = '', what = '', erasure = ''] = line.split('|').map(one => one.trim())
  const [data = '', to = ''] = what.split('>').map(one => one.trim())
  if (subject === '' || data === '' || erasure === '') return null
  const recipients: (string | null)[] = to === '' ? [null] : list(to)
  return list(data).flatMap(one => recipients.map(recipient => ({ subject, data: one, recipient, erasure })))
}
