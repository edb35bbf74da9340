import type { RegisterPart } from '#contract/register-transfer.ts'
import type { VocabularyKind } from '#contract/vocabularies.ts'

/*
 * The sheets of the register as a workbook: what each column is called, what else town halls call it, and what may stand
 * in it. A column that is marked `foreign` is never written: other people's lists have it, ours says it on another sheet.
 */

export type Language = 'da' | 'en'
export type Column = {
  name: string
  da: string
  en: string
  /** Words that others put above the same things, the surest first. */
  also?: readonly string[]
  /** Terms of this vocabulary; `several`: more than one in a cell. */
  terms?: VocabularyKind
  several?: true
  choice?: keyof typeof CHOICES
  foreign?: true
  /** Workbooks that an earlier version wrote have no such column, and are ours all the same. */
  later?: true
  /** Signs that a cell of it usually shows. */
  width?: number
}

/** Values of closed lists, in both languages. */
export const CHOICES = {
  kind: {
    controller: { da: 'Dataansvarlig', en: 'Controller' },
    processor: { da: 'Databehandler', en: 'Processor' },
  },
  archive: {
    keep: { da: 'Bevares', en: 'Kept' },
    discard: { da: 'Kasseres', en: 'Discarded' },
    unknown: { da: 'Ikke afklaret', en: 'Not settled' },
  },
  role: {
    joint: { da: 'Fælles dataansvarlig', en: 'Joint controller' },
    for: { da: 'Kommunen behandler for', en: 'We process for' },
  },
} as const

const OF: readonly Column[] = [
  {
    ...{ name: 'activity', da: 'Aktivitet', en: 'Activity', width: 12 },
    also: ['nr', 'nummer', 'ref', 'reference', 'behandlingsaktivitet', 'aktivitet nr', 'id', 'record'],
  },
  { name: 'title', da: 'Aktivitetens navn', en: 'Name of the activity', also: ['titel', 'title'], width: 34 },
]

