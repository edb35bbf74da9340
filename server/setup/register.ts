import { type ControllerContent, processorContent } from '#contract/activity-content.ts'
import type { DemoManifest } from '../demo/manifest.ts'
import { DEMO_MUNICIPALITY } from '../demo/read-manifest.ts'
import { asWritten } from '../demo/register-flaws.ts'
import { type DemoActivity, demoActivities } from '../demo/register-plan.ts'
import { addDays } from '../platform/civil-date.ts'
import { figuresForNewTables } from '../platform/planner.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { type Ctx, propose, putInForce, retire, startActivity } from '../register/activities/activity-service.ts'
import { confirm } from '../register/activities/attest-service.ts'
import { storeDefaults } from '../register/activities/attest-store.ts'
import { checkContent } from '../register/activities/check-content.ts'
import { catalogueActivities } from '../register/catalogue/read-catalogue.ts'
import { loadVocabularies } from '../register/vocabulary/vocabulary-store.ts'
import type { House } from '../wiring.ts'
import { actorOfLeader, actorOfRole } from './actors.ts'

type Unit = { id: string; key: string; owner: string | null; directorate: string | null }
type Town = { units: ReadonlyMap<string, Unit>; systems: ReadonlyMap<string, string> }

/** A mailbox that outlives whoever is the adviser; letters go to the town hall. */
const WHO_ANSWERS = {
  controller: { name: DEMO_MUNICIPALITY, contact: 'Rådhuset, databeskyttelse@lindevang.example' },
  dpo: { name: 'Kommunens databeskyttelsesrådgiver', contact: 'dpo@lindevang.example' },
  representative: null,
}

/** What the register is asked by as soon as it is there. */
const FILLED = [
  ...['activity', 'activity_in_force', 'activity_version', 'activity_row', 'activity_purpose'],
  ...['activity_system', 'activity_unit', 'activity_kle'],
]

/** Whoever decides for a unit: the leader of the directorate that it belongs to, or of the whole town. */
const DIRECTORATES = ['u-10', 'u-20', 'u-30', 'u-1'] as const
const MOVED = 'Overført fra den tidligere fortegnelse, hvor den har gjaldt siden denne dag'
const TOLD = 'Første brev i sagen henviser til kommunens side om behandling af personoplysninger.'

/**
 * The register of the demonstration: activities of the catalogue, each with who does it and with what, adopted, proposed and
 * put in force through the doors that everybody uses. All of it or nothing.
 */
export async function demoRegister(house: Pick<House, 'db' | 'clock'>, manifest: DemoManifest): Promise<void> {
  await house.db.transaction(async tx => {
    const [before] = await tx.query('select from activity limit 1')
    if (before) return
    await storeDefaults(tx, WHO_ANSWERS)
    const when = { today: house.clock.today(), now: house.clock.now() }
    const town = await townOf(tx)
    const vocabularies = await loadVocabularies(tx)
    const check = async (_: Tx, content: Parameters<typeof checkContent>[0]) =>
      checkContent(content, vocabularies, when.today)
    const it: Ctx = { tx, ...when, actor: await actorOfRole(tx, manifest, 'it', when.today) }
    const deciders = new Map<string, Ctx>()
    for (const key of DIRECTORATES)
      deciders.set(key, { tx, ...when, actor: await actorOfLeader(tx, town.units.get(key), when.today) })
    const decider = (unit: Unit | undefined) => deciders.get(unit?.directorate ?? 'u-1') ?? it
    for (const [place, one] of demoActivities.entries()) {
      const content = contentOf(one, town, when.today)
      const made = await startActivity(it, content, { catalogueKey: one.key })
      if (one.state === 'draft') continue
      // Days on which they began are spread over the last year, so that the year wheel has something in each month.
      const from = addDays(when.today, -15 - ((place * 37) % 365))
      const summary = 'Taget fra kataloget og tilpasset'
      await propose(it, made, { summary, effectiveOn: one.state === 'proposed' ? when.today : from, lock: 1 }, check)
      if (one.state === 'proposed') continue
      const by = decider(town.units.get(one.units[0] ?? ''))
      await putInForce(by, made, { effectiveOn: from, reason: MOVED, lock: 2 })
      if (one.looked.length > 0)
        await confirm(by, made.activityId, { confirmed: true, note: 'Gennemgået af kommunens jurist' })
      if (one.state === 'retired')
        await retire(by, made.activityId, { from: when.today, reason: 'Opgaven er lagt ind under en anden aktivitet' })
    }
    const made = await startActivity(it, payrollForOthers(town))
    const summary = 'Løn for selvejende institutioner'
    await propose(it, made, { summary, effectiveOn: when.today, lock: 1 }, check)
    const first = { effectiveOn: when.today, reason: null, lock: 2 }
    await putInForce(decider(town.units.get('u-15')), made, first)
    await figuresForNewTables(tx, FILLED)
  })
}

