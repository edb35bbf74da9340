import { Link } from '@tanstack/react-router'
import type { RunDetail } from '#contract/feeds.ts'
import { linkSituation } from '#contract/shapes.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Facts } from '../../ui/card.tsx'

const flags = ['foundLinked', 'outOfScope', 'protected', 'byIntent'] as const

/**
 * How accounts stood when the run ended: linked, unlinked, and what waits on the desk. All of the source after a full read,
 * after a list of changes those that it changed.
 */
export function RunSituations(props: { run: RunDetail }) {
  const { t, number } = useTexts()
  const may = useMay()
  const { situations, source, mode } = props.run
  const known: readonly string[] = [...linkSituation.options, ...flags]
  const counts: Record<string, number> = situations ?? {}
  // Situations add up to all accounts; what is said of some of them besides comes after, and only where there are any.
  const entries = known.flatMap(name => {
    const count = counts[name] ?? 0
    return count === 0 && flags.some(flag => flag === name) ? [] : [[name, count] as const]
  })
  if (Object.keys(counts).length === 0) return null
  return (
    <section>
      <h2 className="section">{t(mode === 'full' ? 'sync.situations' : 'sync.situationsOfChanged')}</h2>
      <Facts
        facts={entries.map(([name, count]) => {
          const situation = linkSituation.options.find(one => one === name)
          return {
            label: situation ? t(`enum.situation.${situation}`) : t(`desk.flags.${name as (typeof flags)[number]}`),
            value:
              situation && count > 0 && may('link.read') ? (
                <Link to="/desk" search={{ situation, source, all: true }} className="link">
                  {number(count)}
                </Link>
              ) : (
                number(count)
              ),
          }
        })}
      />
    </section>
  )
}
