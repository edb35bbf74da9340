import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listHandovers } from '#contract/lifecycle-subject.ts'
import { useCall } from '../../../lib/query.ts'
import { useMay } from '../../../lib/session.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import { PersonLink } from '../../../ui/person-link.tsx'
import classes from '../lifecycle.module.css'

type Rows = ResponseOf<typeof listHandovers>['rows']
const FEW = 5

/** What leavers answer for: what it is, whose it was, by when and by whom it is taken over. */
export function HandoverLines(props: { rows: Rows }) {
  const { t, date } = useTexts()
  const may = useMay()
  return (
    <ul className={classes.list}>
      {props.rows.map(row => (
        <li key={row.caseId + row.kind + row.id} className={classes.right}>
          <span className={classes.rightText}>
            <span className="meta">{t(`doors.handover.${row.kind}`)}</span>{' '}
            <span className={classes.name}>
              {row.kind === 'system' ||
              row.kind === 'responsible' ||
              row.kind === 'contact' ||
              row.kind === 'task-deputy' ? (
                <Link to="/systems/$systemId" params={{ systemId: row.id }} className="link">
                  {row.name}
                </Link>
              ) : (
                row.name
              )}
            </span>
            <div className="meta">
              {may('case.read') ? (
                <Link to="/lifecycle/$caseId" params={{ caseId: row.caseId }} className="link">
                  {row.person.name ?? t('people.protectedPerson')}
                </Link>
              ) : (
                <PersonLink person={row.person} />
              )}
              {' · '}
              {t('doors.openBy', { date: date(row.dueOn) })}
              {' · '}
              {row.to
                ? t('doors.chosen', { name: row.to.name ?? t('people.protectedPerson') })
                : t('doors.plan.nobody')}
            </div>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** The first of the worklist, above the reports; nothing where nothing is open. */
export function OpenHandovers() {
  const { t } = useTexts()
  const query = useCall(listHandovers, { query: { offset: 0, limit: FEW } }, { keep: true })
  const total = query.data?.total ?? 0
  if (total === 0) return null
  return (
    <Card
      title={`${t('doors.open')} (${total})`}
      aside={
        total > FEW && (
          <Link to="/lifecycle/handovers" className="link">
            {t('doors.openAll')}
          </Link>
        )
      }
    >
      <p className="meta">{t('doors.openHelp')}</p>
      <HandoverLines rows={query.data?.rows ?? []} />
    </Card>
  )
}
