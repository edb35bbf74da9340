import type { Tx } from '../platform/unit-of-work.ts'

/** What HR decides about reports and payroll. */
export type HrSettings = {
  /** Days that payroll may take to tell of somebody who was reported, before it is something to look at. */
  hireConfirmDays: number
  /** Ends that one source may tell of within an hour before a person is asked: so many anyway ... */
  endsFloor: number
  /** ... and so many of a hundred of the people whom the source tells of, where that is more. */
  endsPercent: number
}

/** Until somebody decides otherwise. */
export const HR_DEFAULTS: HrSettings = { hireConfirmDays: 10, endsFloor: 25, endsPercent: 1 }

const KEY = 'hr-settings'

/** For statements that rest on it: the number of days, as SQL. */
export const HIRE_CONFIRM_DAYS_SQL = `coalesce((select (value ->> 'hireConfirmDays')::int from installation where key = '${KEY}'), ${HR_DEFAULTS.hireConfirmDays})`

export async function loadHrSettings(tx: Tx): Promise<HrSettings> {
  const [row] = await tx.query<{ value: Partial<HrSettings> }>('select value from installation where key = $1', [KEY])
  return { ...HR_DEFAULTS, ...row?.value }
}

export async function storeHrSettings(tx: Tx, settings: HrSettings, now: Date): Promise<void> {
  await tx.query(
    `insert into installation (key, value, changed_at) values ($1, $2, $3)
     on conflict (key) do update set value = excluded.value, changed_at = excluded.changed_at`,
    [KEY, JSON.stringify(settings), now],
  )
}
