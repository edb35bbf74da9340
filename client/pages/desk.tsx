import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { getLinkCase, listLinkCases } from '#contract/links.ts'
import { accountKind, linkSituation } from '#contract/shapes.ts'
import { CaseDetail } from '../features/desk/case-detail.tsx'
import { DeskTabs } from '../features/desk/desk-tabs.tsx'
import { useDecide } from '../features/desk/use-decide.ts'
import { isRefused } from '../lib/call.ts'
import { useHistoryText } from '../lib/history-text.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { CaseList } from '../ui/case-list.tsx'
import classes from '../ui/desk.module.css'
import { Choice, FilterRow, SearchField, Toggle } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Situation } from '../ui/situation.tsx'
import { Answer, Empty, Failure } from '../ui/states.tsx'
import { KeyHelp, useDesk } from '../ui/use-desk.tsx'
import type { Who } from '../ui/who-picker.tsx'

const route = getRouteApi('/app/desk')
const limit = 50

export function DeskPage() {
  const { t, language, number, ago } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate(), { stay: true })
  const { change } = url
  const { all, case: wanted, ...filters } = url.filters
  const { text, settled, setText } = useHistoryText()
  const list = useCall(
    listLinkCases,
    {
      body: {
        ...filters,
        ...(settled ? { text: settled } : {}),
        ...(search.sort ? { sort: search.sort } : {}),
        open: !all,
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const rows = list.data?.rows ?? []
  const ids = rows.map(row => row.id)
  const choose = (id: string | undefined) => change({ case: id, offset: url.offset || undefined })
  const desk = useDesk({ ids, wanted, choose })
  const { chosen } = desk
  const account = useCall(getLinkCase, { params: { accountId: chosen ?? '' } }, { enabled: chosen !== undefined })
  const [pick, setPick] = useState<{ of: string; who: Who | null } | null>(null)
  const picked = pick && pick.of === chosen ? pick.who : null
  const setPicked = (who: Who | null) => chosen && setPick({ of: chosen, who })
  const decide = useDecide(id => {
    if (!all) desk.goOn(id)
  })
  const current = account.data?.id === chosen ? account.data : undefined
  const onDesk = desk.props({
    pick: place => {
      const one = current?.candidateList[place - 1]
      if (one && current?.allowed.decide)
        setPicked({ kind: 'person', id: one.person.id, name: one.person.name ?? t('people.protectedPerson') })
    },
    decide: () => {
      if (current?.allowed.decide && picked) decide.decide(current, { kind: 'link', personId: picked.id }, picked.name)
    },
    nobody: () => {
      if (current?.allowed.decide) decide.decide(current, { kind: 'nobody' })
    },
    undo: () => {
      if (!decide.last) return
      decide.undo(decide.last.decisionId)
      choose(decide.last.accountId)
    },
  })
  const { counts, sources } = list.data ?? {}
  if (isRefused(list))
    return (
      <Page title={t('desk.title')}>
        <Failure error={list.error} />
      </Page>
    )
  return (
    <Page title={t('desk.title')} lead={t('desk.lead')}>
      <DeskTabs at="accounts" />
      <FilterRow>
        <SearchField label={t('desk.search')} hint={t('desk.searchHint')} value={text} onChange={setText} />
        <Choice
          label={t('desk.situation')}
          value={search.situation}
          onChange={situation => change({ situation, case: undefined })}
          options={linkSituation.options.map(value => ({
            value,
            label: `${t(`enum.situation.${value}`)}${counts?.[value] === undefined ? '' : ` (${number(counts[value])})`}`,
          }))}
        />
        <Choice
          label={t('desk.source')}
          value={search.source}
          onChange={source => change({ source, case: undefined })}
          options={(sources ?? []).map(one => ({
            value: one.key,
            label: `${one.name[language]} (${number(one.open)})`,
          }))}
        />
        <Choice
          label={t('desk.kind')}
          value={search.kind}
          onChange={kind => change({ kind, case: undefined })}
          options={accountKind.options.map(value => ({ value, label: t(`enum.accountKind.${value}`) }))}
        />
        <Choice
          label={t('desk.sort')}
          value={search.sort}
          all={t('desk.sorts.age')}
          onChange={sort => change({ sort, case: undefined })}
          options={(['username', 'rights'] as const).map(value => ({ value, label: t(`desk.sorts.${value}`) }))}
        />
        <Toggle on={all === true} onChange={on => change({ all: on || undefined, case: undefined })}>
          {t('desk.all')}
        </Toggle>
      </FilterRow>
      {decide.last && (
        <div className={classes.last}>
          <span>{decide.last.text}</span>
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              if (!decide.last) return
              decide.undo(decide.last.decisionId)
              choose(decide.last.accountId)
            }}
          >
            {t('desk.undo')}
          </Button>
        </div>
      )}
      <Answer query={list}>
        {data =>
          data.rows.length === 0 ? (
            <Card>
              {settled !== '' || Object.values(filters).some(value => value !== undefined) ? (
                <Empty
                  title={t('list.emptyFiltered')}
                  help={t('list.emptyFilteredHelp')}
                  action={
                    <Button
                      variant="default"
                      onClick={() => {
                        setText('')
                        url.clear()
                      }}
                    >
                      {t('do.clear')}
                    </Button>
                  }
                />
              ) : (
                <Empty good title={t('desk.empty')} help={t('desk.emptyHelp')} />
              )}
            </Card>
          ) : (
            <div {...onDesk}>
              <div className={classes.side}>
                <CaseList
                  label={t('desk.listLabel')}
                  chosen={chosen}
                  onChoose={choose}
                  entries={data.rows.map(row => ({
                    id: row.id,
                    title: row.username,
                    mark: <Situation situation={row.situation} plain />,
                    lines: [
                      row.reason && t(`desk.reason.${row.reason}`),
                      row.sourceName[language],
                      ago(row.since),
                      row.observed > 0 ? t('desk.observed', { count: row.observed }) : null,
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
                  <p className="dim">{t('desk.choose')}</p>
                ) : (
                  <Answer query={account}>
                    {found => (
                      <CaseDetail
                        key={found.id}
                        account={found}
                        busy={decide.busy}
                        problem={decide.problem}
                        picked={picked}
                        onPick={setPicked}
                        onDecide={(decision, name) => decide.decide(found, decision, name)}
                        onUndo={id => decide.undo(id)}
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
      label={t('desk.keys')}
      keys={[
        ['j / k', t('desk.keysHelp.move')],
        ['1-9', t('desk.keysHelp.pick')],
        ['Enter', t('desk.keysHelp.decide')],
        ['n', t('desk.keysHelp.nobody')],
        ['u', t('desk.keysHelp.undo')],
      ]}
    />
  )
}
