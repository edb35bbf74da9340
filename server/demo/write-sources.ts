import { stringify } from 'yaml'
import { writeText } from './file-writer.ts'
import { affiliationWords, treeWords, unitKindWords } from './write-hr.ts'

const date = (column: string) => ({ column, date: 'da' })
const pipe = (column: string) => ({ column, split: '|' })

const hr = {
  key: 'hr',
  name: { da: 'Løn og organisation', en: 'Payroll and organisation' },
  kind: 'csv',
  authority: 20,
  delimiter: ';',
  files: [
    {
      path: 'hr/enheder.csv',
      record: 'unit',
      key: 'Enhedsnr',
      map: {
        name: 'Navn',
        unitKind: { column: 'Type', map: unitKindWords },
        tree: { column: 'Træ', map: treeWords },
        parent: 'Overenhed',
        manager: 'Leder',
        kle: pipe('KLE'),
        validFrom: date('Fra'),
      },
    },
    {
      path: 'hr/loenenheder.csv',
      record: 'unit',
      key: 'Lønenhed',
      map: { name: 'Navn', unitKind: { const: 'unit' }, tree: { const: 'pay' }, parent: 'Over', mapsTo: 'Enhedsnr' },
    },
    {
      path: 'hr/stillinger.csv',
      record: 'position',
      key: 'Stillingskode',
      map: { name: 'Navn', category: 'Kategori', titles: pipe('Betegnelser') },
    },
    {
      path: 'hr/personer.csv',
      record: 'person',
      key: 'Personnr',
      map: {
        givenName: 'Fornavn',
        familyName: 'Efternavn',
        cpr: 'CPR-nummer',
        birthDate: date('Fødselsdato'),
        email: 'E-mail',
        phone: 'Telefon',
        protected: 'Adressebeskyttelse',
      },
    },
    {
      path: 'hr/ansaettelser.csv',
      record: 'affiliation',
      key: 'Tilknytningsnr',
      map: {
        person: 'Personnr',
        affiliationKind: { column: 'Art', map: affiliationWords },
        employeeNo: 'Medarbejdernr',
        payUnit: 'Lønenhed',
        unit: 'Enhed',
        unitOverride: 'Afvigende enhed',
        title: 'Stilling',
        fraction: 'Beskæftigelsesgrad',
        startsOn: date('Ansat'),
        endsOn: date('Ophør'),
        primary: 'Hovedstilling',
        functions: pipe('Funktioner'),
        leaveFrom: date('Fravær fra'),
        leaveTo: date('Fravær til'),
        leaveKind: 'Fraværsart',
        sponsor: 'Kontaktperson',
      },
    },
    {
      path: 'hr/stedfortraedere.csv',
      record: 'deputy',
      key: 'Nr',
      map: { unit: 'Enhedsnr', deputy: 'Stedfortræder', from: date('Fra'), to: date('Til') },
    },
  ],
}

const systems = {
  key: 'systemer',
  name: { da: 'Systemkatalog', en: 'System catalogue' },
  kind: 'csv',
  authority: 20,
  delimiter: ';',
  files: [
    {
      path: 'systemer/systemer.csv',
      record: 'system',
      key: 'Nøgle',
      map: {
        name: 'Navn',
        area: 'Område',
        kle: pipe('KLE'),
        owner: 'Ejer',
        supplier: 'Leverandør',
        criticality: 'Kritikalitet',
        hosting: 'Drift',
        systemKind: 'Type',
        reading: 'Aflæsning',
        status: 'Status',
        unit: 'Enhed',
        login: 'Login',
        changeMode: 'Ændres',
        userCount: 'Brugere',
        contract: 'Kontrakt',
        contractNo: 'Kontraktnr',
        contractFrom: 'Fra',
        contractTo: 'Til',
        contractNoticeMonths: 'Varsel',
        contractPrice: 'Pris',
        agreement: 'Databehandleraftale',
        flows: pipe('Dataflow'),
      },
    },
    {
      path: 'systemer/rettigheder.csv',
      record: 'entitlement',
      key: 'Nøgle',
      map: {
        name: 'Navn',
        description: 'Beskrivelse',
        entitlementKind: 'Art',
        sensitivity: 'Følsomhed',
        privileged: { column: 'Privilegeret', map: { Ja: true, Nej: false } },
        constraints: pipe('Afgrænsninger'),
      },
    },
  ],
}

