import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { IconCircleCheck, IconClock, IconMail } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import {
  askRectification,
  listOwnRectifications,
  type RectificationObject,
  seeRectifications,
} from '#contract/rectifications.ts'
import { isProblem, problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { Answer } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './wrong.module.css'

type Said = ResponseOf<typeof listOwnRectifications>['rows'][number]

const same = (a: RectificationObject, b: RectificationObject): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())

/** "This is wrong", beside what it is about: says what has become of it, or asks what is wrong. */
export function Wrong(props: { object: RectificationObject; what: string; label?: string }) {
  const { t, day } = useTexts()
  const [open, setOpen] = useState(false)
  const query = useCall(listOwnRectifications)
  const last = query.data?.rows.find(row => same(row.object, props.object))
  const waits = last !== undefined && last.answeredAt === null
  return (
    <div className={`${classes.wrong} no-print`}>
      {waits ? (
        <p className="meta">
          <IconClock size={14} aria-hidden />{' '}
          {t('rectify.waits', { date: day(last.askedAt), office: t(`rectify.office.${last.office}`) })}
        </p>
      ) : (
        <>
          {last && <Reply said={last} />}
          <Button
            variant="default"
            size="xs"
            onClick={() => setOpen(true)}
            aria-label={props.label ?? t('rectify.buttonOf', { what: props.what })}
          >
            {props.label ?? t('rectify.button')}
          </Button>
        </>
      )}
      {open && <AskDialog object={props.object} what={props.what} onClose={() => setOpen(false)} />}
    </div>
  )
}

function AskDialog(props: { object: RectificationObject; what: string; onClose: () => void }) {
  const { t } = useTexts()
  const [short, setShort] = useState(false)
  const ask = useCommand(askRectification, () => {
    announce(t('rectify.sent'))
    props.onClose()
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const words = String(new FormData(event.currentTarget).get('words') ?? '').trim()
    setShort(words.length < 5)
    if (words.length >= 5) ask.mutate({ body: { object: props.object, words } })
  }
  const error = ask.error
    ? isProblem(ask.error) && ask.error.problem.code === 'conflict'
      ? t('rectify.already')
      : t(`problem.${problemOf(ask.error).code}`)
    : null
  return (
    <Modal opened onClose={props.onClose} title={t('rectify.question')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <p>
            <strong>{props.what}</strong>
          </p>
          <p className="dim">{t('rectify.help', { office: t(`rectify.whoAnswers.${props.object.about}`) })}</p>
          <Textarea
            name="words"
            data-autofocus
            label={t('rectify.words')}
            rows={4}
            maxLength={2000}
            error={short ? t('rectify.short') : error}
          />
          <Group gap={8}>
            <Button type="submit" loading={ask.isPending}>
              {t('rectify.send')}
            </Button>
            <Button variant="default" onClick={props.onClose}>
              {t('do.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Reply(props: { said: Said }) {
  const { t, day, all } = useTexts()
  const { said } = props
  if (!said.outcome || !said.answeredAt) return null
  const roles: Record<string, string> = all.role
  return (
    <div className={classes.reply}>
      <Status tone={said.outcome === 'will-be' ? 'info' : 'ok'} icon={IconCircleCheck} plain>
        {t(`rectify.outcome.${said.outcome}`)}
      </Status>
      <p>
        {t('rectify.answered', {
          who: roles[said.answeredAs ?? ''] ?? t(`rectify.office.${said.office}`),
          date: day(said.answeredAt),
          answer: said.answer ?? '',
        })}
      </p>
    </div>
  )
}

/** Everything that I have said is wrong, with the answers; and a way to say what stands nowhere else. */
export function OwnReports() {
  const { t, day } = useTexts()
  const query = useCall(listOwnRectifications)
  const see = useCommand(seeRectifications, () => announce(t('rectify.readDone')))
  return (
    <Card
      id="wrong"
      title={t('rectify.mine')}
      aside={
        <Link to="/me/log" className="link">
          {t('rectify.who')}
        </Link>
      }
    >
      <Answer query={query}>
        {({ rows, unseen }) => (
          <div className="stack">
            <p className="dim">
              {rows.length === 0 ? `${t('rectify.mineNone')} ${t('rectify.mineHelp')}` : t('rectify.mineHelp')}
            </p>
            {unseen > 0 && (
              <div>
                <Button size="xs" loading={see.isPending} onClick={() => see.mutate({ body: {} })}>
                  {t('rectify.read')}
                </Button>
              </div>
            )}
            {rows.length > 0 && (
              <ul className={classes.list}>
                {rows.map(row => (
                  <li key={row.id}>
                    <div className={classes.head}>
                      <strong>{[row.label ?? t('rectify.self'), row.system?.name].filter(Boolean).join(' · ')}</strong>
                      {row.answeredAt === null ? (
                        <Status tone="wait" icon={IconClock} plain>
                          {t('rectify.waiting')}
                        </Status>
                      ) : (
                        !row.seen && (
                          <Status tone="accent" icon={IconMail}>
                            {t('rectify.unread')}
                          </Status>
                        )
                      )}
                    </div>
                    <p className="meta">{t('rectify.said', { date: day(row.askedAt), words: row.words })}</p>
                    <Reply said={row} />
                  </li>
                ))}
              </ul>
            )}
            <Wrong object={{ about: 'person' }} what={t('rectify.self')} label={t('rectify.other')} />
          </div>
        )}
      </Answer>
    </Card>
  )
}
