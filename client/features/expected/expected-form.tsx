import { Button, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { createAnnouncement, type Expectation } from '#contract/announcements.ts'
import type { SourceRow } from '#contract/feeds.ts'
import { problemOf } from '../../lib/call.ts'
import { addDays, dayOf } from '../../lib/formats.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { ExpectedLine, emptyLine, type LineForm, readLine } from './expected-line.tsx'

type FieldError = { field: string; text: string }

/** Announcing a mass change: which source, when, what and how many, and why. It is a draft until it has been tried. */
export function ExpectedForm(props: { sources: readonly SourceRow[] }) {
  const { t, language } = useTexts()
  const navigate = useNavigate()
  const [lines, setLines] = useState<LineForm[]>([emptyLine()])
  const [wrong, setWrong] = useState<FieldError[]>([])
  const [source, setSource] = useState('')
  const [tries, setTries] = useState(0)
  const create = useCommand(createAnnouncement, answer => {
    announce(t('expected.saved'))
    void navigate({ to: '/sync/expected/$announcementId', params: { announcementId: answer.id } })
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const first = text('from')
    const last = text('last')
    const read = lines.map(readLine)
    const errors: FieldError[] = [
      ...(text('source') ? [] : [{ field: 'source', text: t('expected.sourceMissing') }]),
      ...(first ? [] : [{ field: 'from', text: t('expected.fromMissing') }]),
      ...(last && last >= first ? [] : [{ field: 'last', text: t('expected.toWrong') }]),
      ...read.flatMap((line, index) => (line ? [] : [{ field: `least-${index}`, text: t('expected.countsWrong') }])),
      ...(text('reason').length < 5 ? [{ field: 'reason', text: t('expected.reasonShort') }] : []),
    ]
    setWrong(errors)
    setTries(count => count + 1)
    if (errors.length > 0) return
    create.mutate({
      body: {
        source: text('source'),
        startsOn: first,
        endsOn: addDays(last, 1),
        reason: text('reason'),
        expected: read.filter((line): line is Expectation => line !== null),
      },
    })
  }
  const errorFor = (field: string) => wrong.find(one => one.field === field)?.text
  const failed = create.error ? t(`problem.${problemOf(create.error).code}`) : null
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={16} maw={760}>
        <ErrorSummary key={`${tries}${failed}`} errors={wrong.length > 0 ? wrong : failed ? [{ text: failed }] : []} />
        <NativeSelect
          id="source"
          name="source"
          value={source}
          onChange={event => {
            setSource(event.currentTarget.value)
            // Each source has parts of its own.
            setLines(lines.map(line => ({ ...line, part: '', partName: '' })))
          }}
          label={t('expected.source')}
          error={errorFor('source')}
          data={[
            { value: '', label: t('sources.secretNone') },
            ...props.sources.filter(one => one.declared).map(one => ({ value: one.key, label: one.name[language] })),
          ]}
        />
        <TextInput
          id="from"
          name="from"
          type="date"
          label={t('expected.from')}
          defaultValue={dayOf(new Date().toISOString())}
          error={errorFor('from')}
        />
        <TextInput id="last" name="last" type="date" label={t('expected.to')} error={errorFor('last')} />
        <Card title={t('expected.lines')}>
          <Stack gap={16}>
            {lines.map((line, index) => (
              <ExpectedLine
                key={line.id}
                line={line}
                source={source}
                place={index}
                error={errorFor(`least-${index}`)}
                onChange={next => setLines(lines.map(one => (one.id === line.id ? next : one)))}
                onRemove={lines.length > 1 ? () => setLines(lines.filter(one => one.id !== line.id)) : null}
              />
            ))}
            <div>
              <Button variant="default" size="xs" onClick={() => setLines([...lines, emptyLine()])}>
                {t('expected.addLine')}
              </Button>
            </div>
          </Stack>
        </Card>
        <Textarea
          id="reason"
          name="reason"
          label={t('expected.reason')}
          description={t('expected.reasonHint')}
          rows={3}
          maxLength={500}
          error={errorFor('reason')}
        />
        <div>
          <Button type="submit" loading={create.isPending}>
            {t('expected.save')}
          </Button>
        </div>
      </Stack>
    </form>
  )
}
