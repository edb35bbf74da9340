import type { ResponseOf } from '#contract/endpoint.ts'
import type { getFindingSettings } from '#contract/finding-settings.ts'
import { type FindingCode, GATED_CODES } from '#contract/findings.ts'
import { FINDING_CODES } from '#contract/lists.ts'
import { putSwitch, putUnitSwitch } from '../../findings/finding-store.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { DANISH, unitRefSql } from '../visible.ts'
import { modeSql } from './findings-sql.ts'

type Settings = ResponseOf<typeof getFindingSettings>
type Mode = Settings['kinds'][number]['areas'][number]['mode']

/** Which kinds are shown how: everywhere first, then the areas and units that something else is said of. Five statements. */
export async function findingSettingsView(
  tx: Tx,
  change: boolean,
  namesOf: (tx: Tx, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<Settings> {
  const rows = await tx.query<{ code: FindingCode; area: string; mode: Mode; open: number }>(
    `with kinds as (select unnest($1::text[]) as code),
     counted as (
       select f.code, coalesce(y.area, '') as area, count(*)::int as open from finding f left join it_system y on y.id = f.system_id
       where f.closed_at is null and f.state = 'open' group by 1, 2
     ), lines as (
       select code, '' as area from kinds union select code, area from finding_switch where code = any($1)
     )
     select l.code, l.area, ${modeSql('l.code')} as mode, coalesce((select sum(c.open) from counted c where c.code = l.code
       and (l.area = '' or c.area = l.area)), 0)::int as open
     from lines l left join finding_switch here on here.code = l.code and here.area = l.area
     left join finding_switch elsewhere on elsewhere.code = l.code and elsewhere.area = ''
     order by array_position($1, l.code), l.area <> '', l.area`,
    [[...FINDING_CODES]],
  )
  const units = await tx.query<Settings['kinds'][number]['units'][number] & { code: FindingCode }>(
    `select k.code, ${unitRefSql('u')} as unit, k.mode, (select count(*)::int from finding f join org_unit_current b on b.unit_id = f.unit_id
       where f.closed_at is null and f.state = 'open' and f.code = k.code and k.unit_id = any(b.path)) as open
     from finding_unit_switch k join org_unit_current u on u.unit_id = k.unit_id order by u.level, u.name ${DANISH}, k.code`,
  )
  const areas = await tx.query<{ area: string }>(
    `select distinct area, area collate "da-x-icu" as place from it_system where gone_at is null and area is not null order by place`,
  )
  const [notice] = await tx.query<{
    discussedOn: string
    toldOn: string
    reference: string
    recordedAt: Date
    by: string
  }>(
    `select discussed_on::text as "discussedOn", told_on::text as "toldOn", reference, recorded_at as "recordedAt", recorded_by as by
     from finding_notice`,
  )
  const names = notice ? await namesOf(tx, [notice.by]) : null
  const gated: readonly string[] = GATED_CODES
  return {
    kinds: FINDING_CODES.map(code => ({
      code,
      gated: gated.includes(code),
      areas: rows
        .filter(row => row.code === code)
        .map(row => ({ area: row.area || null, mode: row.mode, open: row.open })),
      units: units.filter(row => row.code === code).map(({ unit, mode, open }) => ({ unit, mode, open })),
    })),
    areas: areas.map(row => row.area),
    notice: notice
      ? {
          discussedOn: notice.discussedOn,
          toldOn: notice.toldOn,
          reference: notice.reference,
          recordedAt: notice.recordedAt.toISOString(),
          recordedBy: names?.get(notice.by) ?? notice.by,
        }
      : null,
    allowed: { change },
  }
}

type Switch = { code: FindingCode; area: string | null; unit: string | null; mode: Mode | null; by: string; now: Date }
const invalid = (where: string, what: string) => problem('data-invalid', { errors: [{ where: `body/${where}`, what }] })

/** Throws `data-invalid` for an area that no system is in, a unit that is not there, and for both at once. */
export async function changeSwitch(tx: Tx, one: Switch): Promise<{ before: string | null; mode: Mode | null }> {
  if (one.unit !== null) {
    if (one.area !== null) throw invalid('unit', 'Choose an area or a unit, not both')
    const [known] = await tx.query('select from org_unit_current where unit_id = $1', [one.unit])
    if (!known) throw invalid('unit', 'There is no such unit')
    const { before } = await putUnitSwitch(tx, { ...one, unitId: one.unit })
    return { before, mode: one.mode }
  }
  if (one.area !== null) {
    const [known] = await tx.query('select from it_system where area = $1 limit 1', [one.area])
    if (!known) throw invalid('area', 'No system is in this area')
  }
  const { before } = await putSwitch(tx, { ...one, area: one.area ?? '' })
  const [now] = await tx.query<{ mode: Mode }>(
    `select ${modeSql('k.code')} as mode from (select $1::text as code) k
     left join finding_switch here on here.code = k.code and here.area = $2
     left join finding_switch elsewhere on elsewhere.code = k.code and elsewhere.area = ''`,
    [one.code, one.area ?? ''],
  )
  return { before, mode: now!.mode }
}
