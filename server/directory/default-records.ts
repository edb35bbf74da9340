import type { EntryRecord } from './map-entry.ts'

export type Flavour = 'ad' | 'openldap'

/** A search of the directory; `parentsFirst`: read whole and sorted by depth, since others refer to its entries. */
export type DefaultSearch = { filter: string; parentsFirst: boolean; records: EntryRecord[] }

/**
 * What a directory gives without anybody writing a mapping: accounts and groups, and with `people` also the persons,
 * their affiliations and the units (OUs) that the entries themselves tell of.
 */
export function defaultSearches(flavour: Flavour, options: Options): DefaultSearch[] {
  const searches = flavour === 'ad' ? activeDirectory(options) : openLdap(options)
  return options.people ? searches : searches.filter(search => !search.parentsFirst)
}

type Options = { people: boolean; employeeNo?: string | undefined; details?: boolean }

/** What systems that Hjemmel keeps these in are compared by; by nobody else, so they are read only where that is said. */
const DETAILS: EntryRecord['map'] = {
  givenName: 'givenName',
  familyName: 'sn',
  title: 'title',
  department: { attribute: 'department', otherwise: 'departmentNumber' },
  phone: 'telephoneNumber',
  manager: 'manager',
}

function activeDirectory({ people, employeeNo = 'employeeID', details = false }: Options): DefaultSearch[] {
  const user = { match: { objectClass: 'user' }, unless: { objectClass: 'computer' }, key: 'objectGUID' }
  const records: EntryRecord[] = [
    {
      ...user,
      record: 'account',
      map: {
        username: 'sAMAccountName',
        displayName: 'displayName',
        email: 'mail',
        dn: 'dn',
        employeeNo,
        description: 'description',
        // ACCOUNTDISABLE, [MS-ADTS] 2.2.16.
        enabled: { attribute: 'userAccountControl', flag: '!2' },
        lastSignIn: { attribute: 'lastLogonTimestamp', date: 'filetime' },
        passwordChangedAt: { attribute: 'pwdLastSet', date: 'filetime' },
        expiresAt: { attribute: 'accountExpires', date: 'filetime' },
        primaryGroup: 'primaryGroupSid',
        ...(people ? { person: 'objectGUID' } : {}),
        ...(details ? DETAILS : {}),
      },
    },
    {
      record: 'group',
      match: { objectClass: 'group' },
      key: 'objectGUID',
      map: { name: 'sAMAccountName', dn: 'dn', description: 'description', members: 'member', sid: 'objectSid' },
    },
  ]
  if (people) records.unshift(...personRecords({ ...user, employeeNo, since: 'whenCreated' }))
  return [
    {
      filter: '(objectClass=organizationalUnit)',
      parentsFirst: true,
      records: [unitRecord('objectGUID', { manager: 'managedBy-key' })],
    },
    // Contacts are persons but no users; computers are users but no persons; trusts between domains (bit 2048) are both
    // and nobody's account ([MS-ADTS] 2.2.16, 6.1.6).
    {
      filter:
        '(|(&(objectCategory=person)(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2048)))(objectClass=group))',
      parentsFirst: false,
      records,
    },
  ]
}

function openLdap({ people, employeeNo = 'employeeNumber', details = false }: Options): DefaultSearch[] {
  const person = { match: { objectClass: 'inetOrgPerson' }, key: 'entryUUID' }
  const group = (objectClass: string, members: string): EntryRecord => ({
    record: 'group',
    match: { objectClass },
    key: 'entryUUID',
    map: { name: 'cn', dn: 'dn', description: 'description', members },
  })
  const records: EntryRecord[] = [
    {
      ...person,
      match: { ...person.match, uid: '*' },
      record: 'account',
      map: {
        username: 'uid',
        displayName: { attribute: 'displayName', otherwise: 'cn' },
        email: 'mail',
        dn: 'dn',
        employeeNo,
        description: 'description',
        // Closed for good (draft-behera-ldap-password-policy-11, 5.3.3); an instant is a lock that ends by itself.
        enabled: { attribute: 'pwdAccountLockedTime', map: { '000001010000Z': false }, default: true },
        // Kept by the server's lastbind setting; absent elsewhere.
        lastSignIn: { attribute: 'authTimestamp', date: 'generalized' },
        passwordChangedAt: { attribute: 'pwdChangedTime', date: 'generalized' },
        ...(people ? { person: 'entryUUID' } : {}),
        ...(details ? DETAILS : {}),
      },
    },
    group('groupOfNames', 'member'),
    group('groupOfUniqueNames', 'uniqueMember'),
  ]
  if (people) records.unshift(...personRecords({ ...person, employeeNo, since: 'createTimestamp' }))
  return [
    { filter: '(objectClass=organizationalUnit)', parentsFirst: true, records: [unitRecord('entryUUID', {})] },
    {
      filter: '(|(objectClass=inetOrgPerson)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))',
      parentsFirst: false,
      records,
    },
  ]
}

function unitRecord(key: string, more: EntryRecord['map']): EntryRecord {
  return {
    record: 'unit',
    match: { objectClass: 'organizationalUnit' },
    key,
    map: {
      name: 'ou',
      unitKind: { const: 'unit' },
      tree: { const: 'admin' },
      parent: { parent: true },
      ...more,
    },
  }
}

/** Entries with a first and a last name are people; service accounts have none, and stay accounts only. */
function personRecords(options: {
  match: Record<string, string>
  unless?: Record<string, string>
  key: string
  employeeNo: string
  since: string
}): EntryRecord[] {
  const { key, employeeNo, since, unless } = options
  const rule = { match: { ...options.match, givenName: '*', sn: '*' }, ...(unless ? { unless } : {}), key }
  return [
    {
      ...rule,
      record: 'person',
      map: { givenName: 'givenName', familyName: 'sn', email: 'mail', phone: 'telephoneNumber' },
    },
    {
      ...rule,
      record: 'affiliation',
      map: {
        person: key,
        affiliationKind: { const: 'employment' },
        employeeNo,
        unit: { parent: true },
        title: 'title',
        startsOn: { attribute: since, date: 'generalized' },
      },
    },
  ]
}
