import type { AnnouncementRow, Expectation } from '#contract/announcements.ts'
import { unitNames } from '../../people/unit-names-view.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { USED } from './announcement-store.ts'

type Raw = Omit<AnnouncementRow, 'expected' | 'simulation' | 'may' | 'mayNot'> & {
  expected: Expectation[]
  used: Record<string, number>
  simulated: { lines: number[]; held: number } | null
  simulationRun: string | null
  simulationState: string | null
  simulationAt: string | null
}
const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
type Reader = { userId: string; mayApprove: boolean; today: string }

const SELECT = `
  select a.id, a.source, s.name as "sourceName", a.reason, a.starts_on as "startsOn", a.ends_on as "endsOn", a.expected,
    case when a.state <> 'cancelled' and a.ends_on <= $1 then 'over' else a.state end as state,
    a.created_by as "createdBy", ${iso('a.created_at')} as "createdAt", a.decided_by as "decidedBy",
    ${iso('a.decided_at')} as "decidedAt", a.simulated, a.simulation_run as "simulationRun",
    r.state as "simulationState", ${iso('r.started_at')} as "simulationAt",
    ${USED} as used
  from announcement a join source s on s.key = a.source left join feed_run r on r.id = a.simulation_run`

export async function listAnnouncements(
  tx: Tx,
  filter: { source?: string | undefined; state?: string | undefined; offset: number; limit: number },
  reader: Reader,
): Promise<{ rows: AnnouncementRow[]; total: number }> {
  const where = `where ($2::text is null or a.source = $2) and ($3::text is null
    or $3 = case when a.state <> 'cancelled' and a.ends_on <= $1 then 'over' else a.state end)`
  const params = [reader.today, filter.source ?? null, filter.state ?? null]
  const rows = await tx.query<Raw>(`${SELECT} ${where} order by a.created_at desc, a.id limit $4 offset $5`, [
    ...params,
    filter.limit,
    filter.offset,
  ])
  const [count] = await tx.query<{ n: number }>(`select count(*)::int as n from announcement a ${where}`, params)
  return { rows: await shown(tx, rows, reader), total: count?.n ?? 0 }
}

export async function oneAnnouncement(tx: Tx, id: string, reader: Reader): Promise<AnnouncementRow> {
  const [row] = await shown(tx, await tx.query<Raw>(`${SELECT} where a.id = $2`, [reader.today, id]), reader)
  if (!row) throw problem('not-found', { detail: 'There is no such announcement.' })
  return row
}

async function shown(tx: Tx, rows: readonly Raw[], reader: Reader): Promise<AnnouncementRow[]> {
  const nameOf = await unitNames(
    tx,
    rows.flatMap(row => row.expected.flatMap(line => line.part ?? [])),
  )
  return rows.map(({ expected, used, simulated, simulationRun, simulationState, simulationAt, ...row }) => {
    const draft = row.state === 'draft'
    return {
      ...row,
      expected: expected.map((line, at) => ({
        ...line,
        partName: line.part === null ? null : (nameOf(line.part, false) ?? null),
        used: Number(used[at] ?? 0),
        simulated: simulated ? (simulated.lines[at] ?? 0) : null,
      })),
      simulation:
        simulationRun && simulationAt
          ? {
              runId: simulationRun,
              at: simulationAt,
              state: stateOf(simulationState, simulated !== null),
              fits:
                simulated !== null &&
                expected.every((line, at) => {
                  const met = simulated.lines[at] ?? 0
                  return met >= line.least && met <= line.most
                }),
              held: simulated?.held ?? 0,
            }
          : null,
      may: {
        simulate: reader.mayApprove && draft,
        approve: reader.mayApprove && draft && simulated !== null && row.createdBy !== reader.userId,
        cancel: reader.mayApprove && (draft || row.state === 'approved'),
      },
      mayNot:
        !draft || simulated === null
          ? null
          : !reader.mayApprove
            ? 'no-permission'
            : row.createdBy === reader.userId
              ? 'own'
              : null,
    }
  })
}

const stateOf = (state: string | null, simulated: boolean): 'running' | 'done' | 'rejected' | 'failed' =>
  state === 'running' ? 'running' : state === 'rejected' ? 'rejected' : simulated ? 'done' : 'failed'
