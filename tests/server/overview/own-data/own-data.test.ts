import { beforeAll, describe, expect, it } from 'vitest'
import { audit } from '../../../../server/audit/audit-store.ts'
import { ownDataDocument, ownDataFacts } from '../../../../server/overview/own-data/own-data-document.ts'
import { ownDataView } from '../../../../server/overview/own-data/own-data-view.ts'
import { defaultsOf } from '../../../../server/overview/packages/package-content-view.ts'
import { writePdf } from '../../../../server/platform/documents/write-pdf.ts'
import { newId } from '../../../../server/platform/ids.ts'
import * as bindings from '../../../../server/register/bindings/binding-service.ts'
import { testDatabase } from '../../../support/database.ts'
import { pdfText } from '../../../support/pdf-text.ts'
import { activityInForce } from '../../../support/register.ts'
import { smallTown } from '../small-town.ts'

/* What somebody gets about themselves (Art. 15): others by function, by name only where that was weighed. */
const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
const today = '2026-03-02'
const now = new Date('2026-03-02T09:00:00Z')
const users = { Leder: newId(), Kim: newId() }

beforeAll(async () => {
  town = await smallTown(database.db)
  await database.db.transaction(async tx => {
    for (const [name, id] of Object.entries(users))
      await tx.query(`insert into tool_user (id, kind, username, person_id) values ($1, 'person', $2, $3)`, [
        ...[id, `user-of-${name}`, town.people[name]],
      ])
    // Leder, who owns the system, agrees to what it is for, and looks at Ann; so does Kim, whose name is protected.
    const activityId = await activityInForce(tx, { ref: 'BA-1', name: 'Personlig pleje' })
    const system = town.systems.sbsys!
    await bindings.make(
      tx,
      {
        ...town.actors.it,
        userId: users.Leder,
        personId: town.people.Leder!,
        roles: ['systemowner'],
        systems: [system],
      },
      {
        object: { level: 'system', systemId: system },
        terms: {
          ...{ activityId, purposeKey: 'main', subjects: null, data: null, operations: [], scope: {}, until: null },
          ...{ necessity: 'Plejen skal kunne se og skrive i sagen.', reviewMonths: 12 },
        },
      },
      { today, now },
    )
    for (const [name, userId] of Object.entries(users))
      await audit(tx).lookup({
        actor: { kind: 'user', userId, personId: town.people[name]!, function: name === 'Leder' ? 'manager' : 'hr' },
        ...{ personId: town.people.Ann!, action: 'person.viewed' },
      })
  })
})

const dataOf = (named: boolean) =>
  database.db.snapshot(async tx => {
    const parts = { today, keyring: town.keyring, defaults: await defaultsOf(tx, 'Kommunen'), named }
    return (await ownDataView(tx, town.actors.dpo, town.people.Ann!, parts))!
  })

describe('who else stands in it', () => {
  it('stands by function and unit', async () => {
    const data = await dataOf(false)
    const facts = ownDataFacts(data, 'da')
    expect(facts.lookups.map(one => [one.byFunction, 'byName' in one]).sort()).toEqual([
      ['hr', false],
      ['manager', false],
    ])
    const agreed = facts.rights.flatMap(right => right.purposes.map(one => one.approvedBy))
    expect(agreed.length).toBeGreaterThan(0)
    for (const one of agreed) expect(one).toEqual({ function: 'systemowner', unit: 'Plejecenter Nord' })
    const { text } = await pdfText(await writePdf(ownDataDocument(data, 'da')))
    expect(text).toContain('2. marts 2026, Systemejer, Plejecenter Nord')
    expect(text).toContain('Andre personer står med deres funktion')
    expect(text).not.toContain('Leder Nord')
  })

  it('is named where that was weighed, and never where the name is protected', async () => {
    const data = await dataOf(true)
    const facts = ownDataFacts(data, 'en')
    const byFunction = new Map(facts.lookups.map(one => [one.byFunction, one.byName]))
    expect(byFunction.get('manager')).toBe('Leder Nord')
    expect(byFunction.get('hr')).toBeNull()
    const agreed = facts.rights.flatMap(right => right.purposes.map(one => one.approvedBy))
    expect(agreed[0]).toEqual({ function: 'systemowner', unit: 'Plejecenter Nord', name: 'Leder Nord' })
    const { text } = await pdfText(await writePdf(ownDataDocument(data, 'en')))
    expect(text).toContain('System owner, Plejecenter Nord, Leder Nord')
    expect(text).toContain('are named here')
    expect(text).not.toContain('Hemmelig')
  })
})
