import type { MailKind, MailLanguage } from '#contract/mail-lists.ts'
import { type Written, written } from '../platform/mail-letter.ts'
import type { AnyFacts, MailFacts, Told } from './mail-facts.ts'
import { catalogueWords } from './mail-words-catalogue.ts'
import { registerWords } from './mail-words-register.ts'

/*
 * The words of every mail, in both languages. Pure: what stands in a mail is what is given here, so a preview, the page and
 * the mail itself are one text. A name comes as null where it is protected, and empty where the person has died and the
 * mail is about something else: nobody's death is read between the lines of a task; numbers that look like CPR numbers (in a title,
 * in the name of a system) are taken out of everything that is written.
 */

type Words = {
  hello: string
  many: (count: number) => string
  more: (count: number) => string
  open: string
  end: string
  hidden: string
  /** Instead of the name of somebody who has died. */
  former: string
  day: Intl.DateTimeFormat
  kinds: {
    [K in MailKind]: {
      subject: string
      heading: string
      line: (facts: MailFacts[K], who: string, day: (date: string) => string) => string
    }
  }
}

const days = (locale: string) =>
  new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' })
const join = (...parts: (string | null | false)[]) => parts.filter(Boolean).join(', ')

const CASES = {
  da: {
    hire: 'Begynder',
    move: 'Skifter',
    absence: 'Fravær fra',
    end: 'Sidste dag',
    withdraw: 'Begynder alligevel ikke, meddelt',
    postpone: 'Sidste dag er ændret til',
    extend: 'Forlænget til og med',
  },
  en: {
    hire: 'Starts',
    move: 'Moves',
    absence: 'Absent from',
    end: 'Last day',
    withdraw: 'Does not start after all, reported',
    postpone: 'The last day is now',
    extend: 'Extended until and including',
  },
}
const happens = (words: (typeof CASES)[MailLanguage], { case: kind, door }: MailFacts['case-plan']): string =>
  words[door === 'withdraw' || door === 'postpone' || door === 'extend' ? door : kind]

