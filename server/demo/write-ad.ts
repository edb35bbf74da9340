import { accountDn, type DemoAccount, directoryBase, organisationalUnits } from './accounts.ts'
import { filetime, generalized } from './dates.ts'
import { type DemoDirectory, groupDn, memberDns } from './directory.ts'
import { ldifEntry, writeText } from './file-writer.ts'
import { domain } from './people.ts'
import { spread } from './random.ts'

/** userAccountControl ([MS-ADTS] 2.2.16): normal account, disabled, password never expires. */
const normal = 0x200
const disabled = 0x2
const neverExpires = 0x10000
const never = '9223372036854775807'

/** The Active Directory as `ldifde` would export it. */
export async function writeAd(dir: string, { accounts, groups }: DemoDirectory): Promise<void> {
  function* lines() {
    yield 'version: 1\n\n'
    for (const ou of organisationalUnits)
      yield* ldifEntry({
        dn: `${ou},${directoryBase}`,
        attributes: [
          ['objectClass', ['top', 'organizationalUnit']],
          ['ou', ou.slice(3).split(',')[0] as string],
        ],
      })
    for (const account of accounts.list) yield* accountEntry(account)
    for (const group of groups)
      yield* ldifEntry({
        dn: groupDn(group),
        attributes: [
          ['objectClass', ['top', 'group']],
          ['cn', group.cn],
          ['distinguishedName', groupDn(group)],
          ['sAMAccountName', group.cn],
          ['objectGUID', group.guid],
          ['groupType', group.ou.includes('Oevrige') && group.cn.startsWith('DL-') ? '8' : '-2147483646'],
          ['description', group.description],
          ['member', memberDns(group, accounts.list)],
        ],
      })
  }
  await writeText(dir, 'ad/ad.ldif', lines())
}

function accountEntry(account: DemoAccount) {
  const second = spread(account.username, 36_000) + 21_600
  const control = normal + (account.enabled ? 0 : disabled) + (account.kind === 'Tjeneste' ? neverExpires : 0)
  return ldifEntry({
    dn: accountDn(account),
    attributes: [
      ['objectClass', ['top', 'person', 'organizationalPerson', 'user']],
      ['cn', account.username],
      ['sn', account.family],
      ['givenName', account.given],
      ['distinguishedName', accountDn(account)],
      ['displayName', account.displayName],
      ['objectGUID', account.guid],
      ['sAMAccountName', account.username],
      ['userPrincipalName', `${account.username}@${domain}`],
      ['mail', account.email],
      ['employeeID', account.employeeNo],
      ['employeeType', account.kind],
      ['title', account.title],
      ['department', account.department],
      ['description', account.description],
      ['userAccountControl', String(control)],
      ['lastLogonTimestamp', account.lastSignIn ? filetime(account.lastSignIn, second) : null],
      ['pwdLastSet', filetime(account.created, second)],
      ['accountExpires', never],
      ['whenCreated', generalized(account.created, second)],
    ],
  })
}
