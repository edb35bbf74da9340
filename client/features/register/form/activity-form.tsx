import { Button, NativeSelect, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import {
  type ActivityContent,
  accessBand,
  type ControllerContent,
  type ProcessorContent,
} from '#contract/activity-content.ts'
import { type ProblemError, problemOf } from '../../../lib/call.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import { ErrorSummary } from '../../../ui/error-summary.tsx'
import classes from '../register.module.css'
import { BasicsFields, SystemsFields } from './basics-fields.tsx'
import { contentOf, type Draft, type Mistake } from './draft.ts'
import { KleRetention } from './kle-retention.tsx'
import { JointFields, PartyFields, ProcessingFields, TransfersFields } from './list-fields.tsx'
import { PurposesFields } from './purposes-fields.tsx'
import { RetentionFields } from './retention-fields.tsx'
import { RowsFields } from './rows-fields.tsx'
import { TermList } from './term-list.tsx'

type Saved = { content: ActivityContent; ownerPersonId: string | undefined }

/** A record as one page to write: everything that Art. 30 asks for, in the order in which it is read. */
export function ActivityForm(props: {
  draft: Draft
  onChange: (draft: Draft) => void
  onSave: (saved: Saved) => void
  busy: boolean
  error: ProblemError | null
  /** Whoever begins it may become its owner. */
  self?: boolean
}) {
  const { t } = useTexts()
  const { draft, onChange } = props
  const { content } = draft
  const [mistakes, setMistakes] = useState<Mistake[]>([])
  const put = (next: Partial<ControllerContent> | Partial<ProcessorContent>) =>
    onChange({ ...draft, content: { ...content, ...next } as ActivityContent })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const made = contentOf(draft)
    setMistakes(made.mistakes)
    if (made.mistakes.length === 0) props.onSave({ content: made.content, ownerPersonId: draft.pickedOwner?.id })
  }
  const problem = props.error ? problemOf(props.error) : null
  const refused = problem
    ? problem.code === 'conflict'
      ? [{ text: t('activityForm.conflict') }]
      : problem.errors && problem.errors.length > 0
        ? problem.errors.map(one => ({
            text: t('activityForm.errors.server', { what: `${one.path}: ${one.message}` }),
          }))
        : [{ text: t(`problem.${problem.code}`) }]
    : []
  const errors = [
    ...mistakes.map(({ field, key, number }) => ({
      field,
      text: t(`activityForm.errors.${key}`, number === undefined ? {} : { number }),
    })),
    ...refused,
  ]
  return (
    <form onSubmit={submit} noValidate className={classes.main}>
      <ErrorSummary errors={errors} />
      <Card title={t('activityForm.basics')}>
        <BasicsFields draft={draft} onChange={onChange} self={props.self === true} />
      </Card>
      {content.kind === 'controller' ? (
        <>
          <Card title={t('activityForm.purposes')}>
            <PurposesFields purposes={content.purposes} onChange={purposes => put({ purposes })} />
          </Card>
          <Card title={t('activityForm.retention')}>
            <RetentionFields rules={content.retention} onChange={retention => put({ retention })} />
            <KleRetention
              kle={content.kle}
              rules={content.retention}
              onAdd={rule => put({ retention: [...content.retention, rule] })}
            />
          </Card>
          <Card title={t('activityForm.rows')}>
            <RowsFields rows={content.rows} retention={content.retention} onChange={rows => put({ rows })} />
          </Card>
        </>
      ) : (
        <Card title={t('activityForm.processing')}>
          <ProcessingFields list={content.processing} onChange={processing => put({ processing })} />
        </Card>
      )}
      <Card title={t('activityForm.systems')}>
        <SystemsFields draft={draft} onChange={onChange} />
      </Card>
      <Card title={t('activityForm.transfers')}>
        <TransfersFields list={content.transfers} onChange={transfers => put({ transfers })} />
      </Card>
      <Card title={t('activity.measures')}>
        <div className={classes.main}>
          <TermList
            kind="measure"
            label={t('activityForm.measures')}
            value={content.measures}
            onChange={measures => put({ measures })}
          />
          <Textarea
            label={t('activityForm.measuresNote')}
            value={content.measuresNote ?? ''}
            maxLength={2000}
            rows={3}
            onChange={event => put({ measuresNote: event.currentTarget.value })}
          />
        </div>
      </Card>
      {content.kind === 'controller' && (
        <Card title={t('activity.information')}>
          <div className={classes.main}>
            <Textarea
              label={t('activityForm.information')}
              value={content.information ?? ''}
              maxLength={1000}
              rows={3}
              onChange={event => put({ information: event.currentTarget.value })}
            />
            <Textarea
              label={t('activityForm.consent')}
              value={content.consent ?? ''}
              maxLength={1000}
              rows={2}
              onChange={event => put({ consent: event.currentTarget.value })}
            />
            <NativeSelect
              label={t('activityForm.peopleWithAccess')}
              description={t('activityForm.peopleWithAccessHint')}
              value={content.peopleWithAccess ?? ''}
              onChange={event =>
                put({ peopleWithAccess: (event.currentTarget.value || null) as ControllerContent['peopleWithAccess'] })
              }
              data={[
                { value: '', label: t('activityForm.peopleNotSaid') },
                ...accessBand.options.map(value => ({ value, label: t(`activity.accessBand.${value}`) })),
              ]}
            />
          </div>
        </Card>
      )}
      <Card title={t('activityForm.contacts')}>
        <div className={classes.main}>
          <p className="meta">{t('activityForm.contactsHint')}</p>
          <div className={classes.fields}>
            <PartyFields who={t('activity.dpo')} value={content.dpo} onChange={dpo => put({ dpo })} />
            <PartyFields
              who={t('activity.representative')}
              value={content.representative}
              onChange={representative => put({ representative })}
            />
          </div>
          {content.kind === 'controller' && (
            <JointFields list={content.jointControllers} onChange={jointControllers => put({ jointControllers })} />
          )}
        </div>
      </Card>
      <div className={classes.bar}>
        <Button type="submit" loading={props.busy}>
          {t('activityForm.save')}
        </Button>
      </div>
    </form>
  )
}
