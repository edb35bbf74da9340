import { useTexts } from '../../texts/i18n.ts'
import { type Operation, useLimitTypes } from '../../ui/reach-said.tsx'
import classes from './reach.module.css'
import type { ReachData } from './reach-words.ts'

/** From at most to a purpose in sentences: everybody stands in one of them, and what could not be counted is said. */
export function Difference(props: { apart: NonNullable<ReachData['apart']>; operation: Operation | undefined }) {
  const { t, number } = useTexts()
  const limitTypes = useLimitTypes()
  const { apart, operation } = props
  const does = operation ? t(`reach.to.${operation}`) : ''
  const lines = [
    apart.category > 0 && t('reach.apart.category', { count: apart.category }),
    apart.limits > 0 && t('reach.apart.limits', { count: apart.limits }),
    apart.operation > 0 && t('reach.apart.operation', { count: apart.operation, does }),
    apart.unexplained > 0 && t('reach.apart.unexplained', { count: apart.unexplained }),
    apart.part > 0 && t('reach.apart.part', { count: apart.part, of: number(apart.constrained) }),
    apart.uncounted > 0 && t('reach.apart.uncounted', { count: apart.uncounted, types: limitTypes(apart.uncountedBy) }),
  ].filter(line => typeof line === 'string')
  return (
    <div className={classes.means}>
      <p>{t('reach.apart.lead', { people: number(apart.people), constrained: number(apart.constrained) })}</p>
      {lines.length > 0 && (
        <ul className={classes.apart}>
          {lines.map(line => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {operation && <p>{t('reach.sameAtMost')}</p>}
    </div>
  )
}
