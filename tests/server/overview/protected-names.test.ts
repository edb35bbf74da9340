import { beforeAll, expect, it } from 'vitest'
import { audit } from '../../../server/audit/audit-store.ts'
import { auditView } from '../../../server/overview/audit-views.ts'
import { userNames } from '../../../server/overview/user-names-view.ts'
import { newId } from '../../../server/platform/ids.ts'
import { testDatabase } from '../../support/database.ts'
import { smallTown } from './small-town.ts'

/* Kim's name is protected, also where Kim is the one who acted. */
const database = testDatabase()
const [kim, ann] = [newId(), newId()]
let town: Awaited<ReturnType<typeof smallTown>>
beforeAll(async () => {
  town = await smallTown(database.db)
  await database.db.transaction(async tx => {
    for (const [userId, name] of [
      [kim, 'Kim'],
      [ann, 'Ann'],
    ] as const) {
      const personId = town.people[name] as string
      await tx.query(`insert into tool_user (id, kind, username, person_id) values ($1, 'person', $2, $3)`, [
        userId,
        `u-${name.toLowerCase()}`,
        personId,
      ])
      await audit(tx).write({
        actor: { kind: 'user', userId, personId, function: 'it' },
        action: 'test.done',
        subjectKind: 'test',
      })
    }
  })
})

it('the audit log names those who acted, a protected one by user name', async () => {
  for (const who of ['auditor', 'dpo', 'it'] as const) {
    const { rows } = await database.db.snapshot(tx =>
      auditView(tx, town.actors[who], { action: 'test.done', offset: 0, limit: 10 }),
    )
    expect(rows.map(row => row.actor?.name).sort(), who).toEqual(['Ann Ærlig', 'u-kim'])
  }
})

it('so do the lists of runs and changes of rules', async () => {
  expect(await database.db.snapshot(tx => userNames(tx, [kim, ann]))).toEqual(
    new Map([
      [kim, 'u-kim'],
      [ann, 'Ann Ærlig'],
    ]),
  )
})
