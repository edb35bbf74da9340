import { danish } from './dates.ts'
import { writeCsv } from './file-writer.ts'
import type { DemoOrganisation } from './organisation.ts'
import { positions } from './positions.ts'
import type { Workforce } from './workforce.ts'

const kinds: Record<string, string> = {
  employment: 'Ansættelse',
  temp: 'Vikar',
  external: 'Ekstern',
  elected: 'Folkevalgt',
  trainee: 'Elev/studerende',
  volunteer: 'Frivillig',
  network: 'Netværksplads',
}

/** What payroll writes for each kind of affiliation, the way the sources file reads it back. */
export const affiliationWords: Record<string, string> = Object.fromEntries(
  Object.entries(kinds).map(([kind, word]) => [word, kind]),
)

const unitKinds: Record<string, string> = {
  top: 'Kommune',
  directorate: 'Direktørområde',
  department: 'Afdeling',
  unit: 'Enhed',
  institution: 'Institution',
  school: 'Skole',
  team: 'Team',
  network: 'Netværk',
  political: 'Politisk organ',
}
export const unitKindWords: Record<string, string> = Object.fromEntries(
  Object.entries(unitKinds).map(([kind, word]) => [word, kind]),
)
const trees: Record<string, string> = { admin: 'Administrativ', network: 'Netværk', political: 'Politisk' }
export const treeWords: Record<string, string> = Object.fromEntries(
  Object.entries(trees).map(([tree, word]) => [word, tree]),
)

/** The export of payroll and organisation: six CSV files with Danish headings. */
export async function writeHr(dir: string, organisation: DemoOrganisation, people: Workforce): Promise<void> {
  await writeCsv(
    dir,
    'hr/enheder.csv',
    {
      Enhedsnr: unit => unit.key,
      Navn: unit => unit.name,
      Type: unit => unitKinds[unit.kind],
      Træ: unit => trees[unit.tree],
      Overenhed: unit => unit.parent,
      Leder: unit => people.managers.get(unit.key),
      KLE: unit => unit.kle.join('|'),
      Fra: unit => (unit.copy ? '01.01.2020' : '01.01.2015'),
    },
    organisation.units,
  )
  await writeCsv(
    dir,
    'hr/loenenheder.csv',
    { Lønenhed: unit => unit.key, Navn: unit => unit.name, Over: unit => unit.parent, Enhedsnr: unit => unit.mapsTo },
    organisation.payUnits,
  )
  await writeCsv(
    dir,
    'hr/stillinger.csv',
    {
      Stillingskode: post => post.key,
      Navn: post => post.name,
      Kategori: post => post.category,
      Betegnelser: post => post.titles.join('|'),
    },
    positions,
  )
  await writeCsv(
    dir,
    'hr/personer.csv',
    {
      Personnr: one => one.key,
      'CPR-nummer': one => `${one.cpr.slice(0, 6)}-${one.cpr.slice(6)}`,
      Fornavn: one => one.name.given,
      Efternavn: one => one.name.family,
      Fødselsdato: one => danish(one.birthDate),
      'E-mail': one => one.email,
      Telefon: one => one.phone,
      Adressebeskyttelse: one => one.protected,
    },
    people.staff,
  )
  await writeCsv(
    dir,
    'hr/ansaettelser.csv',
    {
      Tilknytningsnr: one => one.key,
      Personnr: one => one.person.key,
      Art: one => kinds[one.kind],
      Medarbejdernr: one => one.employeeNo,
      Lønenhed: one => one.payUnit,
      Enhed: one => (one.payUnit ? null : one.unit),
      'Afvigende enhed': one => one.unitOverride,
      Stilling: one => one.title,
      Beskæftigelsesgrad: one => (one.fraction === null ? null : one.fraction.toFixed(2).replace('.', ',')),
      Ansat: one => danish(one.startsOn),
      Ophør: one => danish(one.endsOn),
      Hovedstilling: one => one.primary,
      Funktioner: one => one.functions.join('|'),
      'Fravær fra': one => danish(one.leave?.from),
      'Fravær til': one => danish(one.leave?.to),
      Fraværsart: one => one.leave?.kind,
      Kontaktperson: one => one.sponsor,
    },
    people.affiliations,
  )
  await writeCsv(
    dir,
    'hr/stedfortraedere.csv',
    {
      Nr: one => one.key,
      Enhedsnr: one => one.unit,
      Stedfortræder: one => one.deputy,
      Fra: one => danish(one.from),
      Til: one => danish(one.to),
    },
    people.deputies,
  )
}
