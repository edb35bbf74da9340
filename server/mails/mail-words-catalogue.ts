import type { MailLanguage } from '#contract/mail-lists.ts'

/** What mails tell owners about their systems: never more than which system, which contract and which day. */
export type CatalogueMailFacts = {
  'contract-day': { system: string; contract: string; what: 'notice' | 'end'; on: string }
  'sheet-attestation': { system: string; on: string; stage: 'before' | 'after' }
}

type Kinds = {
  [K in keyof CatalogueMailFacts]: {
    subject: string
    heading: string
    line: (facts: CatalogueMailFacts[K], who: string, day: (date: string) => string) => string
  }
}

export const catalogueWords: Record<MailLanguage, Kinds> = {
  da: {
    'contract-day': {
      subject: 'Hjemmel: en kontrakt skal opsiges eller slutter snart',
      heading: 'Kontrakter, der skal opsiges eller slutter snart',
      line: (f, _who, day) =>
        f.what === 'notice'
          ? `${f.system}, ${f.contract}: skal den opsiges, er det senest ${day(f.on)}`
          : `${f.system}, ${f.contract}: slutter ${day(f.on)}`,
    },
    'sheet-attestation': {
      subject: 'Hjemmel: passer systemarket stadig?',
      heading: 'Systemark, du skal bekræfte',
      line: (f, _who, day) =>
        f.stage === 'before'
          ? `${f.system}: bekræft senest ${day(f.on)}, at systemarket stadig passer. Det tager to minutter`
          : `${f.system}: systemarket skulle være bekræftet ${day(f.on)}`,
    },
  },
  en: {
    'contract-day': {
      subject: 'Hjemmel: a contract is due for notice or ends soon',
      heading: 'Contracts that are due for notice or end soon',
      line: (f, _who, day) =>
        f.what === 'notice'
          ? `${f.system}, ${f.contract}: if notice is to be given, then by ${day(f.on)}`
          : `${f.system}, ${f.contract}: ends on ${day(f.on)}`,
    },
    'sheet-attestation': {
      subject: 'Hjemmel: is the sheet of a system still true?',
      heading: 'Sheets that you are to confirm',
      line: (f, _who, day) =>
        f.stage === 'before'
          ? `${f.system}: confirm by ${day(f.on)} that the sheet is still true. It takes two minutes`
          : `${f.system}: the sheet was to be confirmed by ${day(f.on)}`,
    },
  },
}
