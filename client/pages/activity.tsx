import { Button, Tabs } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { getActivity } from '#contract/activities.ts'
import { startChange } from '#contract/activity-versions.ts'
import { ActivityRecords } from '../features/records/dated-records.tsx'
import { ActivityComments } from '../features/register/activity-comments.tsx'
import { ActivityDialog, type Asked } from '../features/register/activity-dialogs.tsx'
import { ActivityReach } from '../features/register/activity-reach.tsx'
import { ActivityRecord } from '../features/register/activity-record.tsx'
import { type Activity, ActivityAccess, ActivitySide } from '../features/register/activity-side.tsx'
import { ActivityVersions } from '../features/register/activity-versions.tsx'
import { DocumentMenu } from '../features/register/document-menu.tsx'
import classes from '../features/register/register.module.css'
import { Retirement } from '../features/register/retirement.tsx'
import { problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { needTexts, useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { AsOfControl } from '../ui/as-of.tsx'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Waiting } from '../ui/states.tsx'

const route = getRouteApi('/app/activities/$activityId')
const TABS = ['record', 'access', 'findings', 'records', 'versions', 'comments'] as const
/** A second request, with texts of its own. */
const ActivityFindings = lazy(async () => {
  await needTexts('deviations')()
  const { ActivityFindings } = await import('../features/findings/activity-findings.tsx')
  return { default: ActivityFindings }
})

/** One record of processing: as it reads, what the rights say, its versions, and what is said about it. */
export function ActivityPage() {
  const { t, longDate } = useTexts()
  const may = useMay()
  const { activityId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { asOf, known } = search
  const query = useCall(
    getActivity,
    {
      params: { activityId },
      // A day as people mean it: as was known when the day was over.
      query: {
        ...(asOf ? { asOf } : {}),
        ...(known ? { known: new Date(`${known}T23:59:59`).toISOString() } : {}),
      },
    },
    { keep: true },
  )
  const activity = query.data
  const past = asOf !== undefined || known !== undefined
  const name = activity?.shown?.content.name
  const tab = search.tab ?? 'record'
  return (
    <Page
      title={name ?? activity?.ref ?? t('activities.columns.name')}
      section={t('activities.title')}
      waiting={!activity}
      crumbs={[{ label: t('activities.title'), to: '/activities' }]}
      lead={activity && <Lead activity={activity} />}
      actions={
        activity && (
          <>
            <AsOfControl
              {...{ asOf, known, today: activity.today }}
              onChange={next => void navigate({ search: old => ({ ...old, ...next }) })}
            />
            {activity.shown && (
              <DocumentMenu
                which={{ activity: activity.id, ...(asOf ? { asOf } : {}), ...(known ? { known } : {}) }}
                filter={past ? undefined : { activityId: activity.id }}
              />
            )}
            <Actions activity={activity} past={past} />
          </>
        )
      }
    >
      {past && (
        <p role="status" className={classes.actions}>
          {t('person.asOfBanner', { date: longDate(asOf ?? activity?.today ?? '') })}
          <Button
            size="xs"
            variant="default"
            className="no-print"
            onClick={() => void navigate({ search: ({ asOf: _, known: __, ...old }) => old })}
          >
            {t('person.asOfBack')}
          </Button>
        </p>
      )}
      <Answer query={query}>
        {found => (
          <>
            <Open activity={found} />
            <Retirement activity={found} />
            <Tabs
              value={tab}
              keepMounted={false}
              onChange={value =>
                void navigate({
                  search: old => ({ ...old, tab: value === 'record' ? undefined : (value as 'access') }),
                })
              }
            >
              <Tabs.List className="no-print" aria-label={t('activity.tabs.label')}>
                {TABS.filter(key => key !== 'findings' || may('finding.read')).map(key => (
                  <Tabs.Tab key={key} value={key}>
                    {t(`activity.tabs.${key}`)}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              <Tabs.Panel value="record" pt={16}>
                {found.shown ? (
                  <div className={classes.columns}>
                    <div className={classes.main}>
                      <ActivityRecord version={found.shown} defaults={found.defaults} />
                    </div>
                    <ActivitySide activity={found} past={past} />
                  </div>
                ) : (
                  <Empty title={t('activity.notThen')} help={t('activity.notThenHelp')} />
                )}
              </Tabs.Panel>
              <Tabs.Panel value="access" pt={16}>
                {past || found.standing !== 'in-force' ? (
                  <ActivityAccess activity={found} past={past} />
                ) : (
                  <ActivityReach activityId={found.id} />
                )}
              </Tabs.Panel>
              <Tabs.Panel value="findings" pt={16}>
                <Suspense fallback={<Waiting rows={4} height={40} />}>
                  <ActivityFindings activityId={found.id} />
                </Suspense>
              </Tabs.Panel>
              <Tabs.Panel value="records" pt={16}>
                <ActivityRecords activityId={found.id} />
              </Tabs.Panel>
              <Tabs.Panel value="versions" pt={16}>
                <ActivityVersions
                  activity={found}
                  pair={{ version: search.version, against: search.against }}
                  onPair={pair =>
                    void navigate({
                      search: old => ({
                        ...old,
                        version: pair.version || undefined,
                        against: pair.against || undefined,
                      }),
                    })
                  }
                />
              </Tabs.Panel>
              <Tabs.Panel value="comments" pt={16}>
                <ActivityComments activityId={found.id} />
              </Tabs.Panel>
            </Tabs>
          </>
        )}
      </Answer>
    </Page>
  )
}

function Lead({ activity }: { activity: Activity }) {
  const { t, date } = useTexts()
  const { shown } = activity
  const when =
    shown?.from &&
    (shown.to
      ? t('activity.validBetween', { from: date(shown.from), to: date(shown.to) })
      : t('activity.validFrom', { from: date(shown.from) }))
  return [
    activity.ref,
    t(`activities.standing.${activity.standing}`),
    t(`activities.kinds.${activity.kind}`),
    shown?.content.area,
    shown && t('activity.versionNote', { number: shown.number }),
    when,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** What is under way, and that what one reads does not count (any more). */
function Open({ activity }: { activity: Activity }) {
  const { t, date } = useTexts()
  const { open, coming, standing } = activity
  return (
    <>
      {standing === 'retired' && <p role="status">{t('activity.retiredNote')}</p>}
      {standing === 'draft' && <p role="status">{t('activity.draftNote')}</p>}
      {coming && <p role="status">{t('activity.comingNote', { number: coming.number, date: date(coming.from) })}</p>}
      {open && (
        <Card title={t('activity.openTitle')} tone="wait">
          <p>
            {open.state === 'draft'
              ? t('activity.openDraft', { number: open.number, author: open.author ?? '–' })
              : t('activity.openProposed', {
                  number: open.number,
                  author: open.proposedBy ?? '–',
                  date: open.effectiveOn ? date(open.effectiveOn) : '–',
                })}{' '}
            {open.summary}
          </p>
          {activity.allowed.ownProposal && <p className="meta">{t('activity.ownProposal')}</p>}
          {standing !== 'draft' && activity.shown && (
            <Link
              className="link"
              to="/activities/$activityId"
              params={{ activityId: activity.id }}
              search={{ tab: 'versions', version: open.versionId, against: activity.shown.versionId }}
            >
              {t('activity.seeChanges')}
            </Link>
          )}
        </Card>
      )}
    </>
  )
}

function Actions({ activity, past }: { activity: Activity; past: boolean }) {
  const { t } = useTexts()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<Asked | null>(null)
  const toEdit = () => void navigate({ to: '/activities/$activityId/edit', params: { activityId: activity.id } })
  const begin = useCommand(startChange, () => {
    announce(t('activity.done.started'))
    toEdit()
  })
  const { allowed } = activity
  const button = (key: Asked, on: boolean, label: string, primary = false) =>
    on && (
      <Button key={key} {...(primary ? {} : { variant: 'default' })} onClick={() => setAsked(key)}>
        {label}
      </Button>
    )
  return (
    <>
      <Button variant="default" onClick={() => window.print()}>
        {t('activity.do.print')}
      </Button>
      {!past && (
        <>
          {allowed.change && (
            <Button
              variant="default"
              loading={begin.isPending}
              onClick={() => begin.mutate({ params: { activityId: activity.id }, body: {} })}
            >
              {t('activity.do.change')}
            </Button>
          )}
          {allowed.propose && (
            <Button variant="default" onClick={toEdit}>
              {t('activity.do.continue')}
            </Button>
          )}
          {button('propose', allowed.propose, t('activity.do.propose'), true)}
          {button('withdraw', allowed.withdraw, t('activity.do.withdraw'))}
          {button('reject', allowed.decide, t('activity.do.reject'))}
          {button('putInForce', allowed.decide, t('activity.do.putInForce'), true)}
          {button('attest', allowed.attest, t('activity.do.attest'), !allowed.propose && !allowed.decide)}
          {button('spotCheck', allowed.advise && activity.standing === 'in-force', t('activity.do.spotCheck'))}
          {button('confirm', allowed.confirm, t(activity.confirmed ? 'activity.do.unconfirm' : 'activity.do.confirm'))}
          {button('retire', allowed.retire, t('activity.do.retire'))}
        </>
      )}
      {begin.error && <p role="alert">{t(`problem.${problemOf(begin.error).code}`)}</p>}
      {asked && <ActivityDialog asked={asked} activity={activity} onClose={() => setAsked(null)} />}
    </>
  )
}
