import { ldifEntry, writeText } from './file-writer.ts'
import type { DemoPupil } from './pupils.ts'
import { random } from './random.ts'
import { slug } from './text.ts'

const base = 'dc=skole,dc=lindevang,dc=example'
const pupilDn = (pupil: DemoPupil) => `uid=${pupil.username},ou=elever,${base}`
const groupDn = (cn: string) => `cn=${cn},ou=grupper,${base}`

function uuid(bytes: Uint8Array): string {
  const version = ((bytes[6] as number) & 0x0f) | 0x40
  const variant = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = Buffer.from([...bytes.slice(0, 6), version, bytes[7] as number, variant, ...bytes.slice(9)]).toString(
    'hex',
  )
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/**
 * The schools' OpenLDAP: each pupil once, a group per class, and a group per application that holds the classes.
 * Reads the pupils once, as they are made.
 */
export async function writeSchool(
  dir: string,
  pupils: Iterable<DemoPupil>,
  applications: readonly string[],
  seed: string,
): Promise<{ pupils: number; classes: number }> {
  const chance = random(seed, 'school')
  const id = () => uuid(chance.bytes(16))
  const classes = new Map<string, DemoPupil[]>()
  let count = 0
  function* lines() {
    yield 'version: 1\n\n'
    for (const ou of ['elever', 'grupper'])
      yield* ldifEntry({
        dn: `ou=${ou},${base}`,
        attributes: [
          ['objectClass', ['top', 'organizationalUnit']],
          ['ou', ou],
          ['entryUUID', id()],
        ],
      })
    for (const pupil of pupils) {
      count++
      const key = `klasse-${pupil.unit}-${slug(pupil.schoolClass)}`
      const list = classes.get(key)
      if (list) list.push(pupil)
      else classes.set(key, [pupil])
      const { given, family } = pupil.person.name
      yield* ldifEntry({
        dn: pupilDn(pupil),
        attributes: [
          ['objectClass', ['top', 'person', 'organizationalPerson', 'inetOrgPerson', 'elevPerson']],
          ['uid', pupil.username],
          ['cn', `${given} ${family}`],
          ['sn', family],
          ['givenName', given],
          ['displayName', `${given} ${family}`],
          ['entryUUID', id()],
          ['mail', `${pupil.username}@elev.lindevang.example`],
          ['elevCpr', pupil.person.cpr],
          ['elevFoedselsdato', pupil.person.birthDate],
          ['elevSkole', pupil.unit],
          ['elevKlasse', pupil.schoolClass],
          ['elevIndskrevet', pupil.startsOn],
          ['elevBeskyttet', pupil.person.protected ? 'TRUE' : 'FALSE'],
        ],
      })
    }
    for (const [cn, members] of classes)
      yield* ldifEntry({
        dn: groupDn(cn),
        attributes: [
          ['objectClass', ['top', 'groupOfNames']],
          ['cn', cn],
          ['description', `Klasse ${(members[0] as DemoPupil).schoolClass}`],
          ['entryUUID', id()],
          ['member', members.map(pupilDn)],
        ],
      })
    for (const system of applications)
      yield* ldifEntry({
        dn: groupDn(`app-${system}-elev`),
        attributes: [
          ['objectClass', ['top', 'groupOfNames']],
          ['cn', `app-${system}-elev`],
          ['description', `Elever i ${system}`],
          ['entryUUID', id()],
          ['member', [...classes.keys()].map(groupDn)],
        ],
      })
  }
  await writeText(dir, 'skole/skole.ldif', lines())
  return { pupils: count, classes: classes.size }
}
