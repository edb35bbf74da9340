import { mulberry32 } from './rules-world.ts'

export const BASE_DN = 'dc=bench,dc=test'

/**
 * Entries were last changed over the years, as in a directory that is in use: when all bear the stamp of the hour they were
 * loaded in, whoever reads changes has to look at every one of them again.
 */
const stamps = (n: number) => {
  const at = new Date(Date.UTC(2020, 0, 1) + n * 1_800_000).toISOString().replace(/\D/g, '').slice(0, 14)
  return `createTimestamp: ${at}Z\nmodifyTimestamp: ${at}Z\nentryCSN: ${at}.000000Z#000000#000#000000\n`
}

/** An OpenLDAP directory of so many entries, a tenth of them groups with 40 members each; the same every time. */
export function directoryLdif(entries: number): string {
  const random = mulberry32(11)
  const below = (n: number) => Math.floor(random() * n)
  const groups = Math.round(entries / 10)
  const people = entries - groups
  const units = 60
  const text: string[] = [
    `dn: ${BASE_DN}\nobjectClass: dcObject\nobjectClass: organization\ndc: bench\no: Bench\n`,
    ...['people', 'groups'].map(ou => `dn: ou=${ou},${BASE_DN}\nobjectClass: organizationalUnit\nou: ${ou}\n`),
  ]
  for (let unit = 0; unit < units; unit++)
    text.push(
      `dn: ou=enhed-${unit},ou=people,${BASE_DN}\nobjectClass: organizationalUnit\nou: enhed-${unit}\n${stamps(unit)}`,
    )
  const dn = (person: number) => `uid=u${person},ou=enhed-${person % units},ou=people,${BASE_DN}`
  const given = ['Anne', 'Bo', 'Camilla', 'Dorthe', 'Erik', 'Fatima', 'Gitte', 'Hans', 'Ida', 'Jens']
  const family = ['Andersen', 'Berg', 'Christensen', 'Dahl', 'Eriksen', 'Frandsen', 'Green', 'Holm']
  const titles = ['Pædagog', 'Lærer', 'Sygeplejerske', 'Sagsbehandler', 'Konsulent', 'Leder']
  for (let person = 0; person < people; person++) {
    const [first, last] = [given[below(given.length)]!, family[below(family.length)]!]
    const title = Buffer.from(titles[below(titles.length)]!).toString('base64')
    text.push(
      `dn: ${dn(person)}\nobjectClass: inetOrgPerson\nuid: u${person}\ncn: ${first} ${last}\nsn: ${last}\n` +
        `givenName: ${first}\ndisplayName: ${first} ${last}\nmail: u${person}@bench.test\nemployeeNumber: ${10_000 + person}\n` +
        `telephoneNumber: +45 ${20_000_000 + person}\ntitle:: ${title}\n${stamps(person)}`,
    )
  }
  for (let group = 0; group < groups; group++) {
    const members = new Set(Array.from({ length: 40 }, () => dn(below(people))))
    text.push(
      `dn: cn=gruppe-${group},ou=groups,${BASE_DN}\nobjectClass: groupOfNames\ncn: gruppe-${group}\n${[...members].map(member => `member: ${member}\n`).join('')}${stamps(people + group)}`,
    )
  }
  return text.join('\n')
}
