import type { OrderAction, OrderToCarryOut } from '../../orders/connector.ts'
import { type Written, written } from '../../platform/mail-letter.ts'

/** What stands in an export and in the mail about it. Pure. */
export type Language = 'da' | 'en'

const HEAD: Record<Language, readonly string[]> = {
  da: ['Bestilling', 'Handling', 'Brugernavn', 'Navn', 'Rettighed', 'Nøgle', 'Afgrænsning', 'Frist'],
  en: ['Order', 'Action', 'User name', 'Name', 'Right', 'Key', 'Limits', 'Due'],
}
const ACTION: Record<Language, Record<OrderAction, string>> = {
  da: {
    create: 'Opret konto',
    enable: 'Åbn konto',
    disable: 'Luk konto',
    rename: 'Nyt brugernavn',
    move: 'Flyt konto',
    set: 'Ret oplysninger',
    grant: 'Giv',
    revoke: 'Fjern',
    delete: 'Slet konto',
    'hand-out': 'Udlever',
    'take-back': 'Tag tilbage',
    'hand-over': 'Overdrag',
    close: 'Luk',
  },
  en: {
    create: 'Create account',
    enable: 'Open account',
    disable: 'Close account',
    rename: 'New user name',
    move: 'Move account',
    set: 'Change details',
    grant: 'Give',
    revoke: 'Remove',
    delete: 'Delete account',
    'hand-out': 'Hand out',
    'take-back': 'Take back',
    'hand-over': 'Hand over',
    close: 'Close',
  },
}

/** Lines of an export, by the id of the order: the same batch is the same file, however often it is written. */
export function exportLines(orders: readonly OrderToCarryOut[], language: Language): (string | null)[][] {
  const sorted = [...orders].sort((a, b) => (a.id < b.id ? -1 : 1))
  return [
    [...HEAD[language]],
    ...sorted.map(({ id, action, account, person, right, dueOn }) => [
      id,
      ACTION[language][action],
      account.username,
      person.name ?? (language === 'da' ? '(beskyttet)' : '(protected)'),
      right?.name ?? null,
      right?.key ?? null,
      Object.entries(right?.limits ?? {})
        .map(([on, values]) => `${on}: ${values.join(', ')}`)
        .join('; '),
      dueOn,
    ]),
  ]
}

/** Neither names nor numbers of people: only how many wait, and where they are seen after signing in. */
export function mailText(
  { count, system, link }: { count: number; system: string; link: string },
  language: Language,
): Written {
  const many =
    language === 'da'
      ? `${count} ${count === 1 ? 'bestilling' : 'bestillinger'} til ${system}`
      : `${count} ${count === 1 ? 'order' : 'orders'} for ${system}`
  return written({
    language,
    subject: many,
    greeting: language === 'da' ? `Hjemmel har ${many}.` : `Hjemmel has ${many}.`,
    parts: [],
    foot: [{ says: language === 'da' ? 'Se dem, når du er logget på' : 'See them after signing in', href: link }],
  })
}
