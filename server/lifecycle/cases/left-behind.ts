import type { EndForm } from '#contract/lifecycle-forms.ts'
import type { Left } from '../../orders/left-store.ts'
import { addMonths, LONGEST_MONTHS } from './case.ts'

/** An employees' representative (TR, AMR), as sources write it. */
const REPRESENTATIVE = /^(f?tr|amr)\b|tillidsrep|arbejdsmiljørep/i
export const represents = (functions: readonly string[]): boolean =>
  functions.some(name => REPRESENTATIVE.test(name.trim()))
const NO_MAILBOX: EndForm['mailbox'] = { reply: '', receiver: null, readers: [], until: null, representative: false }

/**
 * What is to happen with mailbox, drive, cases and things when somebody leaves, as the report says it. Pure. `ends`: the
 * first day without access; `last`: no other job goes on, and the mailbox is nobody's then; `kit`: things that they hold.
 * A mailbox that answers or is read lives on until the day that is said, at most a year (domain.md), and then it is closed.
 */
export function leftBehind(
  form: Pick<EndForm, 'mailbox' | 'driveTo' | 'casesTo' | 'equipmentTo' | 'returns'>,
  ends: string,
  { last, kit, functions = [] }: { last: boolean; kit: readonly string[]; functions?: readonly string[] },
): Left[] {
  // Of a representative's mailbox nothing is said before HR has said it.
  const silent = represents(functions) && !form.mailbox.representative
  const mailbox = silent ? NO_MAILBOX : form.mailbox
  const none = { entitlementId: null, to: null, readers: [], reply: null, until: null }
  const lives = mailbox.reply !== '' || mailbox.receiver !== null || mailbox.readers.length > 0
  const until = mailbox.until ?? (lives ? addMonths(ends, LONGEST_MONTHS) : null)
  const over = (what: Left['what'], to: string | null): Left[] =>
    to === null ? [] : [{ ...none, what, action: 'hand-over', dueOn: ends, to }]
  const chosen = new Map(form.returns.map(one => [one.entitlementId, one.toPersonId]))
  return [
    ...(lives
      ? [
          {
            ...none,
            what: 'mailbox' as const,
            action: 'hand-over' as const,
            dueOn: ends,
            to: mailbox.receiver,
            readers: mailbox.readers,
            reply: mailbox.reply || null,
            until,
          },
        ]
      : []),
    ...(lives || (last && !silent) || until !== null
      ? [{ ...none, what: 'mailbox' as const, action: 'close' as const, dueOn: until ?? ends, until }]
      : []),
    ...over('drive', form.driveTo),
    ...over('cases', form.casesTo),
    ...kit.flatMap(entitlementId =>
      over('kit', chosen.get(entitlementId) ?? form.equipmentTo).map(one => ({ ...one, entitlementId })),
    ),
  ]
}
