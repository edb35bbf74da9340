import type { ProofLine } from '#contract/lifecycle-proof.ts'

/** Words of the report as a file: it is read without the screen, by people who never sign in. */
const da = {
  file: 'fratraedelser',
  title: 'Bevis for fratrædelser',
  period: 'Fratrådt fra og med',
  until: 'til og med',
  unit: 'Enhed',
  all: 'Alle enheder',
  made: 'Lavet',
  by: 'af',
  rule: 'Til tiden er senest ved enhedens skæringstid på den første dag, personen ikke er der mere, eller en time efter at fratrædelsen blev bekræftet. Samme dag er senere på den dag.',
  none: 'Ingen er fratrådt i perioden.',
  sum: 'I alt',
  lines: 'Linjer',
  open: 'Åbne',
  overdue: 'Over tiden',
  onTime: 'Til tiden',
  late: 'Senere',
  people: 'Fratrådte',
  unexpected: 'Uden for reglerne',
  cut: 'Der er flere linjer, end filen rummer. Vælg en kortere periode.',
  page: (n: number, of: number) => `Side ${n} af ${of}`,
  hidden: 'Beskyttet person',
  columns: {
    person: 'Person',
    unit: 'Enhed',
    ends: 'Første dag væk',
    system: 'System',
    what: 'Rettighed eller konto',
    expected: 'Efter reglerne',
    should: 'Skulle slutte',
    ended: 'Sluttede',
    by: 'Ved',
    verified: 'Set',
    state: 'Status',
    days: 'Dage',
  },
  left: {
    mailbox: 'Postkassen overdraget',
    'mailbox-closed': 'Postkassen lukket',
    drive: 'Det personlige drev overdraget',
    cases: 'Sagerne overdraget',
  } as Record<string, string>,
  yes: 'ja',
  no: 'nej',
  state: {
    kept: 'beholdes i en anden ansættelse',
    open: 'åben',
    unseen: 'ikke set siden',
    said: 'meldt udført',
    verified: 'set fjernet',
  } satisfies Record<ProofLine['state'], string> as Record<ProofLine['state'], string>,
  timing: {
    'on-time': 'til tiden',
    'same-day': 'samme dag',
    late: 'for sent',
    running: 'frist løber',
    overdue: 'over tiden',
  } as Record<NonNullable<ProofLine['timing']>, string>,
  means: {
    connector: 'automatisk',
    task: 'opgave',
    reading: 'indlæsning',
    'never-held': 'var der ikke',
  } as Record<NonNullable<ProofLine['by']>, string>,
}
export type ProofWords = typeof da
const en: ProofWords = {
  file: 'leavers',
  title: 'Leaver proof',
  period: 'Left from',
  until: 'to',
  unit: 'Unit',
  all: 'All units',
  made: 'Made',
  by: 'by',
  rule: 'On time is by the cut-over hour of the unit on the first day away, or within an hour of the end being confirmed. Same day is later on that day.',
  none: 'Nobody has left in this period.',
  sum: 'Total',
  lines: 'Lines',
  open: 'Open',
  overdue: 'Overdue',
  onTime: 'On time',
  late: 'Later',
  people: 'Leavers',
  unexpected: 'Outside the rules',
  cut: 'There are more lines than the file holds. Choose a shorter period.',
  page: (n, of) => `Page ${n} of ${of}`,
  hidden: 'Protected person',
  columns: {
    person: 'Person',
    unit: 'Unit',
    ends: 'First day away',
    system: 'System',
    what: 'Right or account',
    expected: 'By the rules',
    should: 'Should end',
    ended: 'Ended',
    by: 'By',
    verified: 'Seen',
    state: 'State',
    days: 'Days',
  },
  left: {
    mailbox: 'Mailbox handed over',
    'mailbox-closed': 'Mailbox closed',
    drive: 'Personal drive handed over',
    cases: 'Cases handed over',
  },
  yes: 'yes',
  no: 'no',
  state: {
    kept: 'kept by another job',
    open: 'open',
    unseen: 'not seen since',
    said: 'said to be done',
    verified: 'seen to be gone',
  },
  timing: { 'on-time': 'on time', 'same-day': 'same day', late: 'late', running: 'still in time', overdue: 'overdue' },
  means: { connector: 'connector', task: 'task', reading: 'reading', 'never-held': 'was not held' },
}
export const proofWords: Record<'da' | 'en', ProofWords> = { da, en }

export type ProofFormats = { words: ProofWords; day(date: string): string; moment(instant: string): string }
/** Dates and hours as they are read in the municipality, in one of the two languages. */
export function proofFormats(language: 'da' | 'en'): ProofFormats {
  const locale = language === 'da' ? 'da-DK' : 'en-GB'
  const day = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'short' })
  const moment = new Intl.DateTimeFormat(locale, {
    ...{ timeZone: 'Europe/Copenhagen', dateStyle: 'short', timeStyle: 'short' },
  })
  return {
    words: proofWords[language],
    day: date => day.format(new Date(`${date}T00:00:00Z`)),
    moment: instant => moment.format(new Date(instant)),
  }
}
