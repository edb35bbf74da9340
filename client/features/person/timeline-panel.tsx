import {
  IconArrowMerge,
  IconArrowsSplit,
  IconBriefcase,
  IconBriefcaseOff,
  IconEdit,
  IconEye,
  IconEyeOff,
  IconKey,
  IconKeyOff,
  IconUserEdit,
  IconUserMinus,
  IconUserPlus,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getPersonTimeline } from '#contract/people.ts'
import { dayOf } from '../../lib/formats.ts'
import { useCall } from '../../lib/query.ts'
import { fieldText, valueText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { Pager } from '../../ui/pager.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import classes from './timeline-panel.module.css'

type Event = ResponseOf<typeof getPersonTimeline>['events'][number]
const limit = 50
const icons = {
  'affiliation-started': IconBriefcase,
  'affiliation-changed': IconEdit,
  'affiliation-ended': IconBriefcaseOff,
  'person-changed': IconUserEdit,
  'person-merged': IconArrowMerge,
  'person-split': IconArrowsSplit,
  'account-seen': IconUserPlus,
  'account-gone': IconUserMinus,
  'right-expected': IconKey,
  'right-ended': IconKeyOff,
  'right-seen': IconEye,
  'right-vanished': IconEyeOff,
} as const

/** What happened, newest first, in words, with what it was before and after and where it was learned. */
export function TimelinePanel(props: { personId: string }) {
  const { t } = useTexts()
  const [offset, setOffset] = useState(0)
  const query = useCall(
    getPersonTimeline,
    { params: { personId: props.personId }, query: { offset, limit } },
    { keep: true },
  )
  return (
    <Answer query={query}>
      {({ events, total }) => (
        <>
          <Card>
            {events.length === 0 ? (
              <Empty title={t('person.timelineEmpty')} help={t('person.timelineEmptyHelp')} />
            ) : (
              <ol className={classes.timeline}>
                {events.map((event, index) => (
                  <TimelineEvent
                    key={`${event.at}${event.kind}${event.title}${index.toString()}`}
                    event={event}
                    sameDay={index > 0 && dayOf(events[index - 1]?.at ?? '') === dayOf(event.at)}
                  />
                ))}
              </ol>
            )}
          </Card>
          <Pager offset={offset} limit={limit} total={total} onMove={setOffset} hint={false} />
        </>
      )}
    </Answer>
  )
}

function TimelineEvent(props: { event: Event; sameDay: boolean }) {
  const { t, day, time, date } = useTexts()
  const { event } = props
  const Sign = icons[event.kind]
  const many = event.kind.startsWith('right-')
  const what = many
    ? t(`timeline.${event.kind as 'right-expected'}`, { count: event.count })
    : t(`timeline.${event.kind as 'account-seen'}`)
  const several = event.rights.length > 3
  return (
    <li className={classes.event}>
      <div className={classes.when}>
        {!props.sameDay && <span className={classes.day}>{day(event.at)}</span>}
        <span className="meta">{time(event.at)}</span>
      </div>
      <span className={classes.dot} data-kind={event.kind}>
        <Sign size={15} aria-hidden />
      </span>
      <div className={classes.body}>
        <p className={classes.what}>
          {what}
          {event.title && <span className={classes.title}>: {event.title}</span>}
        </p>
        {event.changes.map(change => (
          <p key={change.field} className={classes.change}>
            {fieldText(t, change.field)}{' '}
            {change.before === null
              ? t('timeline.set', { after: valueText(t, change.field, change.after) })
              : change.after === null
                ? t('timeline.unset', { before: valueText(t, change.field, change.before) })
                : t('timeline.fromTo', {
                    before: valueText(t, change.field, change.before),
                    after: valueText(t, change.field, change.after),
                  })}
          </p>
        ))}
        {event.rights.length > 0 &&
          (several ? (
            <details className={classes.rights}>
              <summary>{t('timeline.rights')}</summary>
              <ul>
                {event.rights.map(right => (
                  <li key={right}>{right}</li>
                ))}
              </ul>
            </details>
          ) : (
            <p className={classes.change}>{event.rights.join(', ')}</p>
          ))}
        <p className="meta">
          {[
            event.validFrom && event.validFrom !== dayOf(event.at)
              ? t('timeline.validFrom', { date: date(event.validFrom) })
              : null,
            event.source ? t('timeline.source', { source: event.source }) : null,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
    </li>
  )
}
