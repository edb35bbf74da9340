import { Button, Group, Modal, Radio, Stack, Textarea } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answerRectification, listRectifications, type RectificationRow } from '#contract/rectifications.ts'
import { rectificationOutcome, rectificationState } from '#contract/register-lists.ts'
import { problemOf } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useSession } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/rectifications')
const limit = 50
/** What Art. 12(3) gives, as days: the list says so, the count on the home goes by the month. */
const MONTH = 31

/** What employees say is wrong about themselves, for whoever answers for it. */
export function RectificationsPage() {
  const { t, day } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const { actor } = useSession()
  const [answering, setAnswering] = useState<RectificationRow | null>(null)
  const query = useCall(
    listRectifications,
    { query: { ...(search.state ? { state: search.state } : {}), offset: url.offset, limit } },
    { keep: true },
  )
  const nameOf = (row: RectificationRow) => row.person.name ?? t('people.protectedPerson')
  const columns: Column<RectificationRow>[] = [
    {
      key: 'who',
      label: t('rectify.list.columns.who'),
      cell: row => (
        <>
          <PersonLink person={row.person} />
          {row.unit && <div className="meta">{row.unit.name}</div>}
        </>
      ),
    },
    {
      key: 'what',
      label: t('rectify.list.columns.what'),
      cell: row => (
        <>
          {row.label ?? t('rectify.self')}
          {row.system && (
            <div>
              <Link to="/systems/$systemId" params={{ systemId: row.system.id }} className="link">
                {row.system.name}
              </Link>
            </div>
          )}
        </>
      ),
    },
    { key: 'words', width: '34%', label: t('rectify.list.columns.words'), cell: row => row.words },
    {
      key: 'age',
      label: t('rectify.list.columns.age'),
      cell: row => (
        <>
          <span className="nowrap">{t('rectify.list.days', { count: row.days })}</span>
          {row.answeredAt === null && row.days > MONTH && (
            <div>
              <Status tone="wait" icon={IconAlertTriangle} plain>
                {t('rectify.list.late')}
              </Status>
            </div>
          )}
        </>
      ),
    },
    {
      key: 'answer',
      label: t('rectify.list.columns.answer'),
      cell: row =>
        row.answeredAt && row.outcome ? (
          <>
            <Status tone={row.outcome === 'will-be' ? 'info' : 'ok'} icon={IconCircleCheck} plain>
              {t(`rectify.outcome.${row.outcome}`)}
            </Status>
            <div className="meta">{`${day(row.answeredAt)}: ${row.answer}`}</div>
          </>
        ) : row.allowed.answer ? (
          <Button
            size="xs"
            className="no-print"
            onClick={() => setAnswering(row)}
            aria-label={t('rectify.list.replyOf', { who: nameOf(row) })}
          >
            {t('rectify.list.reply')}
          </Button>
        ) : (
          <span className="meta">
            {row.person.id === actor?.personId ? t('rectify.list.aboutYou') : t(`rectify.list.notYours.${row.office}`)}
          </span>
        ),
    },
  ]
  return (
    <Page title={t('rectify.list.title')} lead={t('rectify.list.lead')}>
      <ListFrame
        query={query}
        url={url}
        limit={limit}
        caption={t('rectify.list.caption')}
        columns={columns}
        rowKey={row => row.id}
        cards
        filters={
          <Choice
            label={t('rectify.list.state')}
            value={search.state}
            all={t('rectify.list.all')}
            onChange={state => url.change({ state })}
            options={rectificationState.options.map(value => ({ value, label: t(`rectify.list.states.${value}`) }))}
          />
        }
        empty={<Empty good title={t('rectify.list.empty')} help={t('rectify.list.emptyHelp')} />}
      />
      {answering && <AnswerDialog row={answering} who={nameOf(answering)} onClose={() => setAnswering(null)} />}
    </Page>
  )
}

function AnswerDialog(props: { row: RectificationRow; who: string; onClose: () => void }) {
  const { t } = useTexts()
  const [missing, setMissing] = useState(false)
  const reply = useCommand(answerRectification, () => {
    announce(t('rectify.list.replied'))
    props.onClose()
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const outcome = rectificationOutcome.safeParse(form.get('outcome'))
    const answer = String(form.get('answer') ?? '').trim()
    const whole = outcome.success && answer.length >= 5
    setMissing(!whole)
    if (whole) reply.mutate({ params: { rectificationId: props.row.id }, body: { outcome: outcome.data, answer } })
  }
  return (
    <Modal opened onClose={props.onClose} title={t('rectify.list.replyOf', { who: props.who })}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <p>{props.row.words}</p>
          <Radio.Group name="outcome" label={t('rectify.list.outcome')}>
            <Stack gap={8} mt={8}>
              {rectificationOutcome.options.map((value, place) => (
                <Radio
                  key={value}
                  value={value}
                  label={t(`rectify.outcome.${value}`)}
                  {...(place === 0 ? { 'data-autofocus': true } : {})}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Textarea
            name="answer"
            label={t('rectify.list.answer')}
            description={t('rectify.list.answerHelp')}
            rows={4}
            maxLength={2000}
          />
          {missing && <p role="alert">{t('rectify.list.missing')}</p>}
          {reply.error && <p role="alert">{t(`problem.${problemOf(reply.error).code}`)}</p>}
          <Group gap={8}>
            <Button type="submit" loading={reply.isPending}>
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
