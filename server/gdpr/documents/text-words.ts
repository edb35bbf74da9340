import type { TextKind } from '#contract/compliance.ts'
import type { RetentionKey, RetentionRow } from '#contract/retention-rows.ts'
import type { Language } from '../../platform/documents/document.ts'

type Words = {
  kind: Record<TextKind, string>
  about: { municipality: string; version: string; draft: string; number: (version: number, day: string) => string }
  periods: { title: string; head: readonly [what: string, from: string, period: string] }
  row: Record<RetentionKey, string>
  from: Record<RetentionRow['from'], string>
  period: Record<'days' | 'months' | 'years', readonly [one: string, more: string]>
  foot: string
  file: Record<TextKind, string>
  locale: string
}

/** What stands around a text on paper. What is kept is called there as it is called on the screen. */
export const paperTextWords: Record<Language, Words> = {
  da: {
    kind: { notice: 'Meddelelse til medarbejdere', dpia: 'Konsekvensanalyse', 'log-policy': 'Logpolitik' },
    about: {
      municipality: 'Kommune',
      version: 'Udgave',
      draft: 'Udkast, der ikke er udsendt',
      number: (version, day) => `${version}, ${day}`,
    },
    periods: { title: 'Hvor længe oplysninger gemmes', head: ['Hvad', 'Regnet fra', 'Frist'] },
    row: {
      contact: 'Mail og telefon på fratrådte',
      cpr: 'CPR-nummer og dets kendetegn',
      name: 'Navn: erstattes af et tilfældigt nummer',
      account: 'Navne på konti, der er væk',
      approvals: 'Begrundelser: godkendelser, undtagelser, spærringer, slettestop, sammenlægninger og roller',
      findings: 'Afsluttede opmærksomhedspunkter',
      lookups: 'Hvad opslag handlede om',
      'lookups-wide': 'Opslag af administratorer, it, DPO og revisor',
      changes: 'Før og efter ændringer i loggen',
      drafts: 'Kladder til indberetninger, ingen sendte',
      cases: 'Fritekst i afsluttede indberetninger og autosvar',
      rectifications: 'Ord og svar, når nogen siger, at noget er forkert',
      'hr-events': 'Indholdet af hændelser fra løn',
      orders: 'Indholdet af bestillinger om fratrådte',
      evidence: 'Noter og filer på opgaver',
      mails: 'Mails og påmindelser',
      exports: 'Indlæste kataloger, der venter',
      runs: 'Enkeltheder i indlæsninger',
      backups: 'Sikkerhedskopier',
      breaches: 'Register over brud',
      'subject-requests': 'Sager om indsigt',
      misuse: 'Udtræk i sager om misbrug',
      awareness: 'Undervisning, den enkelte',
    },
    from: {
      left: 'Sidste dag',
      answered: 'Besvaret',
      released: 'Frigivet',
      decided: 'Afgjort',
      closed: 'Afsluttet',
      event: 'Hændelsen',
      made: 'Lavet',
      gone: 'Væk fra kilden',
      run: 'Kørslen',
      sent: 'Sendt',
      outside: 'Uden for Hjemmel',
    },
    period: { days: ['dag', 'dage'], months: ['måned', 'måneder'], years: ['år', 'år'] },
    foot: 'Skrevet fra Hjemmel',
    file: { notice: 'meddelelse', dpia: 'konsekvensanalyse', 'log-policy': 'logpolitik' },
    locale: 'da-DK',
  },
  en: {
    kind: { notice: 'Notice to employees', dpia: 'Impact assessment', 'log-policy': 'Log policy' },
    about: {
      municipality: 'Municipality',
      version: 'Version',
      draft: 'A draft that is not published',
      number: (version, day) => `${version}, ${day}`,
    },
    periods: { title: 'How long information is kept', head: ['What', 'Counted from', 'Period'] },
    row: {
      contact: 'E-mail and telephone of leavers',
      cpr: 'CPR number and its hash',
      name: 'Name: a random number takes its place',
      account: 'Names of accounts that are gone',
      approvals: 'Reasons: approvals, exceptions, locks, holds, merges and roles',
      findings: 'Closed findings',
      lookups: 'What lookups were about',
      'lookups-wide': 'Lookups by administrators, IT, DPO and auditor',
      changes: 'Before and after of changes in the log',
      drafts: 'Drafts of reports that nobody sent',
      cases: 'Free text of closed reports, and automatic replies',
      rectifications: 'Words and answers where somebody says that something is wrong',
      'hr-events': 'Content of events from payroll',
      orders: 'Content of orders about leavers',
      evidence: 'Notes and files of tasks',
      mails: 'Mails and reminders',
      exports: 'Catalogues that were read in and wait',
      runs: 'Details of runs',
      backups: 'Backups',
      breaches: 'Register of breaches',
      'subject-requests': 'Subject requests',
      misuse: 'Extracts in cases of misuse',
      awareness: 'Training of individuals',
    },
    from: {
      left: 'Last day',
      answered: 'Answered',
      released: 'Released',
      decided: 'Decided',
      closed: 'Closed',
      event: 'The event',
      made: 'Made',
      gone: 'Gone from its source',
      run: 'The run',
      sent: 'Sent',
      outside: 'Outside Hjemmel',
    },
    period: { days: ['day', 'days'], months: ['month', 'months'], years: ['year', 'years'] },
    foot: 'Written from Hjemmel',
    file: { notice: 'notice', dpia: 'impact-assessment', 'log-policy': 'log-policy' },
    locale: 'en-GB',
  },
}
