import type { HeldChanges } from '#contract/held.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import classes from './held.module.css'

/** Who let through or rejected how many, when and why. */
export function HeldDecisions(props: { decisions: HeldChanges['decisions']; inside?: boolean }) {
  const { t, instant } = useTexts()
  const list = (
    <ul className={classes.decisions}>
      {props.decisions.map(one => (
        <li key={`${one.at}${one.by}${one.items}`}>
          {t(one.approved ? 'held.decidedApproved' : 'held.decidedRejected', {
            count: one.items,
            who: one.by,
            when: instant(one.at),
          })}
          {one.reason && `: ${one.reason}`}
        </li>
      ))}
    </ul>
  )
  return props.inside ? list : <Card title={t('held.decisions')}>{list}</Card>
}