const ad = {
  key: 'ad',
  name: { da: 'Active Directory', en: 'Active Directory' },
  kind: 'ldif',
  authority: 10,
  file: 'ad/ad.ldif',
  records: [
    {
      record: 'account',
      match: { objectClass: 'user' },
      key: 'objectGUID',
      map: {
        username: 'sAMAccountName',
        displayName: 'displayName',
        email: 'mail',
        dn: 'dn',
        employeeNo: 'employeeID',
        accountKind: {
          attribute: 'employeeType',
          map: { Medarbejder: 'personal', Administrator: 'admin', Tjeneste: 'service', Fælles: 'shared' },
          default: 'personal',
        },
        enabled: { attribute: 'userAccountControl', flag: '!2' },
        lastSignIn: { attribute: 'lastLogonTimestamp', date: 'filetime' },
        passwordChangedAt: { attribute: 'pwdLastSet', date: 'filetime' },
        expiresAt: { attribute: 'accountExpires', date: 'filetime' },
        description: 'description',
        title: 'title',
      },
    },
    {
      record: 'group',
      match: { objectClass: 'group' },
      key: 'objectGUID',
      map: { name: 'cn', dn: 'dn', description: 'description', members: { attribute: 'member', lower: true } },
    },
  ],
}

const pupil = { objectClass: 'elevPerson' }
const school = {
  key: 'skole',
  name: { da: 'Skolernes brugere', en: 'School directory' },
  kind: 'ldif',
  authority: 15,
  file: 'skole/skole.ldif',
  correlation: { realm: 'pupil' },
  records: [
    {
      record: 'person',
      match: pupil,
      key: 'entryUUID',
      map: {
        givenName: 'givenName',
        familyName: 'sn',
        realm: { const: 'pupil' },
        cpr: 'elevCpr',
        birthDate: { attribute: 'elevFoedselsdato', date: 'iso' },
        email: 'mail',
        protected: { attribute: 'elevBeskyttet', map: { TRUE: true, FALSE: false } },
      },
    },
    {
      record: 'affiliation',
      match: pupil,
      key: 'entryUUID',
      map: {
        person: 'entryUUID',
        affiliationKind: { const: 'pupil' },
        unit: 'elevSkole',
        schoolClass: 'elevKlasse',
        startsOn: { attribute: 'elevIndskrevet', date: 'iso' },
        primary: { const: true },
      },
    },
    {
      record: 'account',
      match: pupil,
      key: 'entryUUID',
      map: {
        username: 'uid',
        displayName: 'displayName',
        email: 'mail',
        dn: 'dn',
        person: 'entryUUID',
        accountKind: { const: 'personal' },
        enabled: { const: true },
      },
    },
    {
      record: 'group',
      match: { objectClass: 'groupOfNames' },
      key: 'entryUUID',
      map: { name: 'cn', dn: 'dn', description: 'description', members: { attribute: 'member', lower: true } },
    },
  ],
}

/** The declaration of the sources, as an administrator would write it for real ones. `lists` are those of systems. */
export async function writeSources(dir: string, lists: readonly object[]): Promise<void> {
  const head =
    '# Kilderne til demonstrationskommunen Lindevang. Alle personer, numre og konti er opdigtede.\n' +
    '# The sources of the demonstration municipality Lindevang. All people, numbers and accounts are invented.\n'
  await writeText(dir, 'kilder.yaml', [
    head,
    stringify({ sources: [hr, systems, ad, school, ...lists] }, { lineWidth: 120, aliasDuplicateObjects: false }),
  ])
}
