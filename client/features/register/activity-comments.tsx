import { Button, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { IconMessage2, IconScale } from '@tabler/icons-react'
import { type FormEvent, useRef, useState } from 'react'
import {
  type ActivityComment,
  adviseActivity,
  answerAdvice,
  commentActivity,
  listComments,
} from '#contract/activity-versions.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { Answer } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './register.module.css'

/** What is said about a record; advice stands until it is answered. */
export function ActivityComments(props: { activityId: string }) {
  const { t } = useTexts()
  const query = useCall(listComments, { params: props })
  return (
    <Answer query={query}>
      {({ rows, allowed, today }) => (
        <div className={classes.main}>
          {(allowed.advise || allowed.comment) && <Say activityId={props.activityId} advise={allowed.advise} />}
          <Card title={t('activity.comments.caption')}>
            {rows.length === 0 && <p className="meta">{t('activity.comments.none')}</p>}
            <ul className={classes.list}>
              {rows.map(one => (
                <Comment key={one.id} {...{ one, today, answer: allowed.answer, activityId: props.activityId }} />
              ))}
            </ul>
          </Card>
        </div>
      )}
    </Answer>
  )
}

function Say(props: { activityId: string; advise: boolean }) {
  const { t } = useTexts()
  const form = useRef<HTMLFormElement>(null)
  const done = () => {
    announce(t('activity.done.said'))
    form.current?.reset()
  }
  const comment = useCommand(commentActivity, done)
  const advise = useCommand(adviseActivity, done)
  const params = { activityId: props.activityId }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = String(data.get('text') ?? '').trim()
    if (text === '') return
    if (props.advise)
      advise.mutate({ params, body: { text, followUpOn: String(data.get('followUpOn') ?? '') || null } })
    else comment.mutate({ params, body: { text } })
  }
  const error = comment.error ?? advise.error
  return (
    <Card title={t(props.advise ? 'activity.comments.advice' : 'activity.comments.comment')}>
      <form ref={form} onSubmit={submit}>
        <Stack gap={12}>
          <Textarea name="text" label={t('activity.comments.text')} required maxLength={4000} rows={3} />
          {props.advise && (
            <TextInput
              type="date"
              name="followUpOn"
              label={t('activity.comments.followUpOn')}
              description={t('activity.comments.followUpHelp')}
              maw={320}
            />
          )}
          {error && <p role="alert">{t(`problem.${problemOf(error).code}`)}</p>}
          <div>
            <Button type="submit" loading={comment.isPending || advise.isPending}>
              {t(props.advise ? 'activity.comments.sendAdvice' : 'activity.comments.send')}
            </Button>
          </div>
        </Stack>
      </form>
    </Card>
  )
}

function Comment(props: { one: ActivityComment; today: string; answer: boolean; activityId: string }) {
  const { t, date, day } = useTexts()
  const { one } = props
  const [answering, setAnswering] = useState(false)
  const advice = one.kind === 'advice'
  const late = one.followUpOn !== null && one.followUpOn < props.today
  return (
    <li className={classes.purpose}>
      <Status tone={advice ? 'accent' : 'quiet'} icon={advice ? IconScale : IconMessage2} plain>
        {t(advice ? 'activity.comments.advice' : 'activity.comments.comment')}
      </Status>{' '}
      <span className="meta">
        {[one.by, day(one.at), t('activity.comments.about', { number: one.number })].filter(Boolean).join(' · ')}
      </span>
      <p className={classes.prose}>{one.text}</p>
      {one.answer ? (
        <p>
          <strong>
            {t('activity.comments.answered', {
              answer: t(`activity.comments.answers.${one.answer}`),
              by: one.answeredBy ?? '–',
              when: one.answeredAt ? day(one.answeredAt) : '',
            })}
          </strong>{' '}
          {one.answerNote}
        </p>
      ) : (
        one.followUpOn && (
          <p className="meta">
            {t(late ? 'activity.comments.late' : 'activity.comments.due', { date: date(one.followUpOn) })}
          </p>
        )
      )}
      {advice && !one.answer && props.answer && !answering && (
        <Button size="xs" variant="default" onClick={() => setAnswering(true)}>
          {t('activity.comments.answer')}
        </Button>
      )}
      {answering && !one.answer && <AnswerForm activityId={props.activityId} commentId={one.id} />}
    </li>
  )
}

const ANSWERS = ['followed', 'partly', 'not-followed'] as const
function AnswerForm(props: { activityId: string; commentId: string }) {
  const { t } = useTexts()
  const command = useCommand(answerAdvice, () => announce(t('activity.done.answered')))
  const [answer, setAnswer] = useState<(typeof ANSWERS)[number]>('followed')
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const note = String(new FormData(event.currentTarget).get('note') ?? '').trim()
    command.mutate({ params: props, body: { answer, note } })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap={12} maw={560}>
        <NativeSelect
          label={t('activity.comments.answerLabel')}
          value={answer}
          onChange={event => setAnswer(event.currentTarget.value as typeof answer)}
          data={ANSWERS.map(value => ({ value, label: t(`activity.comments.answers.${value}`) }))}
        />
        <Textarea
          name="note"
          label={t('activity.comments.answerNote')}
          required
          minLength={5}
          maxLength={1000}
          rows={2}
        />
        {command.error && <p role="alert">{t(`problem.${problemOf(command.error).code}`)}</p>}
        <div>
          <Button type="submit" size="xs" loading={command.isPending}>
            {t('activity.comments.answer')}
          </Button>
        </div>
      </Stack>
    </form>
  )
}
