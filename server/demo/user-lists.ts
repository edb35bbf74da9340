import type { DemoAccount } from './accounts.ts'
import { addDays } from './dates.ts'
import type { DemoDirectory } from './directory.ts'
import { type Cell, writeCsv } from './file-writer.ts'
import type { DemoOrganisation } from './organisation.ts'
import { type Random, random } from './random.ts'
import type { DemoSystem } from './systems.ts'
import type { Workforce } from './workforce.ts'

/** A line of a system's own list: an account and one right of it. */
type Line = {
  account: DemoAccount
  employeeNo: string
  /** Name of the right, as the catalogue calls it. */
  right: string
  /** Name of the unit that it is limited to; empty: not at all. */
  limit: string
  /** Null: never. */
  lastUsed: string | null
  lastSignIn: string | null
}
export type DemoUserList = { system: DemoSystem; path: string; source: string; lines: Line[]; counts: ListCounts }
/** What of a list is not as the rules say, by user name of the directory and right: the oracle of the tests. */
type ListCounts = { missing: string[]; extra: string[]; wider: string[] }

/** Each system prints its list in its own words. */
const HEADINGS = [
  {
    account: 'Brugernavn',
    displayName: 'Navn',
    employeeNo: 'Medarbejdernr.',
    right: 'Rolle',
    limit: 'Afgrænsning',
    lastUsed: 'Rolle senest brugt',
    lastSignIn: 'Senest logget på',
  },
  {
    account: 'Login',
    displayName: 'Medarbejder',
    employeeNo: 'Tjenestenummer',
    right: 'Rettighed',
    limit: 'Gælder for',
    lastUsed: 'Sidst anvendt',
    lastSignIn: 'Sidste login',
  },
] as const

/**
 * The lists of users that systems without groups send, as they would be with a little of real life in them: in each a few
 * lack what the rules give, a few have what nothing gives, and one is limited to less than everything where the rule says
 * one unit. People sign in there with their mail address, as in most such systems.
 */
export function demoUserLists(
  directory: DemoDirectory,
  people: Workforce,
  organisation: DemoOrganisation,
  systems: readonly DemoSystem[],
  seed: string,
  today: string,
): DemoUserList[] {
  const numbers = Map.groupBy(people.affiliations, one => one.employeeNo)
  // A number that is somebody else's too leads to nobody for sure.
  const certain = ({ place, employeeNo }: DemoDirectory['listed'][number]) =>
    numbers.get(employeeNo)?.every(one => one.person === directory.accounts.list[place]?.person) ?? false
  return systems
    .filter(one => one.reading === 'list')
    .map(system => {
      const chance = random(seed, `list ${system.key}`)
      const names = new Map(system.entitlements.map(right => [right.key, right.name]))
      const given = directory.listed.filter(one => names.has(one.entitlement) && certain(one))
      const lines = given.map(({ place, employeeNo, entitlement, unit }) => ({
        ...used(chance, today),
        account: directory.accounts.list[place] as DemoAccount,
        employeeNo,
        right: names.get(entitlement) as string,
        limit: unit === null ? '' : organisation.unit(unit).name,
      }))
      const counts: ListCounts = { missing: [], extra: [], wider: [] }
      const said = (line: Line) => `${line.account.username} ${line.right}`
      // Only a line that is alone in what it says can be taken away or made wider without another saying the same.
      const alike = Map.groupBy(lines, said)
      const once = lines.filter(one => alike.get(said(one))?.length === 1)
      const left = chance.sample(once, 3)
      counts.missing = left.map(said)
      const wider = chance.sample(
        once.filter(one => one.limit !== '' && !left.includes(one)),
        1,
      )
      for (const line of wider) line.limit = organisation.units[0]?.name ?? ''
      counts.wider = wider.map(said)
      const kept = lines.filter(line => !left.includes(line))
      const unused = [...names].find(([key]) => !given.some(one => one.entitlement === key))?.[1]
      const extra = unused
        ? chance
            .sample([...new Map(kept.map(line => [line.account, line])).values()], 2)
            .map(line => ({ ...line, ...used(chance, today), right: unused, limit: '' }))
        : []
      counts.extra = extra.map(said)
      const path = `brugerlister/${system.key}.csv`
      return { system, path, source: `list-${system.key}`, lines: [...kept, ...extra], counts }
    })
}

function used(chance: Random, today: string): Pick<Line, 'lastUsed' | 'lastSignIn'> {
  const days = chance.chance(0.08) ? chance.between(100, 400) : chance.between(0, 40)
  const lastUsed = chance.chance(0.04) ? null : addDays(today, -days)
  return { lastUsed, lastSignIn: addDays(today, -Math.min(days, chance.between(0, 40))) }
}

const headingsOf = (place: number) => HEADINGS[place % HEADINGS.length] as (typeof HEADINGS)[number]
const written = (day: string | null) => (day === null ? 'aldrig' : day.split('-').reverse().join('-'))

export async function writeUserLists(dir: string, lists: readonly DemoUserList[]): Promise<void> {
  for (const [place, { path, lines }] of lists.entries()) {
    const heading = headingsOf(place)
    const columns: Record<string, (line: Line) => Cell> = {
      [heading.account]: line => line.account.email,
      [heading.displayName]: line => line.account.displayName,
      [heading.employeeNo]: line => line.employeeNo,
      [heading.right]: line => line.right,
      [heading.limit]: line => line.limit,
      [heading.lastUsed]: line => written(line.lastUsed),
      [heading.lastSignIn]: line => written(line.lastSignIn),
    }
    await writeCsv(dir, path, columns, lines)
  }
}

/** How the lists are declared, as the page of a system would write it. */
export const listSources = (lists: readonly DemoUserList[]) =>
  lists.map(({ system, path, source }, place) => ({
    key: source,
    name: { da: `Brugerliste: ${system.name}`, en: `User list: ${system.name}` },
    kind: 'list',
    authority: 5,
    system: system.key,
    columns: headingsOf(place),
    path,
  }))
