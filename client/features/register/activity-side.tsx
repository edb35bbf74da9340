import { IconAlertTriangle, IconCircleCheck, IconClock, IconScale } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { getActivity } from '#contract/activities.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './register.module.css'
import { Remarks } from './remarks.tsx'

export type Activity = ResponseOf<typeof getActivity>

/** Beside the record: what nobody has typed. Access from real rights, who answers, what is due, what a colleague says. */
export function ActivitySide(props: { activity: Activity; past: boolean }) {
  const { t, date, day, number } = useTexts()
  const { activity } = props
  const names = activity.shown?.names
  const owner = names?.owner
  const late = activity.attestDue !== null && activity.attestDue < activity.today
  return (
    <div className={classes.side}>
      <Card title={t('activity.facts')}>
        {activity.access.systems.some(one => one.read) ? (
          <p>
            <span className={classes.figure}>{number(activity.access.people)}</span>{' '}
            {t('activity.access', { count: activity.access.people })}
          </p>
        ) : (
          <p>{t('activity.noneRead')}</p>
        )}
        <p className="meta">{t(props.past ? 'activity.accessPast' : 'activity.accessHelp')}</p>
      </Card>
      <Card title={t('activity.owner')}>
        {owner ? (
          <>
            <PersonLink person={owner.person} />
            <div className="meta">{[owner.title, owner.unit].filter(Boolean).join(' · ')}</div>
          </>
        ) : (
          <Status tone="wait" icon={IconAlertTriangle} plain>
            {t('activities.noOwner')}
          </Status>
        )}
        {names && names.units.length > 0 && (
          <ul className={classes.list} style={{ marginTop: 8 }} aria-label={t('activity.units')}>
            {names.units.map(unit => (
              <li key={unit.id}>
                <Link to="/org/$unitId" params={{ unitId: unit.id }} className="link">
                  {unit.name}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card title={t('activity.attestations')}>
        {activity.attestDue && activity.standing === 'in-force' && (
          <p>
            <Status tone={late ? 'bad' : 'quiet'} icon={IconClock} plain>
              {t(late ? 'activity.attestOverdue' : 'activity.attestDue', { date: date(activity.attestDue) })}
            </Status>
          </p>
        )}
        {activity.attestations.length === 0 && <p className="meta">{t('activity.attestNever')}</p>}
        <ul className={classes.list}>
          {activity.attestations.slice(0, 6).map(one => (
            <li key={one.id}>
              {t(
                one.kind === 'owner'
                  ? one.changed
                    ? 'activity.attestedChanged'
                    : 'activity.attestedOwner'
                  : one.changed
                    ? 'activity.spotCheckedNot'
                    : 'activity.spotChecked',
                { number: one.number },
              )}
              <div className="meta">{[day(one.at), one.by, one.note].filter(Boolean).join(' · ')}</div>
            </li>
          ))}
        </ul>
      </Card>
      <Card title={t('activity.legal')}>
        {activity.confirmed ? (
          <Status tone="ok" icon={IconCircleCheck} plain>
            {t('activity.confirmed', { when: day(activity.confirmed.at), by: activity.confirmed.by ?? '–' })}
          </Status>
        ) : (
          <>
            <Status tone="wait" icon={IconScale} plain>
              {t('activity.unconfirmed')}
            </Status>
            <p className="meta">{t('activity.unconfirmedHelp')}</p>
          </>
        )}
      </Card>
      <Remarks remarks={activity.remarks} />
    </div>
  )
}

/** The systems that the record names: what for, and how many people have access there. */
export function ActivityAccess(props: { activity: Activity; past: boolean }) {
  const { t } = useTexts()
  const { shown, access } = props.activity
  if (!shown) return null
  const counted = new Map(access.systems.map(one => [one.id, one]))
  const use = new Map(shown.content.systems.map(one => [one.systemId, one.use]))
  return (
    <Card title={t('activity.systemsTitle')}>
      {shown.names.systems.length === 0 ? (
        <p className="meta">{t('activity.systemsNone')}</p>
      ) : (
        <>
          {access.systems.some(one => one.read) && <p>{t('activity.people', { count: access.people })}</p>}
          <ul className={classes.list}>
            {shown.names.systems.map(system => {
              const here = counted.get(system.id)
              return (
                <li key={system.id}>
                  <Link to="/systems/$systemId" params={{ systemId: system.id }} className="link">
                    {system.name}
                  </Link>
                  <div className="meta">
                    {[
                      use.get(system.id),
                      here?.read ? t('activity.peopleIn', { count: here.people }) : t('activity.notRead'),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </div>
                </li>
              )
            })}
          </ul>
        </>
      )}
      <p className="meta">{t(props.past ? 'activity.accessPast' : 'activity.accessHelp')}</p>
    </Card>
  )
}
