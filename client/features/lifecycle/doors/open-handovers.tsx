import { Link } from '@tanstack/react-router'
import { listHandovers } from '#contract/lifecycle-subject.ts'
import { useCall } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import classes from '../lifecycle.module.css'

const limit = 50

/** The worklist of what leavers answer for; nothing where nothing is open. */
export function OpenHandovers() {
  const { t, date } = useTexts()
  const query = useCall(listHandovers, { query: { offset: 0, limit } }, { keep: true })
  const rows = query.data?.rows ?? []
  if (rows.length === 0) return null
  return (
    <Card title={`${t('doors.open')} (${query.data?.total ?? 0})`}>
      <p className="meta">{t('doors.openHelp')}</p>
      <ul className={classes.list}>
        {rows.map(row => (
          <li key={row.caseId + row.kind + row.id} className={classes.right}>
            <span className={classes.rightText}>
              <span className="meta">{t(`doors.handover.${row.kind}`)}</span>{' '}
              <span className={classes.name}>{row.name}</span>
              <div className="meta">
                <Link to="/lifecycle/$caseId" params={{ caseId: row.caseId }} className="link">
                  {row.person.name ?? t('people.protectedPerson')}
                </Link>
                {' · '}
                {t('doors.openBy', { date: date(row.dueOn) })}
                {row.to && ` · ${t('doors.chosen', { name: row.to.name ?? t('people.protectedPerson') })}`}
              </div>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
