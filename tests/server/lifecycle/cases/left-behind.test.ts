import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { endForm } from '../../../../server/contract/lifecycle-forms.ts'
import { addMonths } from '../../../../server/lifecycle/cases/case.ts'
import { leftBehind } from '../../../../server/lifecycle/cases/left-behind.ts'

const ENDS = '2026-03-31'
const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
const form = (more: object = {}) => endForm.parse({ kind: 'end', affiliationId: id(0), endsOn: ENDS, ...more })

describe('what a leaver leaves', () => {
  test('nobody is named: the mailbox is closed with the last job, and nothing else is asked of anybody', () => {
    expect(leftBehind(form(), ENDS, { last: true, kit: [] })).toMatchObject([
      { what: 'mailbox', action: 'close', dueOn: ENDS },
    ])
    // Another job goes on, and with it the mailbox.
    expect(leftBehind(form(), ENDS, { last: false, kit: [id(5)] })).toEqual([])
  })

  test('of a representative’s mailbox nothing is done before HR has said that it is one', () => {
    const of = { last: true, kit: [], functions: ['AMR, Skoler'] }
    const mailbox = { reply: 'Jeg er stoppet', receiver: id(1) }
    expect(leftBehind(form({ mailbox, driveTo: id(2) }), ENDS, of).map(one => one.what)).toEqual(['drive'])
    const said = leftBehind(form({ mailbox: { ...mailbox, representative: true } }), ENDS, of)
    expect(said.map(one => one.action)).toEqual(['hand-over', 'close'])
  })

  test('a thing goes to whom it is said, else to the one who gets things back', () => {
    const said = leftBehind(
      form({ equipmentTo: id(1), returns: [{ entitlementId: id(5), toPersonId: id(2) }] }),
      ENDS,
      { last: false, kit: [id(5), id(6)] },
    )
    expect(said.map(one => [one.what, one.entitlementId, one.to])).toEqual([
      ['kit', id(5), id(2)],
      ['kit', id(6), id(1)],
    ])
  })

  test('however it is filled in: a mailbox that lives on is closed, on the day that is said and within a year', () => {
    const who = fc.option(fc.constantFrom(id(1), id(2)))
    fc.assert(
      fc.property(
        fc.record({
          reply: fc.constantFrom('', 'Jeg er stoppet'),
          receiver: who,
          readers: fc.uniqueArray(fc.constantFrom(id(3), id(4))),
          until: fc.option(fc.constantFrom('2026-04-30', '2026-12-31', addMonths(ENDS, 12))),
        }),
        fc.boolean(),
        (mailbox, last) => {
          const things = leftBehind(form({ mailbox }), ENDS, { last, kit: [] })
          const over = things.find(one => one.action === 'hand-over')
          const close = things.find(one => one.action === 'close')
          const lives = mailbox.reply !== '' || mailbox.receiver !== null || mailbox.readers.length > 0
          expect(over !== undefined).toBe(lives)
          if (over) {
            expect(over).toMatchObject({ to: mailbox.receiver, readers: mailbox.readers, dueOn: ENDS })
            expect(close?.dueOn).toBe(over.until)
            expect(over.until! <= addMonths(ENDS, 12)).toBe(true)
          }
          if (mailbox.until !== null) expect(close?.dueOn).toBe(mailbox.until)
          else if (!lives) expect(close?.dueOn).toBe(last ? ENDS : undefined)
        },
      ),
    )
  })
})