const WORDS: Record<MailLanguage, Words> = {
  da: {
    hello: 'Hej',
    many: count => `Hjemmel: ${count} beskeder til dig`,
    more: count => `og ${count} mere`,
    open: 'Åbn',
    end: 'Mails fra Hjemmel indeholder aldrig CPR-numre. Vælg sprog, og se dine mails',
    hidden: 'en person med beskyttet navn',
    former: 'en tidligere medarbejder',
    day: days('da-DK'),
    kinds: {
      ...registerWords.da,
      ...catalogueWords.da,
      'task-assigned': {
        subject: 'Hjemmel: ny opgave',
        heading: 'Nye opgaver',
        line: (f, who, day) =>
          `${f.urgent ? 'Haster: ' : ''}${f.system}: ${f.direction === 'give' ? 'giv adgang til' : 'fjern adgang for'} ${who}, senest ${day(f.on)}${f.reopened ? ' (åbnet igen: det var ikke udført)' : ''}`,
      },
      'task-due': {
        subject: 'Hjemmel: opgave med frist',
        heading: 'Opgaver med frist',
        line: (f, who, day) =>
          `${f.system}: ${f.direction === 'give' ? 'giv adgang til' : 'fjern adgang for'} ${who} ${
            {
              before: `skal være udført ${day(f.on)}`,
              on: 'skal udføres i dag',
              after: `skulle være udført ${day(f.on)}`,
            }[f.stage]
          }`,
      },
      'task-escalated': {
        subject: 'Hjemmel: en opgave er ikke udført',
        heading: 'Opgaver, som ingen har udført',
        line: (f, who, day) =>
          `${f.system}: ${f.direction === 'give' ? 'giv adgang til' : 'fjern adgang for'} ${who} skulle være udført ${day(f.on)}`,
      },
      'approval-asked': {
        subject: 'Hjemmel: du skal godkende en rettighed',
        heading: 'Venter på din godkendelse',
        line: (f, who, day) => `${f.right} i ${f.system} til ${who}, fra ${day(f.from)}`,
      },
      'approval-reminded': {
        subject: 'Hjemmel: en godkendelse venter stadig',
        heading: 'Venter stadig på din godkendelse',
        line: (f, who, day) => `${f.right} i ${f.system} til ${who}, fra ${day(f.from)}`,
      },
      'case-plan': {
        subject: 'Hjemmel: en medarbejder i din enhed',
        heading: 'Tiltrædelser, skift, fravær og fratrædelser',
        line: (f, who, day) =>
          join(
            `${happens(CASES.da, f)} ${day(f.on)}: ${who}`,
            f.title,
            f.unit,
            f.orders > 0 && `${f.orders} ${f.orders === 1 ? 'bestilling' : 'bestillinger'} er på vej`,
            f.approvals > 0 &&
              `${f.approvals} ${f.approvals === 1 ? 'rettighed' : 'rettigheder'} venter på godkendelse`,
          ),
      },
      'affiliation-expires': {
        subject: 'Hjemmel: en tilknytning udløber',
        heading: 'Udløber snart. Forlæng, hvis personen bliver',
        line: (f, who, day) => `${join(who, f.title, f.unit)}: sidste dag er ${day(f.last)}`,
      },
      'payroll-unconfirmed': {
        subject: 'Hjemmel: løn har ikke bekræftet en ansættelse',
        heading: 'Indberettet, men ikke bekræftet af løn',
        line: (f, who, day) => join(who, f.unit, f.from !== null && `begyndt eller begynder ${day(f.from)}`),
      },
      'lock-set': {
        subject: 'Hjemmel: en nødspærring er sat',
        heading: 'Nødspærring',
        line: (f, _who, day) =>
          `En person er spærret ${day(f.on)}. Du kan ophæve spærringen, når den ikke er nødvendig`,
      },
      'grace-begins': {
        subject: 'Hjemmel: rettigheder beholdes efter et skift',
        heading: 'Beholder rettigheder for en tid efter skift',
        line: (f, who, day) =>
          `${join(who, f.unit)}: ${f.rights} ${f.rights === 1 ? 'rettighed' : 'rettigheder'}${f.fromUnit === null ? '' : ` fra ${f.fromUnit}`} beholdes til og med ${day(f.last)}`,
      },
      'grace-ends': {
        subject: 'Hjemmel: rettigheder efter et skift falder bort',
        heading: 'Rettigheder fra før et skift falder snart bort',
        line: (f, who, day) =>
          `${join(who, f.unit)}: ${f.rights} ${f.rights === 1 ? 'rettighed' : 'rettigheder'}${f.fromUnit === null ? '' : ` fra ${f.fromUnit}`} holdes sidste gang ${day(f.last)}`,
      },
      'hold-ends': {
        subject: 'Hjemmel: et slettestop slutter snart',
        heading: 'Slettestop, der slutter snart',
        line: (f, _who, day) =>
          `${f.of === 'person' ? 'Slettestop for en person' : 'Slettestop for en indberetning'}, sat ${day(f.placed)}, slutter ${day(f.until)}. Fra den dag kan det, der er bevaret, blive slettet. Forlæng det, hvis sagen ikke er slut`,
      },
      death: {
        subject: 'Hjemmel: en medarbejder i din enhed',
        heading: 'Dødsfald',
        line: (f, who, day) =>
          `${join(who, f.title, f.unit)}, døde ${day(f.on)}. Hjemmel lukker adgangene uden at skrive til andre om det. Du skal ikke gøre noget nu`,
      },
    },
  },
  en: {
    hello: 'Hello',
    many: count => `Hjemmel: ${count} messages for you`,
    more: count => `and ${count} more`,
    open: 'Open',
    end: 'Mails from Hjemmel never hold CPR numbers. Choose your language and see your mails',
    hidden: 'a person whose name is protected',
    former: 'a former employee',
    day: days('en-GB'),
    kinds: {
      ...registerWords.en,
      ...catalogueWords.en,
      'task-assigned': {
        subject: 'Hjemmel: a new task',
        heading: 'New tasks',
        line: (f, who, day) =>
          `${f.urgent ? 'Urgent: ' : ''}${f.system}: ${f.direction === 'give' ? 'give access to' : 'remove access of'} ${who}, no later than ${day(f.on)}${f.reopened ? ' (open again: it had not been done)' : ''}`,
      },
      'task-due': {
        subject: 'Hjemmel: a task has a deadline',
        heading: 'Tasks with a deadline',
        line: (f, who, day) =>
          `${f.system}: ${f.direction === 'give' ? 'give access to' : 'remove access of'} ${who} ${
            { before: `is due on ${day(f.on)}`, on: 'is due today', after: `was due on ${day(f.on)}` }[f.stage]
          }`,
      },
      'task-escalated': {
        subject: 'Hjemmel: a task has not been done',
        heading: 'Tasks that nobody has done',
        line: (f, who, day) =>
          `${f.system}: ${f.direction === 'give' ? 'give access to' : 'remove access of'} ${who} was due on ${day(f.on)}`,
      },
      'approval-asked': {
        subject: 'Hjemmel: a right needs your approval',
        heading: 'Waiting for your approval',
        line: (f, who, day) => `${f.right} in ${f.system} for ${who}, from ${day(f.from)}`,
      },
      'approval-reminded': {
        subject: 'Hjemmel: an approval is still waiting',
        heading: 'Still waiting for your approval',
        line: (f, who, day) => `${f.right} in ${f.system} for ${who}, from ${day(f.from)}`,
      },
      'case-plan': {
        subject: 'Hjemmel: an employee in your unit',
        heading: 'Starts, moves, absences and ends',
        line: (f, who, day) =>
          join(
            `${happens(CASES.en, f)} ${day(f.on)}: ${who}`,
            f.title,
            f.unit,
            f.orders > 0 && `${f.orders} ${f.orders === 1 ? 'order is' : 'orders are'} on the way`,
            f.approvals > 0 && `${f.approvals} ${f.approvals === 1 ? 'right waits' : 'rights wait'} for approval`,
          ),
      },
      'affiliation-expires': {
        subject: 'Hjemmel: an affiliation expires',
        heading: 'Expires soon. Extend it if the person stays',
        line: (f, who, day) => `${join(who, f.title, f.unit)}: the last day is ${day(f.last)}`,
      },
      'payroll-unconfirmed': {
        subject: 'Hjemmel: payroll has not confirmed an employment',
        heading: 'Reported, and not confirmed by payroll',
        line: (f, who, day) => join(who, f.unit, f.from !== null && `start ${day(f.from)}`),
      },
      'lock-set': {
        subject: 'Hjemmel: an emergency lock has been set',
        heading: 'Emergency lock',
        line: (f, _who, day) => `Somebody was locked on ${day(f.on)}. You can lift the lock when it is not needed`,
      },
      'grace-begins': {
        subject: 'Hjemmel: rights stay after a move',
        heading: 'Rights that stay for a while after a move',
        line: (f, who, day) =>
          `${join(who, f.unit)}: ${f.rights} ${f.rights === 1 ? 'right stays' : 'rights stay'}${f.fromUnit === null ? '' : ` from ${f.fromUnit}`} until and including ${day(f.last)}`,
      },
      'grace-ends': {
        subject: 'Hjemmel: rights from before a move end',
        heading: 'Rights from before a move that end soon',
        line: (f, who, day) =>
          `${join(who, f.unit)}: ${f.rights} ${f.rights === 1 ? 'right is' : 'rights are'} held for the last time on ${day(f.last)}${f.fromUnit === null ? '' : ` (from ${f.fromUnit})`}`,
      },
      'hold-ends': {
        subject: 'Hjemmel: a legal hold ends soon',
        heading: 'Legal holds that end soon',
        line: (f, _who, day) =>
          `${f.of === 'person' ? 'The legal hold on a person' : 'The legal hold on a report'}, placed on ${day(f.placed)}, ends on ${day(f.until)}. From that day what it keeps may be deleted. Extend it if the matter is not over`,
      },
      death: {
        subject: 'Hjemmel: an employee in your unit',
        heading: 'A death',
        line: (f, who, day) =>
          `${join(who, f.title, f.unit)}, died on ${day(f.on)}. Hjemmel closes the accesses without writing to others about it. There is nothing that you have to do now`,
      },
    },
  },
}

