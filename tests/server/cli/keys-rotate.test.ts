import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cliActor } from '../../../server/audit/audit-entry.ts'
import { audit } from '../../../server/audit/audit-store.ts'
import { sealAudit } from '../../../server/audit/seal-audit.ts'
import { verifyAudit } from '../../../server/audit/verify-audit.ts'
import { totpContext } from '../../../server/auth/rotate-factors.ts'
import { keysRotate } from '../../../server/cli/installation.ts'
import { newId } from '../../../server/platform/ids.ts'
import { checkKey } from '../../../server/platform/key-file.ts'
import { loadSources } from '../../../server/wiring.ts'
import { testServer } from '../../support/database.ts'
import { openHouse } from '../../support/house.ts'

const database = testServer()
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-keys-'))
const keys = { old: `k1:${randomBytes(32).toString('base64')}`, fresh: `k2:${randomBytes(32).toString('base64')}` }
const numbers = Array.from({ length: 8 }, (_, n) => `${61 + n}0190-${1000 + n}`)
let written = 0

const writePeople = (cprs: readonly string[]) => {
  const file = join(folder, 'people.csv')
  writeFileSync(file, `Nr;Fornavn;Efternavn;CPR\n${cprs.map((cpr, n) => `p${n};Navn ${n};Prøve;${cpr}\n`).join('')}`)
  written += 1
  const at = new Date(Date.now() - 1_000_000 + written * 1000)
  utimesSync(file, at, at)
}
/** The house as it is after a start with these keys. */
const houseWith = async (...lines: string[]) => {
  writeFileSync(join(folder, 'encryption-key'), `${lines.join('\n')}\n`)
  const house = await openHouse(database.url, folder, { HJEMMEL_SOURCES: join(folder, 'kilder.yaml') })
  await checkKey(house.db, house.keyring)
  await loadSources(house)
  return house
}

beforeAll(() => {
  writeFileSync(
    join(folder, 'kilder.yaml'),
    `sources:
  - key: hr
    kind: csv
    authority: 20
    files:
      - path: people.csv
        record: person
        key: Nr
        map: { givenName: Fornavn, familyName: Efternavn, cpr: CPR }
`,
  )
  writePeople(numbers)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('after a rotation the new key alone opens everything, and the next read finds nothing changed', async () => {
  const before = await houseWith(keys.old)
  const factor = newId()
  try {
    expect(await before.feeds.run('hr')).toMatchObject({ state: 'done', added: 8 })
    const user = newId()
    await before.db.transaction(async tx => {
      await tx.query(
        `insert into tool_user (id, kind, username, display_name) values ($1, 'outsider', 'dpo', 'Dorte DPO')`,
        [user],
      )
      await tx.query(
        `insert into second_factor (id, user_id, kind, name, secret, confirmed_at) values ($1, $2, 'totp', 'x', $3, now())`,
        [factor, user, before.keyring.encrypt('JBSWY3DPEHPK3PXP', totpContext(factor))],
      )
      await audit(tx).write({ actor: cliActor('test'), action: 'test.done', subjectKind: 'installation' })
    })
    expect(await sealAudit(before.db, before.keyring)).toBeGreaterThan(0)
  } finally {
    await before.db.close()
  }

  const both = await houseWith(keys.fresh, keys.old)
  try {
    expect(await both.feeds.run('hr')).toMatchObject({ changed: 0, unchanged: 8 })
    const { json } = await keysRotate(both)
    expect(json).toMatchObject({ moved: 8, records: 8, secondFactors: 1, key: 'k2' })
    expect((await keysRotate(both)).json).toMatchObject({ moved: 0, records: 0, secondFactors: 0 })
    expect(await both.feeds.run('hr')).toMatchObject({ changed: 0, unchanged: 8 })
  } finally {
    await both.db.close()
  }

  const after = await houseWith(keys.fresh)
  try {
    expect(await after.feeds.run('hr')).toMatchObject({ changed: 0, unchanged: 8, heldBack: [] })
    // Another number is still a change.
    writePeople(['690190-2222', ...numbers.slice(1)])
    expect(await after.feeds.run('hr', { dryRun: true })).toMatchObject({ changed: 1, unchanged: 7 })
    const [row] = await after.db.snapshot(tx =>
      tx.query<{ secret: string }>('select secret from second_factor where id = $1', [factor]),
    )
    expect(after.keyring.decrypt(row!.secret, totpContext(factor))).toBe('JBSWY3DPEHPK3PXP')
    expect(await verifyAudit(after.db, after.keyring)).toMatchObject({ ok: true, firstBroken: null })
    await sealAudit(after.db, after.keyring)
    expect(await verifyAudit(after.db, after.keyring)).toMatchObject({ ok: true, unsealed: 0 })
  } finally {
    await after.db.close()
  }
})

test('a chain whose end is not the one that was signed is not signed anew', async () => {
  const house = await houseWith(`k3:${randomBytes(32).toString('base64')}`, keys.fresh)
  try {
    await house.db.transaction(tx => tx.query('update audit_head set seq = seq - 1'))
    await expect(keysRotate(house)).rejects.toMatchObject({ problem: 'conflict' })
  } finally {
    await house.db.close()
  }
})
