import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type BindingRow, makeBinding, searchBindings } from '#contract/bindings.ts'
import type { BodyInput } from '#contract/endpoint.ts'
import { problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from './announcer.tsx'
import { BindingActs } from './binding-acts.tsx'
import { BindingDialog } from './binding-dialog.tsx'
import classes from './bindings-of.module.css'
import { Card } from './card.tsx'
import { Answer } from './states.tsx'
import { Status } from './status.tsx'

type Asked = Pick<
  BodyInput<typeof searchBindings>,
  'system' | 'entitlement' | 'affiliation' | 'role' | 'rule' | 'level'
>

/**
 * What is said of why something may be held, on the page of the thing itself: a system, a right, a role, a rule, or one
 * person's holding of a right. Whoever may says more, here.
 */
export function BindingsOf(props: {
  asked: Asked
  /** What a new one is about. */
  object: BodyInput<typeof makeBinding>['object']
  what: string
  level?: 2 | 3
}) {
  const { t } = useTexts()
  const may = useMay()
  const [making, setMaking] = useState(false)
  const query = useCall(
    searchBindings,
    { body: { ...props.asked, limit: 100 } },
    { enabled: may('binding.read'), keep: true },
  )
  const make = useCommand(makeBinding, answer => {
    announce(t(answer.counts ? 'bindings.madeCounts' : 'bindings.madeWaits'))
    setMaking(false)
  })
  if (!may('binding.read')) return null
  return (
    <Card
      title={t('bindings.ofThis')}
      {...(props.level ? { level: props.level } : {})}
      aside={
        query.data?.allowed.make && (
          <Button size="xs" variant="default" className="no-print" onClick={() => setMaking(true)}>
            {t('bindingForm.make')}
          </Button>
        )
      }
    >
      <Answer query={query}>
        {({ rows, total }) =>
          rows.length === 0 ? (
            <p className="dim">{t('bindings.noneSaid')}</p>
          ) : (
            <>
              <ul className={classes.list}>
                {rows.map(row => (
                  <li key={row.id}>
                    <Line row={row} />
                  </li>
                ))}
              </ul>
              {total > rows.length && (
                <Link to="/bindings/list" search={(props.asked.system ? { system: props.asked.system } : {}) as never}>
                  {t('bindings.allOfThem', { count: total })}
                </Link>
              )}
            </>
          )
        }
      </Answer>
      {making && (
        <BindingDialog
          title={t('bindingForm.title')}
          what={props.what}
          verb={t('bindingForm.save')}
          busy={make.isPending}
          problem={make.error ? t(`problem.${problemOf(make.error).code}`) : null}
          onSubmit={body => make.mutate({ body: { ...body, object: props.object } })}
          onClose={() => setMaking(false)}
        />
      )}
    </Card>
  )
}

function Line(props: { row: BindingRow }) {
  const { t, date } = useTexts()
  const may = useMay()
  const { row } = props
  const about = t('bindings.usedFor', {
    purpose: row.purpose.name,
    activity: `${row.activity.ref} ${row.activity.name}`,
  })
  return (
    <>
      <p>
        <strong>{[t(`bindings.level.${row.object.level}`), row.label, row.detail].filter(Boolean).join(' · ')}</strong>
      </p>
      <p>
        {may('activity.read') ? (
          <Link to="/activities/$activityId" params={{ activityId: row.activity.id }} className="link">
            {about}
          </Link>
        ) : (
          about
        )}
      </p>
      <p className={classes.words}>{row.necessity}</p>
      <BindingState row={row} />
      {row.approvedAt && row.reviewOn && <p className="meta">{t('bindings.reviewOn', { date: date(row.reviewOn) })}</p>}
      <BindingActs row={row} />
    </>
  )
}

/** Whether it counts, waits or is to be looked at; whose place it takes; where else a group gives rights. */
export function BindingState(props: { row: BindingRow }) {
  const { t } = useTexts()
  const { row } = props
  return (
    <>
      {row.approvedAt === null && (
        <Status tone="info" icon={IconClock} plain>
          {t('bindings.states.waits')}
        </Status>
      )}
      {row.reviewDue && (
        <Status tone="wait" icon={IconAlertTriangle} plain>
          {t('bindings.states.review')}
        </Status>
      )}
      {row.replaces && <p className="meta">{t('bindings.replaces', { activity: row.replaces.activity.name })}</p>}
      {row.object.level === 'group' && row.systems.length > 1 && (
        <p className="meta">{t('bindings.spans', { systems: row.systems.map(one => one.name).join(', ') })}</p>
      )}
    </>
  )
}
