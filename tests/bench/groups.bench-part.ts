import { join } from 'node:path'
import { startLdapResponder } from '../support/ldap-responder.ts'
import { atMost, type BenchRow } from './bench-row.ts'
import { median } from './measure.ts'
import { asStarted, runChild } from './run-child.ts'

const MEMBERS = 10_000
const FEW = 80
const MANY = 240
const RUNS = 3

type Read = { groups: number; members: number; ms: number; megabytes: number }

/**
 * Groups of 10,000 members from a server that gives 1,500 at a time, as Active Directory does: what a process needs of
 * memory and of time per member must not depend on how many such groups there are.
 */
export async function benchGroups(): Promise<BenchRow[]> {
  const [few, many] = [await readGroups(FEW), await readGroups(MANY)]
  const what = `${MANY} groups of ${MEMBERS.toLocaleString('en')} members, in parts of 1,500`
  const other = `the same with ${FEW} groups`
  const of = (reads: Read[], figure: (read: Read) => number) => median(reads.map(figure))
  return [
    atMost(1.5, {
      what: `Memory at most: ${what}`,
      ours: of(many, read => read.megabytes),
      other,
      theirs: of(few, read => read.megabytes),
      unit: 'MB',
    }),
    atMost(1.5, {
      what: `Time per 1,000 members: ${what}`,
      ours: of(many, perThousand),
      other,
      theirs: of(few, perThousand),
      unit: 'ms',
    }),
  ]
}

const perThousand = (read: Read) => (1000 * read.ms) / read.members

async function readGroups(count: number): Promise<Read[]> {
  const member = Array.from({ length: MEMBERS }, (_, n) => `CN=Bruger Nummer ${n},OU=Medarbejdere,DC=kommune,DC=test`)
  const group = (n: number) => {
    const objectGUID = Buffer.alloc(16)
    objectGUID.writeUInt32LE(n)
    const attributes = {
      objectClass: ['top', 'group'],
      objectGUID,
      sAMAccountName: `gruppe${n}`,
      member,
      uSNChanged: '1',
    }
    return { dn: `CN=gruppe${n},DC=kommune,DC=test`, attributes }
  }
  const server = await startLdapResponder({
    entries: Array.from({ length: count }, (_, n) => group(n)),
    maxValues: 1500,
  })
  try {
    const reads: Read[] = []
    for (let run = 0; run < RUNS; run++) {
      const read = await inProcess(server.url)
      if (read.groups !== count || read.members !== count * MEMBERS)
        throw new Error(`${read.members} members of ${read.groups} groups were read`)
      reads.push(read)
    }
    return reads
  } finally {
    await server.stop()
  }
}

const inProcess = async (url: string): Promise<Read> =>
  JSON.parse(await runChild(join(import.meta.dirname, 'read-groups.ts'), [url], asStarted()))
