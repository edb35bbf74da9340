import { Button, Checkbox, Group, Stack } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { answerLookupSample, listLookupSamples } from '#contract/compliance.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { ComplianceTabs } from '../features/compliance/compliance-tabs.tsx'
import { problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Empty, Failure } from '../ui/states.tsx'

const route = getRouteApi('/app/admin/compliance/samples')
const limit = 50
const ANSWERS = ['work', 'not-work', 'unclear'] as const
type Row = ResponseOf<typeof listLookupSamples>['rows'][number]

/** Lookups of those who see most, drawn by chance: was it part of the work? Nobody answers for their own. */
export function ComplianceSamplesPage() {
  const { t, all, number, instant, date } = useTexts()
  const { offset = 0 } = route.useSearch()
  const navigate = route.useNavigate()
  const [answered, setAnswered] = useState(false)
  const [asked, setAsked] = useState<{ row: Row; answer: 'not-work' | 'unclear' } | null>(null)
  const query = useCall(
    listLookupSamples,
    { query: { offset, limit, open: answered ? 'false' : 'true' } },
    { keep: true },
  )
  const answer = useCommand(answerLookupSample, () => {
    setAsked(null)
    announce(t('samples.saved'))
  })
  const send = (row: Row, said: (typeof ANSWERS)[number], note = '') =>
    answer.mutate({ params: { entryId: row.entryId }, body: { answer: said, note } })
  const actions: Record<string, string> = all.audit.actionName
  const columns: Column<Row>[] = [
    { key: 'at', label: t('samples.columns.at'), cell: row => <span className="nowrap">{instant(row.at)}</span> },
    {
      key: 'by',
      label: t('samples.columns.by'),
      cell: row => (
        <div>
          {t(`role.${row.byFunction as 'hr'}`, { defaultValue: row.byFunction })}
          {row.by && <div className="meta">{row.by}</div>}
        </div>
      ),
    },
    { key: 'what', label: t('samples.columns.what'), rank: 2, cell: row => actions[row.action] ?? row.action },
    {
      key: 'person',
      label: t('samples.columns.person'),
      cell: row => (row.person ? <PersonLink person={row.person} /> : t('samples.protected')),
    },
    { key: 'reason', label: t('samples.columns.reason'), rank: 3, cell: row => row.reason },
    {
      key: 'answer',
      label: t('samples.columns.answer'),
      cell: row =>
        row.answer ? (
          <div>
            {t(`samples.answer.${row.answer}`)}
            {row.note && <div className="meta">{row.note}</div>}
          </div>
        ) : row.allowed.answer ? (
          <Group gap={8}>
            {ANSWERS.map(said => (
              <Button
                key={said}
                size="compact-sm"
                variant="default"
                aria-label={t('samples.answerOf', { answer: t(`samples.answer.${said}`), at: instant(row.at) })}
                onClick={() => (said === 'work' ? send(row, said) : setAsked({ row, answer: said }))}
              >
                {t(`samples.answer.${said}`)}
              </Button>
            ))}
          </Group>
        ) : (
          <span className="dim">{t('samples.own')}</span>
        ),
    },
  ]
  return (
    <Page title={t('compliance.title')} section={t('compliance.tabs.samples')} lead={t('samples.lead')}>
      <ComplianceTabs at="samples" />
      <Stack gap={16}>
        {(query.data?.months ?? []).slice(0, 3).map(month => (
          <p key={month.month} className="dim">
            {t('samples.month', {
              ...{ month: date(month.month), drawn: number(month.drawn) },
              ...{ answered: number(month.answered), notWork: number(month.notWork) },
            })}
          </p>
        ))}
        <Checkbox
          label={t('samples.all')}
          checked={answered}
          onChange={event => setAnswered(event.currentTarget.checked)}
        />
        {query.isError && !query.data ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : (
          <DataTable
            caption={t('samples.caption')}
            columns={columns}
            rows={query.data?.rows}
            rowKey={row => String(row.entryId)}
            stale={query.isPlaceholderData}
            empty={<Empty good title={t('samples.empty')} help={t('samples.emptyHelp')} />}
            cards
          />
        )}
        <Pager
          offset={offset}
          limit={limit}
          total={query.data?.total}
          hint={false}
          onMove={next => void navigate({ search: { offset: next || undefined } })}
        />
        {answer.error && !asked && <p role="alert">{t(`problem.${problemOf(answer.error).code}`)}</p>}
      </Stack>
      {asked && (
        <ReasonDialog
          title={t('samples.noteTitle')}
          verb={t(`samples.answer.${asked.answer}`)}
          busy={answer.isPending}
          error={answer.error ? t(`problem.${problemOf(answer.error).code}`) : null}
          onClose={() => setAsked(null)}
          onConfirm={note => send(asked.row, asked.answer, note)}
        >
          <p>
            {instant(asked.row.at)}: {actions[asked.row.action] ?? asked.row.action}
          </p>
        </ReasonDialog>
      )}
    </Page>
  )
}
