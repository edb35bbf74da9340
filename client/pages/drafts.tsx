import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { draftState } from '#contract/lists.ts'
import { createDraft, listDrafts } from '#contract/what-if.ts'
import type { DraftRow } from '#contract/what-if-draft.ts'
import { DraftForm } from '../features/drafts/draft-form.tsx'
import { DraftState } from '../features/drafts/draft-state.tsx'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/drafts')
const limit = 50

export function DraftsPage() {
  const { t, date, number } = useTexts()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const url = listUrl(route.useSearch(), route.useNavigate())
  const query = useCall(listDrafts, { query: { ...url.filters, offset: url.offset, limit } }, { keep: true })
  const create = useCommand(createDraft, answer => {
    announce(t('drafts.made'))
    void navigate({ to: '/drafts/$draftId', params: { draftId: answer.id } })
  })
  const columns: Column<DraftRow>[] = [
    {
      key: 'name',
      label: t('drafts.columns.name'),
      cell: row => (
        <>
          <Link to="/drafts/$draftId" params={{ draftId: row.id }} className="link">
            {row.name}
          </Link>
          {!row.shared && <span className="meta"> {t('drafts.private')}</span>}
        </>
      ),
    },
    { key: 'onDate', label: t('drafts.columns.onDate'), cell: row => date(row.onDate) },
    { key: 'state', label: t('drafts.columns.state'), cell: row => <DraftState state={row.state} plain /> },
    {
      key: 'people',
      label: t('drafts.columns.people'),
      number: true,
      rank: 3,
      cell: row => (row.people === null ? <span className="meta">{t('drafts.notComputed')}</span> : number(row.people)),
    },
    { key: 'changes', label: t('drafts.columns.changes'), number: true, rank: 2, cell: row => number(row.changes) },
    { key: 'owner', label: t('drafts.columns.owner'), rank: 1, cell: row => row.owner },
  ]
  return (
    <Page
      title={t('drafts.title')}
      lead={t('drafts.lead')}
      actions={
        query.data?.may.create && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAsking(true)}>
            {t('drafts.new')}
          </Button>
        )
      }
    >
      <ListFrame
        query={query}
        url={url}
        limit={limit}
        caption={t('drafts.caption')}
        columns={columns}
        rowKey={row => row.id}
        filters={
          <Choice
            label={t('drafts.stateLabel')}
            value={url.filters.state}
            onChange={state => url.change({ state })}
            options={draftState.options.map(value => ({ value, label: t(`drafts.state.${value}`) }))}
          />
        }
        empty={<Empty title={t('drafts.none')} help={t('drafts.noneHelp')} />}
      />
      {asking && (
        <DraftForm
          title={t('drafts.new')}
          verb={t('drafts.form.save')}
          busy={create.isPending}
          error={create.error}
          onSave={body => create.mutate({ body })}
          onClose={() => setAsking(false)}
        />
      )}
    </Page>
  )
}
