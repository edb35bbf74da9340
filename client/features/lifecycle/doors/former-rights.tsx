import { listFormerRights } from '#contract/lifecycle-subject.ts'
import { useCall } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import classes from '../lifecycle.module.css'

/** What somebody who comes again once held: to look at, never to choose from. */
export function FormerRights(props: { personId: string }) {
  const { t, date } = useTexts()
  const query = useCall(listFormerRights, { body: { personId: props.personId } })
  const rows = query.data?.rows ?? []
  if (rows.length === 0) return null
  return (
    <details className={classes.fold}>
      <summary>
        {t('doors.former')} ({rows.length})
      </summary>
      <p className="meta">{t('doors.formerHelp')}</p>
      <ul>
        {rows.map(row => (
          <li key={row.right.id}>
            {row.right.system.name}: {row.right.name}{' '}
            <span className="meta">{t('doors.formerUntil', { date: date(row.until) })}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
