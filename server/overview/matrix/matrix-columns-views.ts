import type { z } from 'zod'
import type { MatrixFilter, matrixColumn } from '#contract/matrix.ts'
import { DANISH } from '../../access/visible.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

export type MatrixColumn = z.output<typeof matrixColumn>

const PROTECTED = ['confidential', 'special', 'criminal']
const WEIGHT = ['none', 'personal', 'confidential', 'special', 'criminal'] as const

/** The rights that the question is about, as SQL over `entitlement e`. Nothing of the reader's is in it. */
export const asksFor = (query: MatrixFilter): string =>
  [
    ...(query.protectedData ? [`e.sensitivity in (${PROTECTED.map(one => `'${one}'`).join(', ')})`] : []),
    ...(query.privileged ? ['e.privileged'] : []),
  ].join(' and ') || 'true'

/**
 * The columns in the order of the screen (by area, then name), and all areas. What has gone stays while somebody holds
 * something in it: whether a column is shown, its cells decide.
 */
export async function readColumns(
  tx: Tx,
  query: MatrixFilter & { columns: 'systems' | 'rights' },
  withAreas = true,
): Promise<{ columns: (MatrixColumn & { id: string; gone: boolean })[]; areas: string[] }> {
  const rights = query.columns === 'rights'
  const weigh = `max(array_position(array['${WEIGHT.join("', '")}'], e.sensitivity))`
  const rows = await tx.query<{
    id: string
    name: string
    system: string
    systemId: string
    area: string | null
    weight: number | null
    privileged: boolean | null
    gone: boolean
  }>(
    rights
      ? `select e.id, e.name, s.name as system, s.id as "systemId", s.area, s.gone_at is not null or e.gone_at is not null as gone,
           array_position(array['${WEIGHT.join("', '")}'], e.sensitivity) as weight, e.privileged
         from entitlement e join it_system s on s.id = e.system_id
         where ($1::text is null or s.area = $1) and ($2::uuid is null or s.id = $2) and ${asksFor(query)}
         order by s.area ${DANISH} nulls last, s.name ${DANISH}, e.name ${DANISH}, e.id`
      : `select s.id, s.name, s.name as system, s.id as "systemId", s.area, s.gone_at is not null as gone,
           ${weigh} as weight, bool_or(e.privileged) as privileged
         from it_system s left join entitlement e on e.system_id = s.id and ${asksFor(query)}
         where ($1::text is null or s.area = $1) and ($2::uuid is null or s.id = $2)
         group by s.id order by s.area ${DANISH} nulls last, s.name ${DANISH}, s.id`,
    [query.area ?? null, query.system ?? null],
  )
  const areas = withAreas
    ? await tx.query<{ area: string }>(
        `select distinct area, area ${DANISH} as place from it_system where gone_at is null and area is not null order by place`,
      )
    : []
  return {
    columns: rows.map(row => ({
      id: row.id,
      name: row.name,
      system: rights ? row.system : null,
      systemId: row.systemId,
      area: row.area,
      sensitivity: WEIGHT[(row.weight ?? 1) - 1] ?? 'none',
      privileged: row.privileged ?? false,
      gone: row.gone,
    })),
    areas: areas.map(row => row.area),
  }
}