export const SHEETS: Record<RegisterPart, { da: string; en: string; columns: readonly Column[] }> = {
  activities: {
    ...{ da: 'Aktiviteter', en: 'Activities' },
    columns: [
      { name: 'ref', da: 'Ref.', en: 'Ref.', also: ['nr', 'nummer', 'id', 'reference', 'aktivitet nr'], width: 10 },
      { name: 'kind', da: 'Kommunens rolle', en: 'Our role', also: ['rolle', 'role'], choice: 'kind', width: 18 },
      {
        ...{ name: 'name', da: 'Behandlingsaktivitet', en: 'Processing activity', width: 40 },
        also: ['navn', 'titel', 'aktivitet', 'behandling', 'navn på behandlingen', 'name', 'title', 'activity'],
      },
      { name: 'nameEn', da: 'Navn på engelsk', en: 'Name in English', width: 34 },
      {
        ...{ name: 'area', da: 'Område', en: 'Area', width: 22 },
        also: ['fagområde', 'forvaltning', 'forvaltningsområde', 'center', 'afdeling', 'department'],
      },
      {
        ...{ name: 'description', da: 'Beskrivelse', en: 'Description', width: 50 },
        also: ['beskrivelse af behandlingen', 'bemærkninger', 'note', 'noter'],
      },
      {
        ...{ name: 'owner', da: 'Ejer [medarbejdernr.]', en: 'Owner [employee number]', width: 30 },
        also: ['ejer', 'ansvarlig', 'dataejer', 'ansvarlig person', 'owner', 'responsible'],
      },
      {
        ...{ name: 'units', da: 'Ansvarlige enheder', en: 'Responsible units', several: true, width: 30 },
        also: ['enhed', 'enheder', 'ansvarlig enhed', 'ansvarlig afdeling', 'units'],
      },
      {
        name: 'kle',
        da: 'KLE-numre',
        en: 'KLE numbers',
        several: true,
        also: ['kle', 'kle-nr', 'kle nr', 'kle-nummer'],
      },
      {
        ...{ name: 'information', da: 'Sådan får de registrerede besked', en: 'How people are told', width: 40 },
        also: ['oplysningspligt', 'oplysningspligten', 'information', 'duty to inform'],
      },
      { name: 'consent', da: 'Samtykke', en: 'Consent', also: ['samtykker', 'hvor opbevares samtykke'], width: 30 },
      {
        ...{ name: 'reviewMonths', da: 'Måneder mellem bekræftelser', en: 'Months between attestations' },
        also: ['revision', 'gennemgås hver'],
      },
      {
        ...{ name: 'measuresNote', da: 'Note om foranstaltninger', en: 'Note on measures', width: 40 },
        also: [
          'sikkerhed',
          'sikkerhedsforanstaltninger',
          'foranstaltninger',
          'tekniske og organisatoriske foranstaltninger',
        ],
      },
      { name: 'dpo', da: 'DPO', en: 'DPO', also: ['databeskyttelsesrådgiver'], width: 24 },
      { name: 'dpoContact', da: 'DPO, kontakt', en: 'DPO, contact', width: 24 },
      { name: 'representative', da: 'Repræsentant', en: 'Representative', width: 24 },
      { name: 'representativeContact', da: 'Repræsentant, kontakt', en: 'Representative, contact', width: 24 },
      { name: 'purpose', da: 'Formål', en: 'Purpose', also: ['formål med behandlingen', 'formålet'], foreign: true },
      {
        ...{ name: 'art6', da: 'Grundlag, artikel 6', en: 'Basis, Article 6', terms: 'basis6', foreign: true },
        also: ['hjemmel', 'behandlingsgrundlag', 'retsgrundlag', 'artikel 6', 'art 6', 'legal basis'],
      },
      {
        ...{
          name: 'art9',
          da: 'Betingelse, artikel 9',
          en: 'Condition, Article 9',
          terms: 'basis9',
          several: true,
          foreign: true,
        },
        also: ['artikel 9', 'art 9', 'følsomme'],
      },
      {
        ...{
          name: 'national',
          da: 'Databeskyttelsesloven',
          en: 'Data Protection Act',
          terms: 'national',
          several: true,
        },
        ...{ foreign: true, also: ['dbl'] },
      },
      {
        name: 'laws',
        da: 'Love',
        en: 'Laws',
        several: true,
        foreign: true,
        also: ['lov', 'lovgivning', 'lovhjemmel', 'særlov'],
      },
    ],
  },
  rows: {
    ...{ da: 'Rækker', en: 'Rows' },
    columns: [
      ...OF,
      {
        ...{ name: 'subject', da: 'Registreret', en: 'Data subject', terms: 'subject', width: 34 },
        also: ['registrerede', 'kategori af registrerede', 'kategorier af registrerede', 'hvem', 'data subjects'],
      },
      {
        ...{ name: 'data', da: 'Oplysninger', en: 'Data', terms: 'data', width: 38 },
        also: ['kategori af oplysninger', 'personoplysninger', 'oplysning', 'hvilke oplysninger', 'personal data'],
      },
      {
        ...{ name: 'recipient', da: 'Modtager', en: 'Recipient', terms: 'recipient', width: 34 },
        also: ['modtagere', 'videregives til', 'kategori af modtagere', 'recipients'],
      },
      {
        ...{ name: 'erasure', da: 'Slettefrist', en: 'Erasure limit', width: 20 },
        also: ['slettes', 'opbevaring', 'sletning', 'frist', 'retention'],
      },
      { name: 'source', da: 'Kilde', en: 'Source', also: ['hvor fra', 'indsamles fra'], width: 30 },
    ],
  },
  purposes: {
    ...{ da: 'Grundlag', en: 'Bases' },
    columns: [
      ...OF,
      { name: 'key', da: 'Formålets nøgle', en: 'Key of the purpose', also: ['nøgle', 'key'], width: 18 },
      { name: 'name', da: 'Formål', en: 'Purpose', also: ['formål med behandlingen', 'formålet'], width: 40 },
      {
        name: 'description',
        da: 'Beskrivelse af formålet',
        en: 'Description of the purpose',
        also: ['beskrivelse'],
        width: 40,
      },
      {
        ...{ name: 'broader', da: 'Formålsart', en: 'Kind of purpose', terms: 'purpose-kind', later: true, width: 34 },
        also: ['formålets art', 'art af formål', 'type af formål', 'purpose type', 'broader purpose'],
      },
      {
        ...{ name: 'art6', da: 'Grundlag, artikel 6', en: 'Basis, Article 6', terms: 'basis6', width: 34 },
        also: ['artikel 6', 'art 6', 'behandlingsgrundlag', 'legal basis'],
      },
      {
        ...{
          name: 'art9',
          da: 'Betingelse, artikel 9',
          en: 'Condition, Article 9',
          terms: 'basis9',
          several: true,
          width: 34,
        },
        also: ['artikel 9', 'art 9'],
      },
      {
        ...{
          name: 'national',
          da: 'Databeskyttelsesloven',
          en: 'Data Protection Act',
          terms: 'national',
          several: true,
        },
        ...{ width: 34 },
      },
      { name: 'law', da: 'Lov', en: 'Law', terms: 'law', also: ['lovgivning', 'særlov', 'statute'], width: 34 },
      { name: 'section', da: 'Bestemmelse', en: 'Provision', also: ['paragraf', '§', 'section'], width: 20 },
      { name: 'link', da: 'Link til loven', en: 'Link to the law', also: ['link'], width: 30 },
      { name: 'checkedOn', da: 'Slået op', en: 'Looked up', also: ['tjekket', 'checked'], width: 14 },
    ],
  },
  retention: {
    ...{ da: 'Slettefrister', en: 'Erasure limits' },
    columns: [
      ...OF,
      {
        name: 'key',
        da: 'Slettefristens nøgle',
        en: 'Key of the limit',
        also: ['nøgle', 'key', 'slettefrist'],
        width: 18,
      },
      {
        name: 'startEvent',
        da: 'Regnes fra',
        en: 'Counted from',
        also: ['hændelse', 'starttidspunkt', 'fra'],
        width: 34,
      },
      { name: 'period', da: 'Periode', en: 'Period', also: ['frist', 'opbevaringstid', 'hvor længe'], width: 16 },
      { name: 'basis', da: 'Begrundelse', en: 'Because of', also: ['grundlag', 'hjemmel'], width: 34 },
      {
        name: 'archive',
        da: 'Arkivpligt',
        en: 'Duty to archive',
        also: ['arkivloven', 'bevaring'],
        choice: 'archive',
        width: 16,
      },
      { name: 'note', da: 'Note', en: 'Note', width: 34 },
    ],
  },
  transfers: {
    ...{ da: 'Overførsler', en: 'Transfers' },
    columns: [
      ...OF,
      {
        name: 'recipient',
        da: 'Modtager af overførslen',
        en: 'Recipient of the transfer',
        also: ['modtager'],
        width: 30,
      },
      { name: 'country', da: 'Land', en: 'Country', also: ['tredjeland', 'land eller organisation'], width: 14 },
      {
        name: 'ground',
        da: 'Overførselsgrundlag',
        en: 'Transfer ground',
        terms: 'transfer-ground',
        also: ['grundlag'],
        width: 34,
      },
      { name: 'document', da: 'Dokument', en: 'Document', also: ['dokumentation', 'link'], width: 30 },
      { name: 'from', da: 'Fra', en: 'From', width: 14 },
      { name: 'to', da: 'Til', en: 'To', width: 14 },
    ],
  },
  systems: {
    ...{ da: 'Systemer', en: 'Systems' },
    columns: [
      ...OF,
      {
        name: 'system',
        da: 'System [nøgle]',
        en: 'System [key]',
        also: ['system', 'it-system', 'systemnavn'],
        width: 34,
      },
      { name: 'use', da: 'Bruges til', en: 'Used for', also: ['anvendelse', 'brug', 'formål'], width: 40 },
    ],
  },
  measures: {
    ...{ da: 'Foranstaltninger', en: 'Measures' },
    columns: [
      ...OF,
      {
        name: 'measure',
        da: 'Foranstaltning',
        en: 'Measure',
        terms: 'measure',
        also: ['sikkerhedsforanstaltning'],
        width: 50,
      },
    ],
  },
  parties: {
    ...{ da: 'Andre parter', en: 'Other parties' },
    columns: [
      ...OF,
      { name: 'role', da: 'Partens rolle', en: 'Role of the party', also: ['rolle'], choice: 'role', width: 22 },
      { name: 'name', da: 'Part', en: 'Party', also: ['navn', 'name'], width: 34 },
      { name: 'contact', da: 'Kontakt', en: 'Contact', width: 30 },
      {
        name: 'arrangement',
        da: 'Ordning (art. 26)',
        en: 'Arrangement (Art. 26)',
        also: ['ordning', 'aftale'],
        width: 34,
      },
      { name: 'representative', da: 'Repræsentant', en: 'Representative', width: 24 },
      { name: 'representativeContact', da: 'Repræsentant, kontakt', en: 'Representative, contact', width: 24 },
      { name: 'dpo', da: 'DPO', en: 'DPO', width: 24 },
      { name: 'dpoContact', da: 'DPO, kontakt', en: 'DPO, contact', width: 24 },
      { name: 'categories', da: 'Behandlinger', en: 'Categories of processing', several: true, width: 40 },
    ],
  },
}
export const LISTS = { da: 'Lister', en: 'Lists' } as const

/** Those that our own workbook has. */
export const ownColumns = (part: RegisterPart): readonly Column[] => SHEETS[part].columns.filter(one => !one.foreign)
export const columnOf = (part: RegisterPart, name: string): Column | undefined =>
  SHEETS[part].columns.find(one => one.name === name)
