import { buildIndex } from '../rules/rule-index.ts'
import { writeRulesYaml } from '../rules/rules-yaml.ts'
import { demoDirectory } from './directory.ts'
import { writeText } from './file-writer.ts'
import { type DemoManifest, signIns, thingsToLookAt } from './manifest.ts'
import { plantMess } from './mess.ts'
import { demoOrganisation } from './organisation.ts'
import { demoPupils } from './pupils.ts'
import { DEMO_MUNICIPALITY } from './read-manifest.ts'
import { demoRules } from './rules.ts'
import { systemFacts } from './system-facts.ts'
import { demoSystems, systemOwners } from './systems.ts'
import { plantUnmappedGroups } from './unmapped-groups.ts'
import { demoUserLists, listSources, writeUserLists } from './user-lists.ts'
import { demoWorkforce } from './workforce.ts'
import { writeAd } from './write-ad.ts'
import { writeHr } from './write-hr.ts'
import { writeSchool } from './write-school.ts'
import { writeSources } from './write-sources.ts'
import { writeSystems } from './write-systems.ts'

/** `today` is a civil date; `size` 10 makes 30,000 employees and 30,000 pupils. */
export type DemoOptions = { dir: string; seed: string; today: string; size?: 1 | 10 | 100 }

/**
 * Writes the demonstration municipality below `dir`: `kilder.yaml` with what it names (hr, systemer, ad, skole, brugerlister), the
 * rules below `regler`, and `manifest.json`. The same seed, date and size give the same bytes. Nothing is read.
 */
export async function writeDemo({ dir, seed, today, size = 1 }: DemoOptions): Promise<DemoManifest> {
  const organisation = demoOrganisation(size)
  const systems = demoSystems(organisation, seed)
  const people = demoWorkforce(organisation, seed, today, size)
  const owners = systemOwners(systems, organisation, people)
  const { rules, roles, mappings } = demoRules(organisation, systems, today)
  const entitlements = systems.flatMap(one => one.entitlements)
  const index = buildIndex(
    rules,
    roles,
    entitlements.map(one => one.key),
    today,
  )
  const directory = demoDirectory(people, organisation, systems, index, seed, today)
  const mess = plantMess(directory, people, today, size)
  const unmappedGroups = plantUnmappedGroups(directory, people, organisation, systems, index, seed, today)

  const lists = demoUserLists(directory, people, organisation, systems, seed, today)
  await writeSources(dir, listSources(lists))
  await writeHr(dir, organisation, people)
  await writeSystems(dir, systems, owners, systemFacts(systems, seed, today))
  await writeText(dir, 'regler/roller.yaml', [writeRulesYaml({ roles, rules: [], mappings: [] })])
  await writeText(dir, 'regler/regler.yaml', [writeRulesYaml({ roles: [], rules, mappings: [] })])
  await writeText(dir, 'regler/gruppekoblinger.yaml', [writeRulesYaml({ roles: [], rules: [], mappings })])
  await writeAd(dir, directory)
  await writeUserLists(dir, lists)
  const youngsters = people.youngsters.map(one => one.person)
  const applications = systems.filter(
    one => one.reading === 'groups' && one.entitlements.some(right => right.key === `${one.key}/elev`),
  )
  const double: { person: string; pupil: string }[] = []
  function* pupils() {
    for (const pupil of demoPupils(organisation, seed, today, size, youngsters)) {
      const same = youngsters.find(one => one.cpr === pupil.person.cpr)
      if (same) double.push({ person: same.key, pupil: pupil.username })
      yield pupil
    }
  }
  const school = await writeSchool(
    dir,
    pupils(),
    applications.map(one => one.key),
    seed,
  )

  const { accounts } = directory
  const usernameOf = (place: number | undefined) =>
    place === undefined ? null : (accounts.list[place]?.username ?? null)
  const parts = { organisation, people, directory, today }
  const all = signIns(parts)
  const manifest: DemoManifest = {
    municipality: DEMO_MUNICIPALITY,
    seed,
    today,
    size,
    signIns: all,
    lookAt: thingsToLookAt(parts, mess, all),
    counts: {
      units: organisation.units.length,
      payUnits: organisation.payUnits.length,
      staff: people.staff.length,
      employees: 3000 * size,
      affiliations: people.affiliations.length,
      pupils: school.pupils,
      classes: school.classes,
      systems: systems.length,
      systemsReadByGroups: systems.filter(one => one.reading === 'groups').length,
      entitlements: entitlements.length,
      rules: rules.length,
      roles: roles.length,
      mappings: mappings.length,
      accounts: accounts.list.length,
      groups: directory.groups.length,
      leavers: people.leavers.length,
      futureStarters: people.future.length,
      secondJobs: people.secondJobs.length,
      deputies: people.deputies.length,
      ...people.counts,
    },
    planted: {
      ...mess,
      movers: people.movers.map(({ before, after }) => ({
        username: usernameOf(accounts.of.get(after.person)),
        person: after.person.key,
        from: before.unit,
        to: after.unit,
        on: after.startsOn,
      })),
      lookAlikes: people.lookAlikes.map(([a, b]) => [a.person.key, b.person.key]),
      pupilAndEmployee: double,
      unmappedTitles: people.unmappedTitles.map(one => one.key),
      unmappedGroups,
      userLists: lists.map(({ system, path, source, counts }) => ({ system: system.key, path, source, ...counts })),
    },
  }
  await writeText(dir, 'manifest.json', [`${JSON.stringify(manifest, null, 2)}\n`])
  return manifest
}
