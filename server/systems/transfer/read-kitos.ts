import { fold } from '../../platform/fold.ts'
import { readChoice, wordsOf } from './cell-text.ts'
import { contractsOf, mainOf, NOTICE, SUPPLIER, suppliersOf } from './kitos-contracts.ts'
import {
  clean,
  day,
  type KitosFile,
  type KitosUsage,
  kitosUsage,
  pick,
  unknownOf,
  unknownPaths,
} from './kitos-shape.ts'
import { fault, type Said, type Told, toldOf } from './told.ts'

/** Each system of the file; the line is its place in the list. */
export function tellKitos(file: KitosFile): Told[] {
  const contracts = contractsOf(file)
  return file.usages.map((raw, at) => {
    const place = { sheet: null, line: at + 1 }
    const read = kitosUsage.safeParse(raw)
    if (!read.success) {
      const issue = read.error.issues[0]
      const told = { ...toldOf(place), name: nameIn(raw), uuid: null, loose: true }
      told.faults.push(fault(place, issue?.path.join('.') ?? null, '', 'wrong-shape', issue?.message ?? null))
      return told
    }
    const rest = Object.fromEntries(unknownOf(kitosUsage, raw))
    const told = tellUsage(read.data, { ...toldOf(place), loose: true, rest })
    const own = contracts.get(read.data.uuid.toLowerCase())
    // The main one first: that is the one which people look for.
    const main = read.data.general?.mainContract
    const first = mainOf(own?.contracts ?? [], main)
    const ordered = [...(first ? [first] : []), ...(own?.contracts ?? []).filter(one => one !== first)]
    if (ordered.length > 0) told.set.contracts = ordered.map(one => one.said)
    const { supplier, others } = suppliersOf(ordered)
    if (supplier) told.set.supplier = supplier
    // A contract of which only the name is known is none that runs: it is kept until the file has it.
    if (main && !first) told.rest = { ...told.rest, [MAIN]: main }
    const left = [...(own?.rest ?? []), ...(others.length > 0 ? [{ [SUPPLIER]: others }] : [])]
    if (left.length > 0) told.rest = { ...told.rest, contracts: left }
    return told
  })
}
const MAIN = 'general.mainContract'

/** Every path of the file that comes to nothing on a sheet, with how many entries have it: shown when the file comes in. */
export function leftPaths(file: KitosFile): { path: string; count: number }[] {
  const left = tellKitos(file).map(({ rest }, at) => {
    const known = unknownOf(kitosUsage, file.usages[at])
    const paths = Object.keys(rest ?? {}).filter(path => path !== 'contracts' && !known.has(path))
    const ofContracts = ((rest?.contracts ?? []) as object[]).flatMap(one =>
      [NOTICE, SUPPLIER].filter(path => path in one).map(path => `contracts: ${path}`),
    )
    return [...paths, ...ofContracts]
  })
  return unknownPaths(file, left)
}

const nameIn = (raw: unknown): string | null => {
  const name = (raw as { systemContext?: { name?: unknown } } | null)?.systemContext?.name
  return typeof name === 'string' ? name : null
}

const linkOf = (value: { name?: string | null | undefined; url?: string | null | undefined } | null | undefined) =>
  clean(value?.url, 500) ?? clean(value?.name, 500)
const yes = { yes: true, no: false }
const yesNo = { yes: 'yes', no: 'no', undecided: 'undecided', dontknow: 'undecided' } as const

