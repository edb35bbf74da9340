import { Button } from '@mantine/core'
import { useState } from 'react'
import { listReportedAffiliations, type ReportedAffiliation } from '#contract/lifecycle-subject.ts'
import { lastDay } from '../../../lib/formats.ts'
import { useCall } from '../../../lib/query.ts'
import { type Texts, useTexts } from '../../../texts/i18n.ts'
import { WhoPicker } from '../../../ui/who-picker.tsx'
import { fieldId } from '../case-words.ts'
import classes from '../lifecycle.module.css'
import type { Subject } from './subject.ts'

/** What an affiliation is, on one line. */
export const affiliationText = (t: Texts['t'], date: (day: string) => string, one: ReportedAffiliation): string =>
  [
    one.title,
    one.unit?.name,
    one.hours === null ? null : t('doors.hoursNow', { hours: String(one.hours).replace('.', ',') }),
    one.endsOn && t('reports.plan.until', { date: date(lastDay(one.endsOn)) }),
  ]
    .filter(Boolean)
    .join(' · ')

/** Whom it is about: found by name, and the affiliation where there are several. */
export function SubjectFields(props: {
  affiliationId: string | null
  subject: Subject | undefined
  error: string | undefined
  onChange: (affiliationId: string | null) => void
}) {
  const { t, date } = useTexts()
  const [person, setPerson] = useState<{ id: string; name: string } | null>(null)
  const list = useCall(
    listReportedAffiliations,
    { body: { personId: person?.id ?? '' } },
    { enabled: person !== null && props.affiliationId === null },
  )
  const { subject } = props
  if (props.affiliationId !== null)
    return (
      <div className={classes.picked}>
        <span className={classes.rightText}>
          <div className={classes.name}>{subject ? (subject.person.name ?? t('people.protectedPerson')) : ''}</div>
          {subject && <div className="meta">{t('doors.now', { what: affiliationText(t, date, subject) })}</div>}
          {props.error && <div role="alert">{props.error}</div>}
        </span>
        <Button
          id={fieldId('affiliationId')}
          variant="default"
          size="xs"
          onClick={() => {
            setPerson(null)
            props.onChange(null)
          }}
        >
          {t('doors.another')}
        </Button>
      </div>
    )
  return (
    <>
      <WhoPicker
        id={fieldId('affiliationId')}
        label={t('doors.find')}
        hint={t('doors.findHint')}
        error={props.error}
        onPick={who => setPerson({ id: who.id, name: who.name })}
      />
      {person && list.data && (
        <section aria-label={t('doors.which')}>
          <p className={classes.name}>
            {person.name}: {t('doors.which').toLowerCase()}
          </p>
          {list.data.rows.length === 0 ? (
            <p className="meta" role="status">
              {t('doors.none')}
            </p>
          ) : (
            <ul className={classes.list}>
              {list.data.rows.map(row => {
                const text = affiliationText(t, date, row)
                return (
                  <li key={row.id} className={classes.right}>
                    <span className={classes.rightText}>{text}</span>
                    <Button
                      size="compact-sm"
                      variant="default"
                      data-affiliation={row.id}
                      aria-label={t('reports.person.chooseOf', { name: text })}
                      onClick={() => props.onChange(row.id)}
                    >
                      {t('reports.person.choose')}
                    </Button>
                  </li>
                )
              })}
            </ul>
          )}
        </section>
      )}
    </>
  )
}
