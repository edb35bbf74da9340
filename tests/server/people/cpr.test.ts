import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { birthDateOf, cprHash, maskCpr, openCpr, parseCpr, sealCpr, sealCprAttr } from '../../../server/people/cpr.ts'
import { checkCprKeys, readCpr, readMaskedCpr, rotateCprKeys, rotationLeft } from '../../../server/people/cpr-store.ts'
import { createKeyring } from '../../../server/platform/keyring.ts'
import { testDatabase } from '../../support/database.ts'
import { createTown, person } from './town.ts'

const key = (id: string) => ({ id, secret: randomBytes(32) })

describe('a CPR number', () => {
  it.each([
    ['010190-1234', '0101901234', '1990-01-01'],
    ['290200 4123', '2902004123', '2000-02-29'],
    ['3112994000', '3112994000', '1999-12-31'],
    ['0101365000', '0101365000', '2036-01-01'],
    ['0101585000', '0101585000', '1858-01-01'],
    ['6101901234', '6101901234', '1990-01-01'],
    ['9112051234', '9112051234', '1905-12-31'],
  ])('%s is read', (given, digits, born) => {
    expect(parseCpr(given)).toBe(digits)
    expect(birthDateOf(digits)).toBe(born)
  })

  it.each(['', '010190123', '01019012345', '3202901234', '0013901234', '2902011234', '9212901234', 'abcdefghij'])(
    '%s is not one',
    given => expect(parseCpr(given)).toBeNull(),
  )

  it('is masked behind the birth date', () => expect(maskCpr('6101901234')).toBe('610190-xxxx'))

  it('leaves the attributes before they are stored anywhere', () => {
    const keyring = createKeyring([key('k1')])
    const sealed = sealCprAttr({ givenName: 'A', cpr: '610190-1234' }, keyring)
    expect(JSON.stringify(sealed)).not.toContain('1234')
    expect(sealed).toMatchObject({ givenName: 'A', cprHash: cprHash(keyring, '6101901234').toString('hex') })
    expect(sealCprAttr({ cpr: '990199-0000' }, keyring)).toEqual({ cprInvalid: true })
    expect(sealCprAttr({ cpr: '  ' }, keyring)).toEqual({})
  })

  it('is sealed for one person: moved to another row it does not open', () => {
    const keyring = createKeyring([key('k1')])
    const sealed = sealCpr(keyring, '6101901234', 'a')
    expect(openCpr(keyring, sealed, 'a')).toBe('6101901234')
    expect(() => openCpr(keyring, sealed, 'b')).toThrow()
  })
})

describe('rotation of the key', () => {
  const database = testDatabase()
  const numbers = Array.from({ length: 23 }, (_, n) => `${61 + n}0190${1000 + n}`)

  it('moves every number to the new key, goes on where it stopped, and people are found at every moment of it', async () => {
    const [first, second] = [key('k1'), key('k2')]
    const oldRing = createKeyring([first])
    const bothRing = createKeyring([second, first])
    const newRing = createKeyring([second])
    const feed = createTown(database.db)
    const run = await feed(
      numbers.map((cpr, n) => person(`p${n}`, { cpr })),
      { keyring: oldRing },
    )
    await expect(database.db.transaction(tx => checkCprKeys(tx, newRing))).rejects.toThrow(/"k1"/)

    // Interrupted: one batch done, then the process is gone.
    let batches = 0
    const dying = {
      ...database.db,
      transaction: <T>(work: Parameters<typeof database.db.transaction<T>>[0]) => {
        if (batches++ === 1) throw new Error('killed')
        return database.db.transaction(work)
      },
    }
    await expect(rotateCprKeys(dying, bothRing, { batch: 10 })).rejects.toThrow('killed')
    expect(await database.db.transaction(tx => rotationLeft(tx, bothRing))).toEqual([{ keyId: 'k1', count: 13 }])

    // In the middle of it, another source brings the same people: nobody is doubled.
    const other = await feed(
      numbers.map((cpr, n) => person(`q${n}`, { cpr })),
      { source: 'loen', keyring: bothRing },
    )
    for (const n of numbers.keys()) expect(other.idOf('person', `q${n}`)).toBe(run.idOf('person', `p${n}`))

    expect(await rotateCprKeys(database.db, bothRing, { batch: 10 })).toBe(13)
    expect(await rotateCprKeys(database.db, bothRing)).toBe(0)
    await database.db.transaction(async tx => {
      await checkCprKeys(tx, newRing)
      for (const [n, cpr] of numbers.entries()) {
        const id = run.idOf('person', `p${n}`)
        expect(await readCpr(tx, newRing, id)).toBe(cpr)
        expect(await readMaskedCpr(tx, newRing, id)).toBe(`${cpr.slice(0, 6)}-xxxx`)
      }
    })
  })

  it('keeps the number out of every table but its own sealed column', async () => {
    const tables = await database.db.transaction(tx =>
      tx.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public'`),
    )
    for (const { name } of tables) {
      const [row] = await database.db.transaction(tx =>
        tx.query<{ n: number }>(`select count(*) as n from "${name}" as t where t::text ~ $1`, [numbers.join('|')]),
      )
      expect(row?.n, name).toBe(0)
    }
  })
})
