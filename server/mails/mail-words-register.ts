import type { MailLanguage } from '#contract/mail-lists.ts'

/** What mails tell about the register, and about what somebody says is wrong. `system` and `right` are absent where it is about neither. */
export type RegisterMailFacts = {
  'rectification-asked': Wrong & { due: string }
  'rectification-due': Wrong & { due: string; stage: 'before' | 'after' }
  'rectification-answered': Wrong & { outcome: 'corrected' | 'will-be' | 'right-as-is' }
  'binding-review': { what: string; activity: string; on: string; stage: 'on' | 'after' }
  'attestation-due': { activity: string; on: string; stage: 'before' | 'after' }
}
type Wrong = { about: 'right' | 'affiliation' | 'account' | 'person'; system?: string; right?: string; on: string }

type Kinds = {
  [K in keyof RegisterMailFacts]: {
    subject: string
    heading: string
    line: (facts: RegisterMailFacts[K], who: string, day: (date: string) => string) => string
  }
}

const daWhat = ({ about, right, system }: Wrong) =>
  about === 'right'
    ? `rettigheden ${right ?? ''} i ${system ?? ''}`
    : { affiliation: 'en tilknytning', account: 'en konto', person: 'personoplysninger' }[about]
const enWhat = ({ about, right, system }: Wrong) =>
  about === 'right'
    ? `the right ${right ?? ''} in ${system ?? ''}`
    : { affiliation: 'an affiliation', account: 'an account', person: 'personal data' }[about]

export const registerWords: Record<MailLanguage, Kinds> = {
  da: {
    'rectification-asked': {
      subject: 'Hjemmel: en medarbejder siger, at noget er forkert',
      heading: 'Det er forkert, siger en medarbejder',
      line: (f, who, day) => `${who}: ${daWhat(f)}. Svar senest ${day(f.due)}`,
    },
    'rectification-due': {
      subject: 'Hjemmel: en medarbejder venter på dit svar',
      heading: 'Medarbejdere, der venter på svar om noget forkert',
      line: (f, who, day) =>
        f.stage === 'before'
          ? `${who}: ${daWhat(f)}. Sagt ${day(f.on)}, og svaret skal gives senest ${day(f.due)}`
          : `${who}: ${daWhat(f)}. Sagt ${day(f.on)}, og svaret skulle være givet ${day(f.due)}`,
    },
    'rectification-answered': {
      subject: 'Hjemmel: du har fået svar',
      heading: 'Svar på det, du har sagt er forkert',
      line: (f, _who, day) =>
        `Om ${daWhat(f)}, som du skrev om ${day(f.on)}: ${
          {
            corrected: 'det er rettet',
            'will-be': 'det bliver rettet',
            'right-as-is': 'det er rigtigt, som det er',
          }[f.outcome]
        }. Læs svaret på din side`,
    },
    'binding-review': {
      subject: 'Hjemmel: et formål skal ses efter igen',
      heading: 'Formål, der skal ses efter igen',
      line: (f, _who, day) =>
        `${f.what} bruges til ${f.activity}. Om det stadig passer, ${f.stage === 'on' ? 'skal' : 'skulle'} ses efter senest ${day(f.on)}`,
    },
    'attestation-due': {
      subject: 'Hjemmel: en fortegnelse skal bekræftes',
      heading: 'Fortegnelser, du skal bekræfte',
      line: (f, _who, day) =>
        f.stage === 'before'
          ? `${f.activity}: bekræft senest ${day(f.on)}, at den stadig passer`
          : `${f.activity}: det skulle være bekræftet ${day(f.on)}, at den stadig passer`,
    },
  },
  en: {
    'rectification-asked': {
      subject: 'Hjemmel: an employee says that something is wrong',
      heading: 'This is wrong, says an employee',
      line: (f, who, day) => `${who}: ${enWhat(f)}. Answer by ${day(f.due)}`,
    },
    'rectification-due': {
      subject: 'Hjemmel: an employee waits for your answer',
      heading: 'Employees who wait for an answer about something wrong',
      line: (f, who, day) =>
        f.stage === 'before'
          ? `${who}: ${enWhat(f)}. Said on ${day(f.on)}, to be answered by ${day(f.due)}`
          : `${who}: ${enWhat(f)}. Said on ${day(f.on)}, and was to be answered by ${day(f.due)}`,
    },
    'rectification-answered': {
      subject: 'Hjemmel: you have an answer',
      heading: 'Answers to what you have said is wrong',
      line: (f, _who, day) =>
        `About ${enWhat(f)}, of which you wrote on ${day(f.on)}: ${
          {
            corrected: 'it has been put right',
            'will-be': 'it will be put right',
            'right-as-is': 'it is right as it is',
          }[f.outcome]
        }. Read the answer on your page`,
    },
    'binding-review': {
      subject: 'Hjemmel: a purpose is to be looked at again',
      heading: 'Purposes to look at again',
      line: (f, _who, day) =>
        `${f.what} is used for ${f.activity}. Whether that is still true ${f.stage === 'on' ? 'is' : 'was'} to be looked at by ${day(f.on)}`,
    },
    'attestation-due': {
      subject: 'Hjemmel: a record is to be attested',
      heading: 'Records that you are to attest',
      line: (f, _who, day) =>
        f.stage === 'before'
          ? `${f.activity}: attest by ${day(f.on)} that it is still true`
          : `${f.activity}: was to be attested by ${day(f.on)}`,
    },
  },
}
