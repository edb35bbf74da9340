import { IconAlertTriangle, IconArrowRight, IconClock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { getDpoHome, PACE_GROUP, QUICK_SECONDS, SAME_WORDS } from '#contract/dpo-home.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { WholeCoverage } from '../../ui/coverage.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './dpo-home.module.css'
import { ReachDrift } from './reach-drift.tsx'

type Home = ResponseOf<typeof getDpoHome>

/** The DPO's day: what runs, what is new, how reach moves, how much is said, and what looks rubber-stamped. */
export function DpoHome() {
  const query = useCall(getDpoHome)
  return (
    <Answer query={query}>
      {home => (
        <div className={classes.home}>
          <Clocks home={home} />
          <NewFindings findings={home.findings} />
          <ReachDrift rows={home.reach} />
          <WholeCoverage level={3} />
          <Stamps stamps={home.stamps} />
        </div>
      )}
    </Answer>
  )
}

function Clocks(props: { home: Home }) {
  const { t, date } = useTexts()
  const running = props.home.clocks.filter(clock => clock.count > 0)
  return (
    <Card title={t('dpo.clocks')} level={3} flush>
      {running.length === 0 ? (
        <Empty good title={t('dpo.noClocks')} />
      ) : (
        <ul className={classes.lines}>
          {running.map(clock => (
            <li key={clock.code}>
              <Link to={clock.to} search={clock.params as never} className={classes.line}>
                <IconClock size={18} aria-hidden />
                <span>
                  {t(`dpo.clock.${clock.code}`, { count: clock.count })}
                  {clock.due && <span className="meta"> {t('dpo.due', { date: date(clock.due) })}</span>}
                  {clock.late !== null && clock.late > 0 && (
                    <>
                      {' '}
                      <Status tone="wait" icon={IconAlertTriangle} plain>
                        {t('dpo.late', { count: clock.late })}
                      </Status>
                    </>
                  )}
                </span>
                <IconArrowRight size={16} aria-hidden className={classes.go} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function NewFindings(props: { findings: Home['findings'] }) {
  const { t, number } = useTexts()
  return (
    <Card title={t('dpo.findings')} level={3} flush>
      {props.findings.length === 0 ? (
        <Empty good title={t('dpo.noFindings')} />
      ) : (
        <ul className={classes.lines}>
          {props.findings.map(one => (
            <li key={`${one.code}${one.severity}`}>
              <Link
                to="/findings"
                search={{ code: one.code, severity: one.severity, age: 'week' } as never}
                className={classes.line}
              >
                <span>{t(`findings.code.${one.code}`)}</span>
                <span className="meta">{t(`findings.severity.${one.severity}`)}</span>
                <strong className={classes.go}>{number(one.count)}</strong>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function Stamps(props: { stamps: Home['stamps'] }) {
  const { t, number, percent } = useTexts()
  const { words, pace, untold } = props.stamps
  const said: Column<Home['stamps']['words'][number]>[] = [
    { key: 'words', width: '60%', label: t('dpo.words'), cell: row => row.necessity },
    { key: 'bindings', label: t('dpo.bindings'), number: true, cell: row => number(row.bindings) },
    { key: 'systems', label: t('dpo.systems'), number: true, cell: row => number(row.systems) },
  ]
  const quick: Column<Home['stamps']['pace'][number]>[] = [
    { key: 'area', label: t('bindings.area'), cell: row => row.area ?? t('dpo.allAreas') },
    { key: 'people', label: t('dpo.people'), number: true, cell: row => number(row.people) },
    { key: 'decisions', label: t('dpo.decisions'), number: true, cell: row => number(row.decisions) },
    { key: 'quick', label: t('dpo.quick'), number: true, cell: row => percent(row.quick / row.decisions) },
  ]
  return (
    <Card title={t('dpo.stamps')} level={3}>
      <div className="stack">
        <p className="dim">{t('dpo.stampsHelp')}</p>
        {words.length === 0 ? (
          <p>{t('dpo.noWords', { count: SAME_WORDS })}</p>
        ) : (
          <DataTable
            caption={t('dpo.wordsCaption', { count: SAME_WORDS })}
            columns={said}
            rows={words}
            rowKey={row => row.necessity}
            empty={null}
          />
        )}
        {pace.length > 0 && (
          <DataTable
            caption={t('dpo.paceCaption', { seconds: QUICK_SECONDS })}
            columns={quick}
            rows={pace}
            rowKey={row => row.area ?? ''}
            empty={null}
          />
        )}
        {(pace.length === 0 || untold > 0) && (
          <p className="dim">
            {pace.length === 0
              ? t('dpo.paceNobody', { people: PACE_GROUP })
              : t('dpo.paceUntold', { count: untold, people: PACE_GROUP })}
          </p>
        )}
      </div>
    </Card>
  )
}