/** Where a reader goes from a mail; the screen asks again what they may see. */
const PLACES: { [K in MailKind]: (told: Told[]) => string } = {
  'task-assigned': () => '/tasks?own=true',
  'task-due': () => '/tasks?own=true',
  'task-escalated': () => '/tasks',
  'approval-asked': () => '/lifecycle/approvals',
  'approval-reminded': () => '/lifecycle/approvals',
  'case-plan': told => (told.length === 1 ? `/lifecycle/${told[0]?.subjectId}` : '/lifecycle/cases'),
  'affiliation-expires': told =>
    told.length === 1 ? `/lifecycle/new?kind=end&door=extend&affiliation=${told[0]?.subjectId}` : '/lifecycle',
  'payroll-unconfirmed': () => '/lifecycle/matching',
  'lock-set': () => '/locks',
  'grace-begins': () => '/people',
  'grace-ends': () => '/people',
  'hold-ends': () => '/admin/compliance/holds',
  death: () => '/lifecycle?kind=end',
  'rectification-asked': () => '/rectifications?state=open',
  'rectification-due': () => '/rectifications?state=open',
  'rectification-answered': () => '/me',
  'binding-review': () => '/bindings/list?state=review',
  'attestation-due': told =>
    told.length === 1 ? `/activities/${told[0]?.subjectId}` : '/activities?own=true&attention=attest',
  // Of one system there may be several contracts to tell of.
  'contract-day': told =>
    new Set(told.map(one => one.subjectId)).size === 1 ? `/systems/${told[0]?.subjectId}/sheet` : '/systems?own=true',
  'sheet-attestation': told =>
    told.length === 1 ? `/systems/${told[0]?.subjectId}/attest` : '/systems?own=true&gap=attest',
}

