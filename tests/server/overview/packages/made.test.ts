import { createHash } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { packageScope } from '../../../../server/contract/packages.ts'
import { ownDataDocument, ownDataFacts } from '../../../../server/overview/own-data/own-data-document.ts'
import { ownDataView } from '../../../../server/overview/own-data/own-data-view.ts'
import { makePackages } from '../../../../server/overview/packages/make-packages.ts'
import { packageView } from '../../../../server/overview/packages/package-list-views.ts'
import { forgetPackages, insertPackage, loadPart } from '../../../../server/overview/packages/package-store.ts'
import { writePdf } from '../../../../server/platform/documents/write-pdf.ts'
import { createLog } from '../../../../server/platform/log.ts'
import { testDatabase } from '../../../support/database.ts'
import { unzip } from '../../../support/unzip.ts'
import { smallTown } from '../small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let user: string

beforeAll(async () => {
  town = await smallTown(database.db)
  const [made] = await database.db.source.query<{ id: string }[]>(
    `insert into tool_user (id, kind, username, display_name) values (gen_random_uuid(), 'outsider', 'dpo', 'DPO') returning id`,
  )
  user = made!.id
  await database.db.source.query(
    `insert into local_role (id, user_id, role, valid, reason) values (gen_random_uuid(), $1, 'dpo', daterange('2026-01-01', '2027-01-01'), 'Prøve')`,
    [user],
  )
})

test('a package that was asked for is made, seen by those in it, and let go after its time', async () => {
  const { db } = database
  const { clock } = town
  const when = { now: clock.now(), today: clock.today() }
  const scope = packageScope.parse({ systems: [town.systems.sbsys], day: when.today, leaversFrom: '2025-06-01' })
  const id = await db.transaction(tx =>
    insertPackage(tx, { scope, known: when.now, reason: 'Datatilsynet spørger', userId: user, madeAs: 'dpo' }, when),
  )
  const house = { db, clock, log: createLog('silent'), municipality: 'Prøveby' }
  expect(await makePackages(house)).toBe(1)
  expect(await makePackages(house)).toBe(0)
  const made = await db.snapshot(tx => packageView(tx, id))
  expect(made?.state).toBe('made')
  expect(made?.expiresOn).toBe('2026-05-31')
  const parts = await db.snapshot(async tx => {
    const found: Buffer[] = []
    for (let part = 0; part < made!.parts!; part++) found.push((await loadPart(tx, id, part))!)
    return found
  })
  const file = Buffer.concat(parts)
  expect(createHash('sha256').update(file).digest('hex')).toBe(made?.sha256)
  expect([...(await unzip(file)).keys()]).toEqual(made?.files.map(one => one.name))
  const seen = await db.source.query<{ person_id: string }[]>(
    `select person_id from audit_entry e join audit_payload p on p.entry_id = e.id
     where action = 'person.in-package' and lookup and body::jsonb #>> '{detail,reason}' = 'Datatilsynet spørger'
       and e.payload_hash = sha256(p.salt || convert_to(p.body, 'UTF8'))`,
  )
  expect(seen.map(one => one.person_id)).toContain(town.people.Ann)
  await db.transaction(tx => forgetPackages(tx, '2026-05-30'))
  expect(await db.snapshot(tx => loadPart(tx, id, 0))).not.toBeNull()
  await db.transaction(tx => forgetPackages(tx, '2026-05-31'))
  expect(await db.snapshot(tx => loadPart(tx, id, 0))).toBeNull()
  expect((await db.snapshot(tx => packageView(tx, id)))?.sha256).toBe(made?.sha256)
})

test('what is known of a person has their rights, and nobody else by name', async () => {
  const ann = town.people.Ann!
  const parts = {
    ...{ today: town.clock.today(), keyring: town.keyring },
    defaults: { controller: { name: 'Prøveby', contact: null }, dpo: null, representative: null },
  }
  const own = await database.db.snapshot(tx => ownDataView(tx, town.actors.employee, ann, parts))
  const facts = ownDataFacts(own!, 'da')
  expect(facts.person.name).toBe('Ann Ærlig')
  expect(facts.rights.map(one => one.right).sort()).toEqual(['Læser', 'Sagsbehandler'])
  const text = JSON.stringify(facts)
  for (const other of ['Åben', 'Hemmelig', 'Leder Nord', 'Gået']) expect(text).not.toContain(other)
  expect((await writePdf(ownDataDocument(own!, 'en'))).subarray(0, 5).toString()).toBe('%PDF-')
  // Not for whoever may see people and not make it.
  expect(await database.db.snapshot(tx => ownDataView(tx, town.actors.it, ann, parts))).toBeNull()
  const byDpo = await database.db.snapshot(tx => ownDataView(tx, town.actors.dpo, ann, parts))
  expect(ownDataFacts(byDpo!, 'da').rights).toEqual(facts.rights)
  // A protected name is for those who may see it.
  const kim = await database.db.snapshot(tx => ownDataView(tx, town.actors.dpo, town.people.Kim!, parts))
  expect(ownDataFacts(kim!, 'da').person.name).toBeNull()
})
