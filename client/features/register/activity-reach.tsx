import { IconAlertCircle, IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getActivityReach } from '#contract/reach.ts'
import { useCall } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './register.module.css'

type Reach = ResponseOf<typeof getActivityReach>
type System = Reach['systems'][number]
type Right = System['rights'][number]

/** Systems and rights of a record, with how many people have them: worked out from the rights, never typed. */
export function ActivityReach({ activityId }: { activityId: string }) {
  const { t, number } = useTexts()
  const may = useMay()
  const query = useCall(getActivityReach, { params: { activityId } })
  const columns: Column<Right>[] = [
    { key: 'right', label: t('reach.activityPage.right'), cell: right => right.name },
    {
      key: 'bound',
      label: t('reach.activityPage.boundHere'),
      rank: 2,
      cell: right => t(right.bound ? 'reach.activityPage.yes' : 'reach.activityPage.no'),
    },
    {
      key: 'expected',
      label: t('reach.activityPage.expected'),
      number: true,
      rank: 1,
      cell: right => number(right.expected),
    },
    { key: 'seen', label: t('reach.activityPage.seen'), number: true, rank: 1, cell: right => number(right.seen) },
    { key: 'people', label: t('reach.columns.people'), number: true, cell: right => number(right.people) },
  ]
  return (
    <Answer query={query}>
      {reach => (
        <div className="stack">
          <Card
            title={t('reach.activityPage.title')}
            aside={
              may('matrix.read') && (
                <span className="no-print" style={{ display: 'flex', gap: 16, flexWrap: 'wrap' }}>
                  <Link to="/reach" search={{ activity: activityId, view: 'people' }} className="link">
                    {t('reach.activityPage.showPeople')}
                  </Link>
                  <Link to="/reach" search={{ activity: activityId, view: 'flow' }} className="link">
                    {t('reach.activityPage.flow')}
                  </Link>
                  {may('binding.read') && (
                    <Link to="/bindings/list" search={{ activity: activityId }} className="link">
                      {t('reach.activityPage.bindings')}
                    </Link>
                  )}
                </span>
              )
            }
          >
            {reach.systems.length === 0 ? (
              <p className="meta">{t('reach.activityPage.none')}</p>
            ) : (
              <ul className={classes.list}>
                <li>{t('reach.activityPage.people', { people: number(reach.all.people) })}</li>
                <li>
                  <Status tone="ok" icon={IconCircleCheck} plain>
                    {t('reach.activityPage.bound', { count: reach.all.constrained })}
                  </Status>
                </li>
                <li>
                  <Status tone={reach.all.unexplained > 0 ? 'bad' : 'quiet'} icon={IconAlertCircle} plain>
                    {t('reach.activityPage.unexplained', { count: reach.all.unexplained })}
                  </Status>
                </li>
              </ul>
            )}
          </Card>
          {reach.systems.map(one => (
            <section key={one.system.id} className="stack">
              <h2 className="section">
                <Link to="/systems/$systemId" params={{ systemId: one.system.id }} className="link">
                  {one.system.name}
                </Link>
              </h2>
              <p className="meta">
                {[t(one.stated ? 'reach.activityPage.stated' : 'reach.activityPage.notStated'), one.use]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
              {one.rights.length === 0 ? (
                <p className="meta">{t('reach.activityPage.noRights')}</p>
              ) : (
                <DataTable
                  caption={t('reach.activityPage.caption', { system: one.system.name })}
                  columns={columns}
                  rows={one.rights}
                  rowKey={right => right.id}
                  empty={null}
                />
              )}
            </section>
          ))}
          {reach.units.length > 0 && (
            <Card title={t('reach.activityPage.units')}>
              <ul className={classes.list}>
                {reach.units.map(one => (
                  <li key={one.unit?.id ?? ''}>
                    {one.unit ? (
                      <Link to="/org/$unitId" params={{ unitId: one.unit.id }} className="link">
                        {one.unit.name}
                      </Link>
                    ) : (
                      '–'
                    )}{' '}
                    <span className="meta">{number(one.people)}</span>
                  </li>
                ))}
              </ul>
            </Card>
          )}
        </div>
      )}
    </Answer>
  )
}
