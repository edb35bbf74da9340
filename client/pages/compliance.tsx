import { Button, Checkbox, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import {
  changeRetention,
  decideRetention,
  getRetention,
  previewRetention,
  startRetention,
} from '#contract/compliance.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { ComplianceTabs } from '../features/compliance/compliance-tabs.tsx'
import { RetentionDialog } from '../features/compliance/retention-dialog.tsx'
import { RetentionRuns, type Run } from '../features/compliance/retention-runs.tsx'
import { problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { periodText } from '../ui/period-text.ts'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Answer, Empty } from '../ui/states.tsx'

type Data = ResponseOf<typeof getRetention>
export type Row = Data['rows'][number]
type Asked = { what: 'run' } | { what: 'change'; row: Row } | { what: 'agree' | 'refuse'; run: Run } | null

/** How long what is kept, what is due, and the runs that let it go: previewed first, agreed to by two above a limit. */
export function CompliancePage() {
  const { t } = useTexts()
  const query = useCall(
    getRetention,
    {},
    { every: data => (data?.runs.some(run => run.state === 'running') ? 3_000 : false) },
  )
  return (
    <Page title={t('compliance.title')} lead={t('compliance.lead')}>
      <ComplianceTabs at="retention" />
      <Answer query={query}>{data => <Retention data={data} />}</Answer>
    </Page>
  )
}

function Retention({ data }: { data: Data }) {
  const { t, number } = useTexts()
  const here = data.rows.filter(row => !row.outside)
  const [chosen, setChosen] = useState<readonly string[]>(here.map(row => row.key))
  const [asked, setAsked] = useState<Asked>(null)
  const close = () => setAsked(null)
  const preview = useCommand(previewRetention, answer => {
    const sum = (of: 'due' | 'held' | 'blocked') => number(answer.rows.reduce((all, row) => all + row[of], 0))
    announce(t('compliance.previewed', { due: sum('due'), held: sum('held'), blocked: sum('blocked') }))
  })
  const start = useCommand(startRetention, answer => {
    close()
    preview.reset()
    announce(t(`compliance.asked.${answer.state}`))
  })
  const decide = useCommand(decideRetention, () => {
    close()
    announce(t('compliance.decided'))
  })
  const change = useCommand(changeRetention, () => {
    close()
    preview.reset()
    announce(t('compliance.saved'))
  })
  const rows = here.filter(row => chosen.includes(row.key)).map(row => row.key)
  const due = (preview.data?.rows ?? []).reduce((all, row) => all + row.due, 0)
  const columns = useColumns({
    preview: preview.data,
    chosen,
    choose: data.allowed.run
      ? (key, on) => {
          setChosen(on ? [...chosen, key] : chosen.filter(one => one !== key))
          preview.reset()
        }
      : null,
    change: data.allowed.change ? row => setAsked({ what: 'change', row }) : null,
  })
  const errorOf = (error: unknown) => (error ? t(`problem.${problemOf(error).code}`) : null)
  return (
    <Stack gap={16}>
      <Group gap={8}>
        <Button
          variant="default"
          loading={preview.isPending}
          disabled={rows.length === 0}
          onClick={() => preview.mutate({ body: { rows } })}
        >
          {t('compliance.preview')}
        </Button>
        {data.allowed.run && (
          <Button color="red" disabled={due === 0} onClick={() => setAsked({ what: 'run' })}>
            {t('compliance.run')}
          </Button>
        )}
        {preview.data && due === 0 && <p role="status">{t('compliance.nothing')}</p>}
        {data.allowed.run && !preview.data && <p className="meta">{t('compliance.previewFirst')}</p>}
        {preview.error && <p role="alert">{errorOf(preview.error)}</p>}
      </Group>
      <DataTable
        caption={t('compliance.table')}
        columns={columns}
        rows={data.rows}
        rowKey={row => row.key}
        empty={<Empty title={t('compliance.nothing')} />}
        cards
      />
      <Card title={t('compliance.runs')} flush>
        <RetentionRuns runs={data.runs} onDecide={(what, run) => setAsked({ what, run })} />
      </Card>
      <p className="dim">
        {t('compliance.journal', { lines: number(data.journal.lines), subjects: number(data.journal.subjects) })}
      </p>
      {asked?.what === 'run' && (
        <ReasonDialog
          title={t('compliance.runTitle')}
          verb={t('compliance.run')}
          danger
          busy={start.isPending}
          error={errorOf(start.error)}
          onClose={close}
          onConfirm={reason => start.mutate({ body: { rows, reason } })}
        >
          <p>{t('compliance.runHelp')}</p>
          <ul>
            {(preview.data?.rows ?? [])
              .filter(row => row.due > 0)
              .map(row => (
                <li key={row.row}>
                  {t(`compliance.row.${row.row}`)}: {number(row.due)}
                </li>
              ))}
          </ul>
        </ReasonDialog>
      )}
      {(asked?.what === 'agree' || asked?.what === 'refuse') && (
        <ReasonDialog
          title={t(`compliance.${asked.what}Title`)}
          verb={t(`compliance.${asked.what}`)}
          danger={asked.what === 'agree'}
          busy={decide.isPending}
          error={errorOf(decide.error)}
          onClose={close}
          onConfirm={reason =>
            decide.mutate({ params: { runId: asked.run.id }, body: { yes: asked.what === 'agree', reason } })
          }
        >
          <ul>
            {asked.run.parts.map(part => (
              <li key={part.row}>
                {t(`compliance.row.${part.row}`)}: {number(part.due)}
              </li>
            ))}
          </ul>
        </ReasonDialog>
      )}
      {asked?.what === 'change' && (
        <RetentionDialog
          row={asked.row}
          busy={change.isPending}
          error={errorOf(change.error)}
          onClose={close}
          onSave={body => change.mutate({ params: { row: asked.row.key }, body })}
        />
      )}
    </Stack>
  )
}

type Shown = {
  preview: ResponseOf<typeof previewRetention> | undefined
  chosen: readonly string[]
  choose: ((key: string, on: boolean) => void) | null
  change: ((row: Row) => void) | null
}
function useColumns({ preview, chosen, choose, change }: Shown): Column<Row>[] {
  const { t, number, day, date } = useTexts()
  const name = (row: Row) => t(`compliance.row.${row.key}`)
  return [
    {
      key: 'row',
      label: t('compliance.columns.row'),
      cell: row => (
        <div>
          {choose && !row.outside ? (
            <Checkbox
              label={name(row)}
              aria-label={t('compliance.choose', { row: name(row) })}
              checked={chosen.includes(row.key)}
              onChange={event => choose(row.key, event.currentTarget.checked)}
            />
          ) : (
            name(row)
          )}
          <div className="meta">{t(`compliance.why.${row.key}`)}</div>
        </div>
      ),
    },
    {
      key: 'from',
      label: t('compliance.columns.from'),
      rank: 2,
      cell: row => t(`compliance.from.${row.from as 'left'}`),
    },
    {
      key: 'period',
      label: t('compliance.columns.period'),
      cell: row => (
        <div>
          {periodText(t, row)}
          {row.changed && (
            <div className="meta">
              {t('compliance.shipped', { period: periodText(t, row.shipped) })}.{' '}
              {t('compliance.changed', { reason: row.changed.reason, by: row.changed.by, day: day(row.changed.at) })}
            </div>
          )}
        </div>
      ),
    },
    {
      key: 'mode',
      label: t('compliance.columns.mode'),
      rank: 3,
      cell: row =>
        row.outside ? (
          t('compliance.from.outside')
        ) : (
          <div>
            {t(`compliance.mode.${row.mode}`)}
            {!row.begun && row.mode === 'automatic' && <div className="meta">{t('compliance.notBegun')}</div>}
          </div>
        ),
    },
    {
      key: 'due',
      label: t('compliance.columns.due'),
      cell: row => {
        const found = preview?.rows.find(one => one.row === row.key)
        if (!found) return null
        const first = found.sample[0]
        return (
          <div>
            {t('compliance.rowPreview.due', { count: found.due, number: number(found.due) })}
            <div className="meta">
              {[
                ...(first ? [t('compliance.rowPreview.since', { day: date(first.started) })] : []),
                ...(found.held > 0 ? [t('compliance.rowPreview.held', { number: number(found.held) })] : []),
                ...(found.blocked > 0 ? [t('compliance.rowPreview.blocked', { number: number(found.blocked) })] : []),
              ].join(', ')}
            </div>
          </div>
        )
      },
    },
    ...(change
      ? [
          {
            key: 'change',
            label: t('compliance.change'),
            cell: (row: Row) => (
              <Button
                variant="subtle"
                size="compact-sm"
                aria-label={t('compliance.changeRow', { row: name(row) })}
                onClick={() => change(row)}
              >
                {t('compliance.change')}
              </Button>
            ),
          },
        ]
      : []),
  ]
}
