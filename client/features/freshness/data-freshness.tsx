import { IconAlertTriangle, IconClock } from '@tabler/icons-react'
import type { PlanItemRow } from '#contract/feeds.ts'
import { type Freshness, getFreshness } from '#contract/freshness.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Status } from '../../ui/status.tsx'
import classes from './data-freshness.module.css'

const late = {
  delayed: { tone: 'wait', icon: IconClock },
  failing: { tone: 'bad', icon: IconAlertTriangle },
  never: { tone: 'quiet', icon: IconClock },
} as const

const FEW = 4
/** What is seen of who holds what. */
export const OBSERVED = ['account', 'group', 'held'] as const satisfies PlanItemRow['kind'][]

/** How old what is shown is, by the sources that give such data; what is late is marked. */
export function DataFreshness(props: {
  kinds: readonly PlanItemRow['kind'][] /** Only these sources, where they are known. */
  sources?: readonly string[]
}) {
  const { t, language, ago } = useTexts()
  const query = useCall(getFreshness)
  // The line is there before what it says: what stands below it stays where it is.
  if (query.isPending) return <p className={classes.waiting} aria-hidden />
  const rows = (query.data?.rows ?? []).filter(
    row => row.feeds.some(kind => props.kinds.includes(kind)) && (props.sources?.includes(row.source) ?? true),
  )
  if (rows.length === 0) return null
  // Systems that send lists may be dozens: what is late is always told, of what is fresh a few.
  const fresh = rows.filter(row => row.state === 'fresh')
  const hidden = fresh.length > FEW + 1 ? new Set(fresh.slice(FEW)) : new Set<Freshness>()
  const text = (row: Freshness) =>
    row.readAt
      ? t('freshness.from', { name: row.name[language], when: ago(row.readAt) })
      : t('freshness.never', { name: row.name[language] })
  return (
    <ul className={classes.list}>
      {rows
        .filter(row => !hidden.has(row))
        .map(row => (
          <li key={row.source}>
            {text(row)}
            {row.state !== 'fresh' && (
              <>
                {' '}
                <Status {...late[row.state]} plain>
                  {t(`freshness.state.${row.state}`)}
                </Status>
              </>
            )}
          </li>
        ))}
      {hidden.size > 0 && <li>{t('freshness.others', { count: hidden.size })}</li>}
    </ul>
  )
}
