import { Button, Tabs } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { searchReach } from '#contract/reach.ts'
import { getOrganisation } from '#contract/units.ts'
import { getVocabularies } from '#contract/vocabularies.ts'
import { AnswerCard } from '../features/reach/answer-card.tsx'
import { AskCard } from '../features/reach/ask-card.tsx'
import { Difference } from '../features/reach/difference.tsx'
import { PeoplePanel } from '../features/reach/people-panel.tsx'
import classes from '../features/reach/reach.module.css'
import { ReachMatrix } from '../features/reach/reach-matrix.tsx'
import { type AskTerms, askedOf, type Change, codesOf, type ReachData } from '../features/reach/reach-words.ts'
import { TimePanel } from '../features/reach/time-panel.tsx'
import { indentedUnits } from '../lib/indented-units.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import type { ReachSearch } from '../lib/search.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Choice, FilterChip, FilterRow } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Waiting } from '../ui/states.tsx'

const route = getRouteApi('/app/reach')
const FlowPanel = lazy(async () => ({ default: (await import('../features/reach/flow-panel.tsx')).FlowPanel }))
const VIEWS = ['matrix', 'people', 'flow', 'time'] as const

/** Who can reach which data about whom, and why: the ten-second question, the figures behind it, and the people behind those. */
export function ReachPage() {
  const { t, date } = useTexts()
  const may = useMay()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate(), { stay: true })
  const change = url.change as Change
  const units = useCall(getOrganisation, { query: { tree: 'admin' } }, { enabled: may('unit.read') }).data?.units
  const tree = useMemo(() => indentedUnits(units ?? []), [units])
  const query = useCall(
    searchReach,
    { body: { ...askedOf(search), ...(search.day ? { day: search.day } : {}) } },
    { keep: true },
  )
  const terms = useAskTerms(query.data, search)
  const view = search.view ?? 'matrix'
  return (
    <Page title={t('reach.title')} lead={t('reach.lead')}>
      <div className="stack">
        {terms && <AskCard terms={terms} search={search} change={change} units={tree} />}
        <Answer query={query} waiting={<Waiting rows={8} height={44} />}>
          {reach => (
            <div className="stack" aria-busy={query.isPlaceholderData || undefined}>
              <AnswerCard reach={reach} search={search} why={view === 'matrix'} />
              <Tabs
                value={view}
                keepMounted={false}
                onChange={value =>
                  change({ view: value === 'matrix' ? undefined : (value as 'people'), through: undefined })
                }
              >
                <Tabs.List className="no-print" aria-label={t('reach.tabsLabel')}>
                  {VIEWS.filter(key => (key !== 'people' && key !== 'flow') || !reach.kept).map(key => (
                    <Tabs.Tab key={key} value={key}>
                      {t(`reach.tabs.${key}`)}
                    </Tabs.Tab>
                  ))}
                </Tabs.List>
                <Tabs.Panel value="matrix" pt={16}>
                  <Figures reach={reach} search={search} change={change} dayText={date} />
                </Tabs.Panel>
                <Tabs.Panel value="people" pt={16}>
                  <PeoplePanel reach={reach} search={search} change={change} url={url} />
                </Tabs.Panel>
                <Tabs.Panel value="flow" pt={16}>
                  <Suspense fallback={<Waiting rows={8} height={40} />}>
                    <FlowPanel search={search} change={change} />
                  </Suspense>
                </Tabs.Panel>
                <Tabs.Panel value="time" pt={16}>
                  <TimePanel reach={reach} search={search} change={change} />
                </Tabs.Panel>
              </Tabs>
            </div>
          )}
        </Answer>
      </div>
    </Page>
  )
}

/** Words stand ready before the figures do: whoever has a question types it meanwhile. */
function useAskTerms(reach: ReachData | undefined, search: ReachSearch): AskTerms | null {
  const enabled = useMay()('activity.read') && reach === undefined
  const known = useCall(getVocabularies, {}, { enabled }).data?.terms
  return useMemo(() => {
    if (reach) return reach
    if (!known) return null
    const of = (kind: 'data' | 'subject') => known.filter(one => one.kind === kind && !one.retired)
    return { data: of('data'), subjects: of('subject'), systems: [], kept: search.day !== undefined }
  }, [reach, known, search.day])
}

function Figures(props: { reach: ReachData; search: ReachSearch; change: Change; dayText: (day: string) => string }) {
  const { t, number } = useTexts()
  const { reach, search, change } = props
  const { unknown } = reach
  return (
    <div className="stack">
      {(reach.days.length > 0 || search.activity) && (
        <FilterRow>
          {reach.days.length > 0 && (
            <Choice
              label={t('reach.day')}
              all={t('reach.now')}
              value={search.day}
              options={reach.days.toReversed().map(value => ({ value, label: props.dayText(value) }))}
              // Figures of another day are kept by unit only.
              onChange={day =>
                change({ day, ...(day ? { system: undefined, activity: undefined, operation: undefined } : {}) })
              }
            />
          )}
          {search.activity && (
            <FilterChip
              label={t('reach.activity')}
              value={reach.activity ? `${reach.activity.ref} ${reach.activity.name}` : '…'}
              onRemove={() => change({ activity: undefined })}
            />
          )}
        </FilterRow>
      )}
      <ReachMatrix
        reach={reach}
        asked={{ data: codesOf(search.data), subjects: codesOf(search.about) }}
        onAsk={(data, subject) => change({ data, about: subject, unknown: undefined })}
      />
      {unknown.people > 0 && (
        <p>
          {reach.kept
            ? t('reach.unknownKept', { people: number(unknown.people) })
            : t('reach.unknown', { count: unknown.systems, people: number(unknown.people) })}{' '}
          {!reach.kept && (
            <Button
              variant="default"
              size="xs"
              onClick={() => change({ view: 'people', unknown: true, data: undefined, about: undefined })}
            >
              {t('reach.unknownShow')}
            </Button>
          )}
        </p>
      )}
      {reach.apart && !reach.asked && reach.apart.people > 0 && (
        <Card title={t('reach.apart.title')}>
          <Difference apart={reach.apart} operation={search.operation} />
        </Card>
      )}
      <Card title={t('reach.means')}>
        <div className={classes.means}>
          <p>{t('reach.meansMaximum')}</p>
          <p>{t('reach.meansConstrained')}</p>
          <p>{t('reach.meansUnexplained')}</p>
          <p>{t('reach.meansLookup')}</p>
        </div>
      </Card>
    </div>
  )
}
