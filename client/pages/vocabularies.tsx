import { Alert, Button, Group } from '@mantine/core'
import { IconCircleOff, IconClock } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { z } from 'zod'
import {
  checkTerm,
  listVocabulary,
  retireTerm,
  VOCABULARY_KINDS,
  type VocabularyRow,
  vocabularyKind,
} from '#contract/vocabularies.ts'
import { KleCard } from '../features/register/kle-card.tsx'
import { TermDialog } from '../features/register/term-dialog.tsx'
import { useTermHeading } from '../features/register/use-term-heading.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/admin/vocabularies')
const limit = 100
const STATES = ['used', 'unused', 'own', 'retired', 'stale'] as const
const state = z.enum(STATES)

/** The words that records are written in, one list at a time: what is used, what is our own, what has to be looked up. */
export function VocabulariesPage() {
  const { t, number } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const kind = vocabularyKind.safeParse(search.kind).data ?? 'data'
  const shown = state.safeParse(search.state).data
  const [text, setText] = useUrlText(search.text, value => url.change({ text: value }))
  const [open, setOpen] = useState<VocabularyRow | 'new' | null>(null)
  const query = useCall(
    listVocabulary,
    {
      params: { kind },
      query: {
        ...(search.text ? { search: search.text } : {}),
        ...(shown ? { state: shown } : {}),
        ...{ offset: url.offset, limit },
      },
    },
    { keep: true },
  )
  const columns = useColumns(
    query.data?.allowed.change === true,
    // Kinds of which nobody says under what they are sorted have no such column.
    query.data?.rows.some(row => row.class !== null) === true,
    setOpen,
  )
  const kindName = t(`vocabulary.kind.${kind}`)
  const stale = query.data?.stale ?? 0
  return (
    <Page
      title={t('vocabulary.title')}
      section={kindName}
      lead={t('vocabulary.lead')}
      actions={query.data?.allowed.change && <Button onClick={() => setOpen('new')}>{t('vocabulary.add')}</Button>}
    >
      <ListFrame
        query={query}
        // The list itself is always chosen: it narrows nothing.
        url={{
          ...url,
          filtered: Boolean(search.text || shown),
          clear: () => url.change({ text: undefined, state: undefined }),
        }}
        limit={limit}
        caption={t('vocabulary.caption', { kind: kindName })}
        columns={columns}
        rowKey={row => row.code}
        search={{ label: t('vocabulary.search'), hint: t('vocabulary.searchHint'), value: text, onChange: setText }}
        filters={
          <>
            <Choice
              label={t('vocabulary.which')}
              value={kind}
              all={t('vocabulary.kind.data')}
              onChange={value => url.change({ kind: value, state: undefined })}
              options={VOCABULARY_KINDS.filter(one => one !== 'data').map(value => ({
                value,
                label: t(`vocabulary.kind.${value}`),
              }))}
            />
            <Choice
              label={t('vocabulary.show')}
              value={shown}
              onChange={value => url.change({ state: value })}
              options={STATES.filter(one => one !== 'stale' || kind === 'adequacy').map(value => ({
                value,
                label: t(`vocabulary.state.${value}`),
              }))}
            />
          </>
        }
        note={
          stale > 0 && (
            <Alert
              color="yellow"
              icon={<IconClock size={18} aria-hidden />}
              title={t('vocabulary.staleTitle', { count: stale, number: number(stale) })}
            >
              {t('vocabulary.staleHelp')}
            </Alert>
          )
        }
        empty={<Empty title={t('vocabulary.empty')} help={t('vocabulary.emptyHelp')} />}
      />
      <KleCard />
      {open && <TermDialog kind={kind} row={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </Page>
  )
}

function useColumns(may: boolean, sorted: boolean, edit: (row: VocabularyRow) => void): Column<VocabularyRow>[] {
  const { t, number, date, language } = useTexts()
  const heading = useTermHeading()
  const nameOf = (row: VocabularyRow) => (language === 'da' ? row.da : row.en)
  const retire = useCommand(retireTerm, term =>
    announce(
      t(term.retired ? 'vocabulary.wasRetired' : 'vocabulary.wasRestored', {
        name: language === 'da' ? term.da : term.en,
      }),
    ),
  )
  const check = useCommand(checkTerm, () => announce(t('vocabulary.wasChecked')))
  const dated = (row: VocabularyRow) => row.kind === 'adequacy'
  return [
    {
      key: 'term',
      label: t('vocabulary.columns.term'),
      width: '40%',
      cell: row => {
        const note = language === 'da' ? row.noteDa : row.noteEn
        return (
          <>
            {row.link ? (
              <a href={row.link} target="_blank" rel="noreferrer" className="link">
                {nameOf(row)}
              </a>
            ) : (
              nameOf(row)
            )}{' '}
            {row.retired && (
              <Status tone="quiet" icon={IconCircleOff}>
                {t('vocabulary.retired')}
              </Status>
            )}
            {note && <div className="meta">{note}</div>}
            {dated(row) && (
              <div className="meta">
                {row.checkedOn
                  ? t('vocabulary.checkedOn', { date: date(row.checkedOn) })
                  : t('vocabulary.neverChecked')}
                {row.expiresOn && ` · ${t('vocabulary.expires', { date: date(row.expiresOn) })}`}
              </div>
            )}
          </>
        )
      },
    },
    { key: 'code', label: t('vocabulary.columns.code'), rank: 2, cell: row => <code>{row.code}</code> },
    ...(sorted
      ? [
          {
            key: 'class',
            label: t('vocabulary.columns.class'),
            rank: 1 as const,
            cell: (row: VocabularyRow) => heading(row),
          },
        ]
      : []),
    { key: 'uses', label: t('vocabulary.columns.uses'), number: true, cell: row => number(row.activities) },
    {
      key: 'origin',
      label: t('vocabulary.columns.origin'),
      rank: 1,
      cell: row => t(`vocabulary.origin.${row.origin}`),
    },
    ...(may
      ? [
          {
            key: 'do',
            label: t('vocabulary.columns.do'),
            cell: (row: VocabularyRow) => {
              const at = { kind: row.kind, code: row.code }
              const name = nameOf(row)
              return (
                <Group gap={6} className="no-print">
                  {dated(row) && row.stale && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t('vocabulary.checkOf', { name })}
                      onClick={() => check.mutate({ params: at, body: { expiresOn: row.expiresOn } })}
                    >
                      {t('vocabulary.check')}
                    </Button>
                  )}
                  {row.origin === 'own' && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t('vocabulary.changeOf', { name })}
                      onClick={() => edit(row)}
                    >
                      {t('vocabulary.change')}
                    </Button>
                  )}
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={t(row.retired ? 'vocabulary.restoreOf' : 'vocabulary.retireOf', { name })}
                    onClick={() => retire.mutate({ params: at, body: { retired: !row.retired } })}
                  >
                    {t(row.retired ? 'vocabulary.restore' : 'vocabulary.retire')}
                  </Button>
                </Group>
              )
            },
          },
        ]
      : []),
  ]
}