async function townOf(tx: Tx): Promise<Town> {
  const units = await tx.query<Unit>(
    `select u.unit_id as id, u.key, coalesce(u.manager_affiliation_id, (
         select p.manager_affiliation_id from org_unit_current p
         where p.unit_id = any(u.path) and p.manager_affiliation_id is not null order by p.level desc limit 1)) as owner,
       (select d.key from org_unit_current d where d.unit_id = any(u.path) and d.key = any($1)
        order by d.level desc limit 1) as directorate
     from org_unit_current u where u.tree = 'admin' and u.active`,
    [DIRECTORATES],
  )
  const systems = await tx.query<{ id: string; key: string }>('select id, key from it_system')
  return {
    units: new Map(units.map(unit => [unit.key, unit])),
    systems: new Map(systems.map(one => [one.key, one.id])),
  }
}

/** The record of the catalogue, with what the town says: who answers for it, who does it, with which systems. */
function contentOf(one: DemoActivity, town: Town, today: string): ControllerContent {
  const found = catalogueActivities().get(one.key)
  if (!found) throw problem('not-found', { detail: `The catalogue has no activity "${one.key}".` })
  const purposes = found.content.purposes.map(purpose => ({
    ...purpose,
    provisions: one.looked.length === 0 ? purpose.provisions : looked(one, purpose.provisions, today),
  }))
  return asWritten(one.key, {
    ...{ ...found.content, purposes, ...placed(one.units, town), information: TOLD },
    retention: found.content.retention.map(rule => (one.looked.length > 0 ? settled(rule) : rule)),
    systems: one.systems.flatMap(key => {
      const systemId = town.systems.get(key)
      return systemId ? [{ systemId, use: null }] : []
    }),
    transfers: TRANSFERS[one.key] ?? [],
  })
}

const MICROSOFT = {
  ...{ recipient: 'Microsoft Corporation', country: 'US', ground: '45-DPF', from: null, to: null },
  document: 'Databehandleraftale, bilag om overførsler',
}

/** Of the second nobody has found the document. */
const NEWSLETTERS = {
  ...{ recipient: 'Udsender af nyhedsbreve', country: 'US', ground: '46.2.c', from: null, to: null, document: null },
}

/** The house's mail and files are with a processor that answers to an American company; so are the newsletters. */
const TRANSFERS: Readonly<Record<string, ControllerContent['transfers']>> = {
  'it-operations': [MICROSOFT],
  website: [NEWSLETTERS],
}

/** A law that was looked up has its section and the day; one that was not stays as the catalogue has it. */
function looked(one: DemoActivity, provisions: ControllerContent['purposes'][number]['provisions'], today: string) {
  return provisions.flatMap(provision => {
    const sections = one.looked.filter(({ law }) => law === provision.law)
    if (sections.length === 0) return [provision]
    return sections.map(({ section }) => ({ ...provision, section, checkedOn: addDays(today, -45) }))
  })
}

const settled = (rule: ControllerContent['retention'][number]) => ({
  ...rule,
  archive: rule.archive === 'unknown' ? ('discard' as const) : rule.archive,
})

function placed(keys: readonly string[], town: Town): { owner: string | null; units: string[] } {
  const units = keys.flatMap(key => town.units.get(key) ?? [])
  return { owner: units[0]?.owner ?? null, units: units.map(unit => unit.id) }
}

/** What the town does for others: Art. 30(2). */
const payrollForOthers = (town: Town) =>
  processorContent.parse({
    ...{ kind: 'processor', name: 'Løn for selvejende institutioner', nameEn: 'Payroll for independent institutions' },
    ...{ area: 'Personale', kle: ['81.08'], ...placed(['u-15'], town) },
    description: 'Kommunen beregner og udbetaler løn for institutioner, der selv er dataansvarlige for deres ansatte.',
    systems: [town.systems.get('opus-loen')].flatMap(systemId => (systemId ? [{ systemId, use: null }] : [])),
    measures: ['A01', 'A02', 'A05', 'A13', 'C01', 'C02', 'D02', 'L02', 'O02', 'O07'],
    processing: [
      {
        controller: { name: 'Den selvejende institution Mælkebøtten', contact: 'Bestyrelsen' },
        categories: ['Beregning og udbetaling af løn', 'Indberetning til skat og pension'],
      },
      {
        controller: { name: 'Lindevang Friluftsbørnehave', contact: 'Lederen' },
        categories: ['Beregning og udbetaling af løn'],
      },
    ],
  })
