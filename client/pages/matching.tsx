import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import {
  confirmAffiliationMatch,
  getAffiliationMatch,
  matchState,
  rejectAffiliationMatch,
  searchAffiliationMatches,
  undoAffiliationMatch,
} from '#contract/affiliation-matches.ts'
import { MatchDetail } from '../features/hr/match-detail.tsx'
import { isRefused } from '../lib/call.ts'
import { useHistoryText } from '../lib/history-text.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { CaseList } from '../ui/case-list.tsx'
import classes from '../ui/desk.module.css'
import { Choice, FilterRow, SearchField } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { useProblemText } from '../ui/problem-text.ts'
import { Answer, Empty, Failure } from '../ui/states.tsx'
import { KeyHelp, useDesk } from '../ui/use-desk.tsx'

const route = getRouteApi('/app/lifecycle/matching')
const limit = 50

/** Reports on one side, payroll on the other: are they one employment? */
export function MatchingPage() {
  const { t, date, percent } = useTexts()
  const problemText = useProblemText()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate(), { stay: true })
  const { text, settled, setText } = useHistoryText()
  const state = search.state ?? 'open'
  const list = useCall(
    searchAffiliationMatches,
    { body: { state, ...(settled ? { text: settled } : {}), offset: url.offset, limit } },
    { keep: true },
  )
  const ids = (list.data?.rows ?? []).map(row => row.id)
  const choose = (id: string | undefined) => url.change({ match: id, offset: url.offset || undefined })
  const desk = useDesk({ ids, wanted: search.match, choose })
  const { chosen } = desk
  const one = useCall(getAffiliationMatch, { params: { matchId: chosen ?? '' } }, { enabled: chosen !== undefined })
  const [last, setLast] = useState<string | null>(null)
  const leave = (id: string) => {
    setLast(id)
    announce(t('matching.done'))
    desk.goOn(id)
  }
  const same = useCommand(confirmAffiliationMatch, (_, input) => leave(input.params?.matchId ?? ''))
  const different = useCommand(rejectAffiliationMatch, (_, input) => leave(input.params?.matchId ?? ''))
  const undo = useCommand(undoAffiliationMatch, () => {
    setLast(null)
    announce(t('matching.undone'))
  })
  const error = same.error ?? different.error ?? undo.error
  const current = one.data?.id === chosen ? one.data : undefined
  const sayUndo = (id: string) => undo.mutate({ params: { matchId: id }, body: { reason: t('matching.reasonUndo') } })
  const sayDifferent = (id: string) =>
    different.mutate({ params: { matchId: id }, body: { reason: t('matching.reasonDifferent') } })
  const saySame = (id: string, settledValues: { keepReport: string[]; takePayroll: string[] }) =>
    same.mutate({ params: { matchId: id }, body: { reason: t('matching.reasonSame'), ...settledValues } })
  const onDesk = desk.props({
    pick: place => {
      if (!current) return
      if (place === 1 && current.allowed.decide) saySame(current.id, { keepReport: [], takePayroll: [] })
      if (place === 2 && current.allowed.decide) sayDifferent(current.id)
      if (place === 3 && current.allowed.undo) sayUndo(current.id)
    },
    undo: () => {
      if (last) sayUndo(last)
    },
  })
  if (isRefused(list))
    return (
      <Page title={t('matching.title')}>
        <Failure error={list.error} />
      </Page>
    )
  return (
    <Page title={t('matching.title')} section={t('nav.people')} lead={t('matching.lead')}>
      <FilterRow>
        <SearchField label={t('matching.search')} hint={t('matching.searchHint')} value={text} onChange={setText} />
        <Choice
          label={t('matching.stateFilter')}
          value={search.state}
          all={t('matching.states.open')}
          onChange={next => url.change({ state: next, match: undefined })}
          options={matchState.options
            .filter(value => value !== 'open')
            .map(value => ({ value, label: t(`matching.states.${value}`) }))}
        />
      </FilterRow>
      <Answer query={list}>
        {data =>
          data.rows.length === 0 ? (
            <Card>
              <Empty good={state === 'open'} title={t('matching.empty')} help={t('matching.emptyHelp')} />
            </Card>
          ) : (
            <div {...onDesk}>
              <div className={classes.side}>
                <CaseList
                  label={t('matching.listLabel')}
                  chosen={chosen}
                  onChoose={choose}
                  entries={data.rows.map(row => ({
                    id: row.id,
                    title: row.report.person.name ?? t('people.protectedPerson'),
                    mark: <span className="meta">{percent(row.confidence / 100)}</span>,
                    lines: [
                      t(`matching.evidence.${row.evidence}`),
                      row.payroll.title,
                      row.payroll.startsOn ? date(row.payroll.startsOn) : null,
                    ]
                      .filter(Boolean)
                      .join(' · '),
                  }))}
                />
                <div className={classes.sideFoot}>
                  <Pager offset={url.offset} limit={limit} total={data.total} onMove={url.move} hint={false} />
                </div>
              </div>
              <div className={classes.detail}>
                <Keys />
                {chosen === undefined ? (
                  <p className="dim">{t('matching.choose')}</p>
                ) : (
                  <Answer query={one}>
                    {match => (
                      <MatchDetail
                        key={match.id}
                        match={match}
                        busy={same.isPending || different.isPending || undo.isPending}
                        problem={error ? problemText(error.problem) : null}
                        onSame={values => saySame(match.id, values)}
                        onDifferent={() => sayDifferent(match.id)}
                        onUndo={() => sayUndo(match.id)}
                      />
                    )}
                  </Answer>
                )}
              </div>
            </div>
          )
        }
      </Answer>
    </Page>
  )
}

function Keys() {
  const { t } = useTexts()
  return (
    <KeyHelp
      label={t('matching.keys')}
      keys={[
        ['j / k', t('matching.keysHelp.move')],
        ['1-3', t('matching.keysHelp.pick')],
        ['z', t('matching.keysHelp.undo')],
      ]}
    />
  )
}
