import type { EndForm } from '#contract/lifecycle-forms.ts'
import type { Left } from '../../orders/left-store.ts'
import { addMonths, LONGEST_MONTHS } from './case.ts'

/**
 * What is to happen with mailbox, drive, cases and things when somebody leaves, as the report says it. Pure. `ends`: the
 * first day without access; `last`: no other job goes on, and the mailbox is nobody's then; `kit`: things that they hold.
 * A mailbox that answers or is read lives on until the day that is said, at most a year (domain.md), and then it is closed.
 */
export function leftBehind(
  form: Pick<EndForm, 'mailbox' | 'driveTo' | 'casesTo' | 'equipmentTo' | 'returns'>,
  ends: string,
  { last, kit }: { last: boolean; kit: readonly string[] },
): Left[] {
  const { mailbox } = form
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
    ...(lives || last || until !== null
      ? [{ ...none, what: 'mailbox' as const, action: 'close' as const, dueOn: until ?? ends, until }]
      : []),
    ...over('drive', form.driveTo),
    ...over('cases', form.casesTo),
    ...kit.flatMap(entitlementId =>
      over('kit', chosen.get(entitlementId) ?? form.equipmentTo).map(one => ({ ...one, entitlementId })),
    ),
  ]
}
