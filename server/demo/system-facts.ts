import { addDays } from './dates.ts'
import { random, spread } from './random.ts'
import type { DemoSystem } from './systems.ts'

/** What the catalogue file says of a system beside its name: mostly known, as in a real town, and not always. */
export type SystemFacts = {
  login: string | null
  changeMode: string | null
  userCount: string | null
  contract: {
    name: string
    number: string
    from: string
    to: string | null
    noticeMonths: number | null
    price: number
    agreement: string
  } | null
  /** `system:direction:how:frequency:data`. */
  flows: string[]
}

/**
 * Where data come from and go to. Two systems hold much of it together, as everywhere: what comes from the state comes
 * through Serviceplatformen, and what leaves by file leaves through the SFTP server.
 */
const FLOWS = `
cpr-kommune > serviceplatformen | api | realtime | CPR, navn, adresse
serviceplatformen > kmd-nexus, ky-kommunernes-ydelsessystem, kp-kommunernes-pensionssystem, dubu, sbsys, novax-sundhedsplejerske, tk2-tandpleje | message | realtime | CPR, navn, adresse
serviceplatformen > kmd-elev, kmd-institution, kmd-aktiv | message | daily | CPR, navn, forældremyndighed
opus-personale > opus-loen | database | realtime | Ansættelser, løntrin
opus-personale > os2rollekatalog | api | daily | Ansættelser, enheder
opus-personale > active-directory | file | daily | Medarbejdernummer, enhed, stilling
os2rollekatalog > faelleskommunal-adgangsstyring | api | realtime | Jobfunktionsroller
active-directory > microsoft-365, exchange-online, microsoft-teams | api | realtime | Konti, grupper
opus-loen > sftp-server | file | monthly | CPR, løn
sftp-server > krl-loenstatistik, bankportalen-danske-district, tjenestemandspension | file | monthly | CPR, løn
opus-oekonomi > sftp-server | file | daily | Posteringer
sftp-server > targit-bi | file | daily | Posteringer
kmd-nexus > medcom-korrespondance, faelles-medicinkort-fmk | message | realtime | Helbred, medicin
vagtplan-tamigo > opus-loen | file | weekly | Vagter, timer
kmd-elev > aula, uni-login-administration | api | daily | Elever, klasser
uni-login-administration > google-workspace-for-education, minuddannelse | api | daily | Elever, klasser
kmd-momentum > det-faelles-datagrundlag | api | realtime | Ledighed, kontakt
`

const flows = FLOWS.trim()
  .split('\n')
  .flatMap(line => {
    const [ends = '', how = '', frequency = '', data = ''] = line.split('|').map(one => one.trim())
    const [from = '', to = ''] = ends.split('>').map(one => one.trim())
    return to.split(',').map(one => ({ from, to: one.trim(), how, frequency, data }))
  })

/** Nobody owns these: somebody left, and nobody took over. Small ones, that nobody asks about. */
export const UNOWNED = ['elevatorovervaagning', 'skolefoto', 'qgis-server']

export function systemFacts(
  systems: readonly DemoSystem[],
  seed: string,
  today: string,
): (system: DemoSystem) => SystemFacts {
  const keys = new Set(systems.map(one => one.key))
  for (const { from, to } of flows)
    for (const key of [from, to])
      if (!keys.has(key)) throw new Error(`a flow of data names "${key}", which is no system`)
  const chance = random(seed, 'system facts')
  const facts = new Map(systems.map(one => [one.key, factsOf(one)]))
  return system => facts.get(system.key) as SystemFacts

  function factsOf(system: DemoSystem): SystemFacts {
    const it = system.kind === 'it'
    const contracted = it && chance.chance(0.86)
    const noticeMonths = chance.pick([3, 6, 6, 12] as const)
    // The last day of notice: some have gone by, most are far off, a few are near.
    const noticeOn = addDays(today, chance.between(-120, 1000))
    const open = chance.chance(0.25)
    return {
      login: it
        ? system.reading === 'groups'
          ? 'directory'
          : chance.pick(['sso', 'local', 'local', 'mitid-erhverv'] as const)
        : null,
      changeMode: system.reading === 'groups' ? 'group' : chance.pick(['manual', 'manual', 'ticket'] as const),
      userCount: system.general ? '100-or-more' : chance.pick(['under-10', '10-49', '50-99'] as const),
      contract: contracted
        ? {
            name: `${system.name}, drift og vedligehold`,
            number: `K-${2015 + spread(system.key, 10)}-${100 + spread(system.name, 800)}`,
            from: addDays(noticeOn, -1460),
            to: open ? null : afterMonths(noticeOn, noticeMonths),
            noticeMonths: open ? null : noticeMonths,
            price: chance.between(2, 90) * 10_000,
            agreement:
              system.special || system.criminal || system.general
                ? 'yes'
                : chance.pick(['yes', 'yes', 'no', 'irrelevant'] as const),
          }
        : null,
      flows: flows
        .filter(one => one.from === system.key)
        .map(one => `${one.to}:out:${one.how}:${one.frequency}:${one.data}`),
    }
  }
}

/** The same day so many months later: days that a month may lack are not used for contracts. */
function afterMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, 28))).toISOString().slice(0, 10)
}
