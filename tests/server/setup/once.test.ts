import { beforeEach, describe, expect, test } from 'vitest'
import type { Tx } from '../../../server/platform/unit-of-work.ts'
import { firstTime, forgetSteps } from '../../../server/setup/once.ts'
import { testDatabase } from '../../support/database.ts'

/* A set-up that is cut off between two steps, or in one, and begins again from the top. */
const database = testDatabase()
beforeEach(() => database.reset())

/** Three steps as the set-up makes them, each in a transaction of its own; what each writes must be there exactly once. */
const STEPS = ['drafts', 'findings', 'cases'] as const
type Cut = { step: (typeof STEPS)[number]; when: 'in' | 'after' }

async function setUp(cut?: Cut): Promise<void> {
  for (const step of STEPS) {
    await database.db.transaction(async tx => {
      if (!(await firstTime(tx, step))) return
      await tx.query(`insert into installation (key, value) values ($1, '1')`, [`made ${step}`])
      if (cut?.step === step && cut.when === 'in') throw new Error('cut off')
    })
    if (cut?.step === step) throw new Error('cut off')
  }
}

const kept = async (like: string) =>
  (
    (await database.db.source.query('select key from installation where key like $1 order by key', [like])) as {
      key: string
    }[]
  ).map(row => row.key)
const MADE = STEPS.map(step => `made ${step}`).sort()

describe('steps of the set-up that are made once', () => {
  test.each(STEPS.flatMap(step => (['in', 'after'] as const).map(when => ({ step, when }))))(
    'cut off $when $step and begun again, it comes to what an undisturbed one comes to',
    async cut => {
      await expect(setUp(cut)).rejects.toThrow('cut off')
      await setUp()
      // Made twice would have failed on the key; made never would be missing.
      expect(await kept('made %')).toEqual(MADE)
      expect(await kept('demo step %')).toHaveLength(STEPS.length)
    },
  )

  test('of two that begin at the same moment one makes it, and the other waits and goes on', async () => {
    const made: string[] = []
    let seen = () => {}
    const begun = new Promise<void>(resolve => {
      seen = resolve
    })
    const make = (name: string, wait: (tx: Tx) => Promise<void>) =>
      database.db.transaction(async tx => {
        const first = await firstTime(tx, 'drafts')
        if (first) made.push(name)
        await wait(tx)
        return first
      })
    const one = make('one', async tx => {
      seen()
      // Until the other one stands behind this transaction.
      for (;;) {
        const [waits] = await tx.query<{ n: number }>(
          `select count(*)::int as n from pg_locks where not granted and locktype = 'transactionid'
             and transactionid = pg_current_xact_id()::xid`,
        )
        if (waits!.n > 0) return
      }
    })
    await begun
    const two = make('two', async () => {})
    expect(await Promise.all([one, two])).toEqual([true, false])
    expect(made).toEqual(['one'])
  })

  test('once all is done nothing of it is left, and what else is known of the installation stays', async () => {
    await setUp()
    await database.db.transaction(forgetSteps)
    expect(await kept('demo step %')).toEqual([])
    expect(await kept('made %')).toEqual(MADE)
  })
})