function tellUsage(usage: KitosUsage, told: Told): Told {
  const { general, gdpr } = usage
  told.uuid = usage.uuid.toLowerCase()
  told.name = clean(general?.localCallName, 200) ?? clean(usage.systemContext?.name, 200)
  const precautions = pickAll(PRECAUTIONS, gdpr?.technicalPrecautionsApplied)
  const sensitive = (gdpr?.sensitivePersonData ?? []).map(one => one.name ?? '')
  const art9 = sensitive.map(artNine)
  const categories = [
    ...(gdpr?.registeredDataCategories ?? []).map(one => one.name ?? ''),
    ...sensitive.filter((_, at) => art9[at] === null),
  ].flatMap(one => clean(one, 200) ?? [])
  const facts: Told['set'] = {
    name: told.name,
    description: clean(general?.notes, 2000),
    status: pick(STATUS, general?.validity?.lifeCycleStatus),
    userCount: usersOf(general?.numberOfExpectedUsers?.lowerBound, general?.numberOfExpectedUsers?.upperBound),
    aiUse: pick(yesNo, general?.containsAITechnology),
    webAccessible: pick({ yes: 'yes', no: 'no', partially: 'partly' }, general?.webAccessibilityCompliance),
    archiveDuty: pick(
      { b: 'keep', k: 'discard', undecided: 'undecided', unknown: 'undecided' },
      usage.archiving?.archiveDuty,
    ),
    purpose: clean(gdpr?.purpose, 4000),
    businessCritical: pick(yes, gdpr?.businessCritical),
    hosting: pick(
      { onpremise: 'on-premise', external: 'hosted', hybrid: 'hybrid', undecided: 'undecided' },
      gdpr?.hostedAt,
    ),
    directoryLink: linkOf(gdpr?.directoryDocumentation),
    sensitivityLevels: pickAll(LEVELS, gdpr?.dataSensitivityLevels),
    sensitiveData: [...new Set(art9.filter(one => one !== null))],
    privateData: pickAll(PRIVATE, gdpr?.specificPersonalData),
    dataCategories: categories,
    precautions,
    precautionsLink: linkOf(gdpr?.technicalPrecautionsDocumentation),
    userSupervision: pick(yes, gdpr?.userSupervision),
    userSupervisionOn: day(gdpr?.userSupervisionDate),
    userSupervisionLink: linkOf(gdpr?.userSupervisionDocumentation),
    riskDone: pick(yesNo, gdpr?.riskAssessmentConducted),
    riskOn: day(gdpr?.riskAssessmentConductedDate),
    riskResult: pick({ low: 'low', medium: 'medium', middle: 'medium', high: 'high' }, gdpr?.riskAssessmentResult),
    riskLink: linkOf(gdpr?.riskAssessmentDocumentation),
    riskNotes: clean(gdpr?.riskAssessmentNotes, 4000),
    riskPlanned: day(gdpr?.plannedRiskAssessmentDate),
    dpiaDone: pick(yesNo, gdpr?.dpiaConducted),
    dpiaOn: day(gdpr?.dpiaDate),
    dpiaLink: linkOf(gdpr?.dpiaDocumentation),
    retentionDefined: pick(yes, gdpr?.retentionPeriodDefined),
    retentionNext: day(gdpr?.nextDataRetentionEvaluationDate),
    retentionEveryMonths: gdpr?.dataRetentionEvaluationFrequencyInMonths ?? null,
    flows: relationsOf(usage, told),
  }
  // What KITOS has not been told says nothing about what we know.
  for (const [field, value] of Object.entries(facts))
    if (value !== null && !(Array.isArray(value) && value.length === 0)) Object.assign(told.set, { [field]: value })
  told.refs.push(...rolesOf(usage))
  const unit = clean(usage.organizationUsage?.responsibleOrganizationUnit?.name, 200)
  if (unit)
    told.refs.push({ field: 'unit', column: 'organizationUsage', text: unit, number: null, name: unit, email: null })
  for (const { at, value } of [...restOf(usage), ...namesOfLinks(usage)]) told.rest = { ...told.rest, [at]: value }
  return told
}

/** The first of each kind of role; others have no place here and are kept with the system. */
function rolesOf(usage: KitosUsage): Said[] {
  return (['owner', 'responsible', 'contact'] as const).flatMap(field => {
    const found = (usage.roles ?? []).find(one => roleField(one.role?.name) === field)
    const user = found?.user
    if (!user) return []
    const [name, email] = [clean(user.name, 200), clean(user.email, 320)]
    const text = [name, email && `<${email}>`].filter(Boolean).join(' ')
    return text
      ? [
          {
            field,
            column: `roles: ${found.role?.name ?? ''}`,
            text,
            number: clean(user.employeeNumber, 100),
            name,
            email,
          },
        ]
      : []
  })
}
function roleField(name: string | null | undefined): 'owner' | 'responsible' | 'contact' | null {
  const said = fold(name ?? '')
  if (/ejer|owner/.test(said)) return 'owner'
  if (/ansvarlig|forvalter|responsible/.test(said)) return 'responsible'
  return /kontakt|contact/.test(said) ? 'contact' : null
}
const restOf = (usage: KitosUsage): { at: string; value: unknown }[] => {
  const taken = new Set<string>()
  const others = (usage.roles ?? []).filter(one => {
    const field = roleField(one.role?.name)
    if (field === null || taken.has(field)) return true
    taken.add(field)
    return false
  })
  return others.length > 0 ? [{ at: 'roles[]', value: others.map(one => one.role?.name ?? '') }] : []
}

