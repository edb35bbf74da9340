import { getRouteApi } from '@tanstack/react-router'
import { getPersonCase, listPersonCases } from '#contract/person-matches.ts'
import { DeskTabs } from '../features/desk/desk-tabs.tsx'
import { PairDetail } from '../features/desk/pair-detail.tsx'
import { isRefused } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { CaseList } from '../ui/case-list.tsx'
import classes from '../ui/desk.module.css'
import { Choice, FilterRow } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Answer, Empty, Failure } from '../ui/states.tsx'
import { useDesk } from '../ui/use-desk.tsx'

const route = getRouteApi('/app/desk/people')
const limit = 50

export function DeskPeoplePage() {
  const { t, ago } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate(), { stay: true })
  const { case: wanted, ...filters } = url.filters
  const list = useCall(listPersonCases, { body: { ...filters, offset: url.offset, limit } }, { keep: true })
  const ids = list.data?.rows.map(row => row.id) ?? []
  const choose = (id: string | undefined) => url.change({ case: id, offset: url.offset || undefined })
  const desk = useDesk({ ids, wanted, choose })
  const { chosen } = desk
  const pair = useCall(getPersonCase, { params: { caseId: chosen ?? '' } }, { enabled: chosen !== undefined })
  if (isRefused(list))
    return (
      <Page title={t('pairs.title')} section={t('desk.title')}>
        <Failure error={list.error} />
      </Page>
    )
  return (
    <Page title={t('pairs.title')} section={t('desk.title')} lead={t('pairs.lead')}>
      <DeskTabs at="people" />
      <FilterRow>
        <Choice
          label={t('pairs.state')}
          value={search.state}
          all={t('pairs.states.open')}
          onChange={state => url.change({ state, case: undefined })}
          options={(['different', 'merged'] as const).map(value => ({
            value,
            label: t(`pairs.states.${value}`),
          }))}
        />
        <Choice
          label={t('pairs.evidenceLabel')}
          value={search.evidence}
          onChange={evidence => url.change({ evidence, case: undefined })}
          options={(['same-cpr', 'name-birth-date'] as const).map(value => ({
            value,
            label: t(`pairs.evidence.${value}`),
          }))}
        />
      </FilterRow>
      <Answer query={list}>
        {data =>
          data.rows.length === 0 ? (
            <Card>
              <Empty good title={t('pairs.empty')} help={t('pairs.emptyHelp')} />
            </Card>
          ) : (
            <div {...desk.props()}>
              <div className={classes.side}>
                <CaseList
                  label={t('pairs.listLabel')}
                  chosen={chosen}
                  onChoose={choose}
                  entries={data.rows.map(row => ({
                    id: row.id,
                    title: row.people.map(one => one.person.name ?? t('people.protectedPerson')).join(' / '),
                    lines: [t(`pairs.evidence.${row.evidence}`), ago(row.since)].join(' · '),
                  }))}
                />
                <div className={classes.sideFoot}>
                  <Pager offset={url.offset} limit={limit} total={data.total} onMove={url.move} hint={false} />
                </div>
              </div>
              <div className={classes.detail}>
                {chosen === undefined ? (
                  <p className="dim">{t('pairs.choose')}</p>
                ) : (
                  <Answer query={pair}>
                    {found => <PairDetail key={found.id} pair={found} onDone={() => desk.goOn()} />}
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
