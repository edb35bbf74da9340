import type { DemoManifest } from '../demo/manifest.ts'
import { addDays } from '../platform/civil-date.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { allows, auditActor } from '../policy/policy.ts'
import { RECORD_KINDS, type RecordKind } from '../register/records/dated-record.ts'
import { type Ctx, keep, planRecords, takeRecords } from '../register/records/record-service.ts'
import { changeMany, planMany } from '../systems/catalogue/sheet-service.ts'
import type { House } from '../wiring.ts'
import { actorOfRole } from './actors.ts'

/** Of so many, one lacks what it should have, and one has it and is late. */
const LACKS = 7
const LATE = 9
type Row = { ref: string; vulnerable: boolean; transfers: boolean }

/**
 * What the demonstration can show beside its register: agreements, assessments and controls from the list that the lawyers
 * kept, taken in through the door that everybody uses. Most are in order; of each kind something is missing or late.
 */
export async function demoRecords(house: Pick<House, 'db' | 'clock'>, manifest: DemoManifest): Promise<void> {
  await house.db.transaction(async tx => {
    const [before] = await tx.query('select from dated_record limit 1')
    if (before) return
    const [today, now] = [house.clock.today(), house.clock.now()]
    const ctx: Ctx = { tx, actor: await actorOfRole(tx, manifest, 'it', today), today, now }
    for (const kind of RECORD_KINDS) await keep(ctx, { kind, kept: true })
    const systems = await protectedSystems(tx, today)
    await logged(ctx, systems)
    const told = [
      ...systems.flatMap((one, place) => [
        ...said('processor-agreement', { system: one.key }, place, today),
        ...said('log-sample', { system: one.key }, place + 3, today),
      ]),
      ...(await assessedActivities(tx, today)).flatMap((one, place) => [
        ...(one.vulnerable ? said('dpia', { activity: one.ref }, place, today) : []),
        ...(one.transfers ? said('transfer-ground', { activity: one.ref }, place + 1, today) : []),
      ]),
    ].map((one, place) => ({ ...one, line: place + 2 }))
    await takeRecords(ctx, 'aftaler-og-kontroller.xlsx', await planRecords(ctx, { told, bad: [] }))
  })
}

const EVERY: Readonly<Record<RecordKind, number>> = {
  ...{ 'processor-agreement': 365, dpia: 1095, 'transfer-ground': 365, 'log-sample': 182, 'consent-control': 365 },
}

export function said(kind: RecordKind, about: { system: string } | { activity: string }, place: number, today: string) {
  if (place % LACKS === LACKS - 1) return []
  const late = place % LATE === LATE - 1
  const onDay = addDays(today, -(late ? EVERY[kind] + 20 : 15 + ((place * 31) % (EVERY[kind] - 40))))
  return [
    {
      ...{ kind, system: null, activity: null, ...about, onDay, nextDue: addDays(onDay, EVERY[kind]) },
      ...{ reference: `Sag ${onDay.slice(2, 4)}/${String(1200 + place * 17).padStart(5, '0')}`, note: null },
    },
  ]
}

/** Systems keep a log of lookups but for a few. */
export async function logged({ tx, actor, today, now }: Ctx, systems: readonly { id: string }[]): Promise<void> {
  const ids = systems.filter((_, place) => place % LACKS !== 1).map(one => one.id)
  if (ids.length === 0) return
  const by = { actor: auditActor(actor), may: (id: string) => allows(actor, 'change', 'System', { id }) }
  const reason = 'Overført fra it-sikkerhedens oversigt over logning'
  const given = {
    set: {
      ...{ logKept: 'changes-and-lookups', logMonths: 13, logReaders: 'Systemejer og it-sikkerhed' },
      logFields: ['bruger', 'tidspunkt', 'hvem der blev slået op', 'handling', 'maskine'],
      logReason: 'To halvårlige stikprøver skal kunne se et halvår hver.',
      logVerified: addDays(today, -120),
    },
  }
  const { hash } = await planMany(tx, by, { today, now }, ids, given, { reason })
  await changeMany(tx, by, { today, now }, ids, { ...given, hash, reason })
}

/** As the findings see them: sensitive rights, or a record that states such data. */
export const protectedSystems = (tx: Tx, today: string) =>
  tx.query<{ id: string; key: string }>(
    `select s.id, s.key from it_system s where s.gone_at is null and s.key <> 'hjemmel' and (
       exists (select from entitlement e where e.system_id = s.id and e.gone_at is null and e.sensitivity in ('special', 'criminal'))
       or exists (select from activity_system y join activity_in_force f on f.version_id = y.version_id and upper_inf(f.recorded)
         and f.valid @> $1::date join activity_row r on r.version_id = f.version_id
         join vocabulary_term t on t.kind = 'data' and t.code = r.data and t.class in ('special', 'criminal') where y.system_id = s.id))
     order by s.key`,
    [today],
  )

export const assessedActivities = (tx: Tx, today: string) =>
  tx.query<Row>(
    `select g.ref, exists (select from activity_row r join vocabulary_term t on t.kind = 'data' and t.code = r.data
         and t.class in ('special', 'criminal') where r.version_id = f.version_id) as vulnerable,
       v.content -> 'transfers' <> '[]' and not exists (select from jsonb_array_elements(v.content -> 'transfers') x
         where x ->> 'document' is null) as transfers
     from activity_in_force f join activity g on g.id = f.activity_id join activity_version v on v.id = f.version_id
     where upper_inf(f.recorded) and f.valid @> $1::date and g.kind = 'controller' order by g.ref`,
    [today],
  )
