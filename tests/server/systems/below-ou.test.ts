import { expect, test } from 'vitest'
import { canonicalDn } from '../../../server/platform/dn.ts'
import { belowOu } from '../../../server/systems/classify-accounts.ts'
import { testDatabase } from '../../support/database.ts'

const database = testDatabase()

async function isBelow(dn: string, ou: string): Promise<boolean> {
  const { like, unlike } = belowOu(ou)
  const [row] = await database.db.snapshot(tx =>
    tx.query<{ below: boolean }>('select lower($1) like $2 and lower($1) not like $3 as below', [
      canonicalDn(dn),
      like,
      unlike,
    ]),
  )
  return row!.below
}

test.each([
  ['CN=a,OU=Service,DC=k', 'ou=service, dc=k', true],
  ['CN=a,OU=Print,OU=Service,DC=k', 'OU=Service,DC=k', true],
  ['CN=a,OU=Sundhed\\, Ældre,DC=k', 'ou="Sundhed, Ældre",dc=k', true],
  ['CN=a,OU=Sundhed\\, Ældre,DC=k', 'OU=Sundhed\\2c \\c3\\86ldre,DC=k', true],
  ['CN=a\\,OU=Service,DC=k', 'OU=Service,DC=k', false],
  ['CN=a,OU=XService,DC=k', 'OU=Service,DC=k', false],
  ['CN=a,OU=100%_x,DC=k', 'OU=100%_x,DC=k', true],
  ['CN=a,OU=100zzx,DC=k', 'OU=100%_x,DC=k', false],
])('%s below %s: %s', async (dn, ou, expected) => {
  expect(await isBelow(dn, ou)).toBe(expected)
})