/** More lines of a kind than this are counted only: the screen has them all. */
const MOST_LINES = 12

/** What is typed elsewhere (titles, names of units and systems) stands in one line and holds no number of a person. */
const clean = (text: string): string =>
  text
    .replace(/\s+/gu, ' ')
    .replace(/(?<!\d)\d{6}[ -]?\d{4}(?!\d)/g, '…')
    .trim()

/** One mail of one or more things to tell, as it is sent. `told` is not empty. */
export function mailOf(language: MailLanguage, told: readonly Told[], publicUrl: string): Written {
  const words = WORDS[language]
  const day = (date: string) => words.day.format(new Date(`${date}T00:00:00Z`))
  const kinds = [...new Set(told.map(one => one.kind))].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
  const line = (one: Told) => {
    const { line: write } = words.kinds[one.kind] as Words['kinds'][MailKind] as {
      line: (facts: AnyFacts, who: string, day: (date: string) => string) => string
    }
    return clean(write(one.facts, one.name === null ? words.hidden : one.name || words.former, day))
  }
  const parts = kinds.map(kind => {
    const of = told.filter(one => one.kind === kind)
    const more = of.length > MOST_LINES ? [words.more(of.length - MOST_LINES)] : []
    return {
      heading: words.kinds[kind].heading,
      lines: [...of.slice(0, MOST_LINES).map(line), ...more],
      links: [{ says: words.open, href: new URL(PLACES[kind](of), publicUrl).href }],
    }
  })
  const [only] = kinds
  return written({
    language,
    subject: told.length === 1 && only ? words.kinds[only].subject : words.many(told.length),
    greeting: words.hello,
    parts,
    foot: [{ says: words.end, href: new URL('/me/mails', publicUrl).href }],
  })
}

/** The same where it is only shown: on the page, and in the plan of a report. */
export function mailText(language: MailLanguage, told: readonly Told[], publicUrl: string) {
  const { subject, text } = mailOf(language, told, publicUrl)
  return { subject, text }
}

/** What cannot wait stands first. */
const ORDER: readonly MailKind[] = [
  'lock-set',
  'death',
  'task-escalated',
  'task-due',
  'approval-reminded',
  'rectification-due',
  'approval-asked',
  'rectification-asked',
  'rectification-answered',
  'task-assigned',
  'case-plan',
  'affiliation-expires',
  'hold-ends',
  'grace-ends',
  'grace-begins',
  'payroll-unconfirmed',
  'contract-day',
  'attestation-due',
  'sheet-attestation',
  'binding-review',
]
