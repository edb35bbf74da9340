/** The same directory in any size: whoever and whatever is changed in it has just as many neighbours. */
export const GROWING_BASE = 'dc=vokser,dc=test'

const UNITS = 30
const MEMBERS = 40
/** Each person is in four or five groups, whatever the size. */
const PEOPLE_PER_GROUP = 9

const dnOf = (person: number) => `uid=u${person},ou=enhed-${person % UNITS},ou=people,${GROWING_BASE}`
const groupDn = (group: number) => `cn=gruppe-${group},ou=groups,${GROWING_BASE}`

/** A tenth of the entries are groups; every hundredth of those gives a right by its name. */
export function growingLdif(entries: number): string {
  const groups = Math.round(entries / (PEOPLE_PER_GROUP + 1))
  const people = entries - groups
  const text = [
    `dn: ${GROWING_BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: vokser\no: Vokser\n`,
    ...['people', 'groups'].map(ou => `dn: ou=${ou},${GROWING_BASE}\nobjectClass: organizationalUnit\nou: ${ou}\n`),
  ]
  for (let unit = 0; unit < UNITS; unit++)
    text.push(`dn: ou=enhed-${unit},ou=people,${GROWING_BASE}\nobjectClass: organizationalUnit\nou: enhed-${unit}\n`)
  for (let person = 0; person < people; person++) text.push(personLdif(person, dnOf(person)))
  for (let group = 0; group < groups; group++) {
    const members = Array.from({ length: MEMBERS }, (_, n) => dnOf((group * PEOPLE_PER_GROUP + n) % people))
    text.push(
      `dn: ${groupDn(group)}\nobjectClass: groupOfNames\ncn: gruppe-${group}\n${members.map(member => `member: ${member}\n`).join('')}`,
    )
  }
  // As in a directory that has been there for years: what was changed just now is looked at twice.
  return text.map((entry, n) => `${entry}${stamped(Date.UTC(2020, 0, 1) + n * 60_000)}`).join('\n')
}

function stamped(instant: number): string {
  const time = new Date(instant).toISOString().replace(/\D/g, '').slice(0, 14)
  return `createTimestamp: ${time}Z\nentryCSN: ${time}.000000Z#000000#000#000000\n`
}

const personLdif = (person: number, dn: string, more = '') =>
  `${`dn: ${dn}\n${more}`}objectClass: inetOrgPerson\nuid: u${person}\ncn: Person Nr${person}\nsn: Nr${person}\ngivenName: Person\n` +
  `mail: u${person}@vokser.test\nemployeeNumber: ${100_000 + person}\ntitle: Konsulent\n`

const firstOf = (round: number) => 90 + round * 18
/** The name that somebody has until that round. */
export const renamedIn = (round: number): string => dnOf(firstOf(round) + 6)

/**
 * Ten changes as a morning has them: titles, addresses, one who marries and is renamed, one who comes into a group, one
 * who leaves one, one who is new. `round` so that each time it is really a change.
 */
export function tenChanges(round: number): string {
  const at = firstOf(round)
  const replace = (person: number, attribute: string, value: string) =>
    `dn: ${dnOf(person)}\nchangetype: modify\nreplace: ${attribute}\n${attribute}: ${value}\n`
  const member = (what: 'add' | 'delete', group: number, person: number) =>
    `dn: ${groupDn(group)}\nchangetype: modify\n${what}: member\nmember: ${dnOf(person)}\n`
  return [
    ...[0, 1, 2, 3].map(n => replace(at + n, 'title', `Leder ${round}`)),
    ...[4, 5].map(n => replace(at + n, 'mail', `ny${round}@vokser.test`)),
    `dn: ${renamedIn(round)}\nchangetype: modrdn\nnewrdn: uid=gift${round}\ndeleteoldrdn: 1\n`,
    member('add', round, at + 60),
    member('delete', round + 1, (round + 1) * PEOPLE_PER_GROUP),
    personLdif(900_000 + round, `uid=u${900_000 + round},ou=enhed-1,ou=people,${GROWING_BASE}`, 'changetype: add\n'),
  ].join('\n')
}

/** A right that groups of the directory give, so that memberships have something to decide. */
export const RIGHTS_OF_GROUPS = [
  `insert into it_system (key, name, source, reading) values ('fag', 'Fagsystem', 'test', 'groups')`,
  `insert into entitlement (key, system_id, name, source)
   select 'fag/' || r.name, s.id, r.name, 'test' from it_system s cross join unnest(array['laes', 'skriv']) as r (name)
   where s.key = 'fag'`,
  `insert into group_mapping (source, pattern, entitlement, position)
   values ('ldap', 'gruppe-*0', 'fag/laes', 0), ('ldap', 'gruppe-*', 'fag/skriv', 1)`,
]