/** A sheet keeps one address: what the link is called beside it is kept with the system. */
const namesOfLinks = ({ gdpr }: KitosUsage): { at: string; value: unknown }[] =>
  LINKS.flatMap(link => {
    const name = clean(gdpr?.[link]?.name, 500)
    return name && clean(gdpr?.[link]?.url, 500) ? [{ at: `gdpr.${link}.name`, value: name }] : []
  })
const LINKS = [
  'directoryDocumentation',
  'technicalPrecautionsDocumentation',
  'userSupervisionDocumentation',
  'riskAssessmentDocumentation',
  'dpiaDocumentation',
] as const

/** Outgoing relations as flows. What cannot be one, and a frequency of the municipality's own, is noted as not taken. */
function relationsOf(usage: KitosUsage, told: Told): Record<string, unknown>[] {
  return (usage.outgoingSystemRelations ?? []).flatMap(one => {
    const uuid = clean(one.toSystemUsage?.uuid, 100)?.toLowerCase()
    const name = clean(one.toSystemUsage?.name, 200)
    const data = clean(one.description, 200)
    if (!uuid) {
      told.notes.push(fault(told, null, name ?? data ?? '', 'relation-left'))
      return []
    }
    if (name) told.called[uuid] = name
    const often = clean(one.relationFrequency?.name, 100)
    const frequency = often === null ? null : readChoice(FREQUENCIES, often)
    if (often !== null && !frequency?.ok) told.notes.push(fault(told, name ?? uuid, often, 'frequency-left'))
    return [
      {
        ...{ system: uuid, direction: 'out', data: data === null ? [] : [data] },
        ...(frequency?.ok ? { frequency: frequency.value } : {}),
      },
    ]
  })
}
/** As KITOS' own list of options and municipalities have them. */
const ALSO_FREQUENCY: Record<string, readonly string[]> = {
  realtime: ['løbende', 'realtid', 'real-time', 'straks', 'continuous'],
  hourly: ['timeligt', 'time', 'hourly'],
  daily: ['dagligt', 'daglig', 'dag', 'daily'],
  weekly: ['ugentligt', 'ugentlig', 'uge', 'weekly'],
  monthly: ['månedligt', 'månedlig', 'måned', 'monthly'],
  yearly: ['årligt', 'årlig', 'år', 'yearly'],
  'on-demand': ['ad hoc', 'ved behov'],
}
const FREQUENCIES = wordsOf('frequency').map(one => ({
  ...one,
  says: [...one.says, ...(ALSO_FREQUENCY[one.value] ?? [])],
}))

const pickAll = (map: Record<string, string>, values: readonly string[] | null | undefined): string[] => [
  ...new Set((values ?? []).flatMap(one => map[one.toLowerCase()] ?? [])),
]
const STATUS = {
  undecided: 'planned',
  notinuse: 'closed',
  phasingin: 'planned',
  operational: 'in-use',
  phasingout: 'phasing-out',
}
const LEVELS = { none: 'none', persondata: 'personal', sensitivedata: 'sensitive', legaldata: 'criminal' }
const PRIVATE = { cprnumber: 'cpr', socialproblems: 'social-problems', otherprivatematters: 'other-private' }
const PRECAUTIONS = {
  encryption: 'encryption',
  pseudonymization: 'pseudonymisation',
  accesscontrol: 'access-control',
  logging: 'logging',
}
const usersOf = (from: number | null | undefined, to: number | null | undefined) => {
  if (typeof from !== 'number' && typeof to !== 'number') return null
  if ((from ?? 0) >= 100) return '100-or-more'
  if ((from ?? 0) >= 50) return '50-99'
  return (from ?? 0) >= 10 ? '10-49' : 'under-10'
}
/** Options are words of the municipality's own; those that are plainly a category of Art. 9 become it. */
const ARTICLE_9: readonly [RegExp, string][] = [
  [/race|etnisk|ethnic/, 'race-ethnicity'],
  [/politisk|politic/, 'politics'],
  [/relig|filosofisk|\btro\b/, 'belief'],
  [/fagforening|union/, 'union'],
  [/genetisk|genetic/, 'genetic'],
  [/biometri/, 'biometric'],
  [/helbred|health/, 'health'],
  [/orientering|orientation/, 'sexual-orientation'],
  [/seksuel|sex/, 'sex-life'],
]
const artNine = (name: string): string | null => ARTICLE_9.find(([words]) => words.test(fold(name)))?.[1] ?? null
