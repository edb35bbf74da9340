import {
  IconBriefcase,
  IconBriefcaseOff,
  IconBulb,
  IconChecklist,
  IconFileText,
  IconKey,
  IconLock,
  IconPlaneDeparture,
  IconSend,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { getPersonLifecycle, type LifecycleEvent } from '#contract/lifecycle-board.ts'
import { useCall } from '../../lib/query.ts'
import { fieldText } from '../../texts/field-text.ts'
import { type Texts, useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import classes from './course-panel.module.css'

const ICONS = {
  fact: IconBulb,
  begins: IconBriefcase,
  ends: IconBriefcaseOff,
  absence: IconPlaneDeparture,
  report: IconFileText,
  order: IconSend,
  task: IconChecklist,
  grant: IconKey,
  lock: IconLock,
} as const

/** Facts, reports, orders, tasks, absences and locks of a person by day: what is planned, then what has happened. */
export function CoursePanel({ personId }: { personId: string }) {
  const { t } = useTexts()
  const query = useCall(getPersonLifecycle, { params: { personId } })
  return (
    <Answer query={query}>
      {({ today, events, more }) =>
        events.length === 0 ? (
          <Card>
            <Empty title={t('course.none')} help={t('course.noneHelp')} />
          </Card>
        ) : (
          <>
            {/* The next day first: what is planned is read from now on. */}
            <Days title={t('course.ahead')} events={events.filter(one => one.on > today).toReversed()} />
            <Days title={t('course.past')} events={events.filter(one => one.on <= today)} />
            {more && <p className="meta">{t('course.more')}</p>}
          </>
        )
      }
    </Answer>
  )
}

function Days(props: { title: string; events: LifecycleEvent[] }) {
  if (props.events.length === 0) return null
  return (
    <Card title={props.title}>
      <ol className={classes.events}>
        {props.events.map((event, place) => (
          <Entry
            key={`${event.on}${event.what}${event.code}${event.subject}${place.toString()}`}
            event={event}
            sameDay={props.events[place - 1]?.on === event.on}
          />
        ))}
      </ol>
    </Card>
  )
}

function Entry({ event, sameDay }: { event: LifecycleEvent; sameDay: boolean }) {
  const texts = useTexts()
  const { t, date } = texts
  const Sign = ICONS[event.what]
  return (
    <li className={classes.event}>
      <span className={classes.day}>{!sameDay && date(event.on)}</span>
      <span className={classes.sign}>
        <Sign size={16} aria-hidden />
      </span>
      <div>
        <p>
          <strong>{t(`course.what.${event.what}`)}</strong>{' '}
          {event.caseId ? (
            <Link to="/lifecycle/$caseId" params={{ caseId: event.caseId }} className="link">
              {detail(texts, event)}
            </Link>
          ) : (
            detail(texts, event)
          )}
        </p>
        <p className="meta">
          {[
            event.until && event.what !== 'report' && t('course.until', { date: date(event.until) }),
            event.source && sourceOf(event),
            event.author && t('course.author', { name: event.author }),
          ]
            .filter(Boolean)
            .join(', ')}
        </p>
        {event.reason && <p className="meta">{t('course.reason', { reason: event.reason })}</p>}
      </div>
    </li>
  )
}

/** Of an order the kind of connector, of a report its origin: neither is a source by name. */
const sourceOf = (event: LifecycleEvent): string | null => (event.what === 'fact' ? event.source : null)

function detail({ t }: Texts, event: LifecycleEvent): string {
  const { what, code, subject, state } = event
  const parts: (string | null | undefined | false)[] = {
    fact: () => [
      code
        .split(',')
        .map(name => fieldText(t, name))
        .join(', '),
    ],
    begins: () => [subject],
    ends: () => [code !== 'end' && t(`course.governs.${code as 'end'}`), subject],
    absence: () => [code],
    report: () => [t(`reports.kind.${code as 'hire'}`), state && t(`reports.stage.${state as 'draft'}`)],
    order: () => [t(`orders.action.${code as 'grant'}`), subject, state && t(`orders.state.${state as 'planned'}`)],
    task: () => [t(`course.direction.${code as 'give'}`), subject, state && t(`tasks.states.${state as 'open'}`)],
    grant: () => [t(`course.grant.${code as 'report'}`), subject, state === 'ended' && t('course.ended')],
    lock: () => [t(`course.lock.${code as 'locked'}`)],
  }[what]()
  return parts.filter(Boolean).join(': ')
}
