import { Alert, Button, Stack } from '@mantine/core'
import { IconScale } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { adoptActivities, getCatalogueActivity } from '#contract/activity-catalogue.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { ActivityRecord } from '../features/register/activity-record.tsx'
import { Remarks } from '../features/register/remarks.tsx'
import { problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card, Facts } from '../ui/card.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/activities/catalogue/$key')
type One = ResponseOf<typeof getCatalogueActivity>

/** One activity of the catalogue, whole, as the record that it would become. */
export function ActivityCatalogueOnePage() {
  const { key } = route.useParams()
  const query = useCall(getCatalogueActivity, { params: { key } })
  return <Answer query={query}>{one => <Whole one={one} />}</Answer>
}

function Whole({ one }: { one: One }) {
  const { t, language } = useTexts()
  const may = useMay()
  const navigate = useNavigate()
  const adopt = useCommand(adoptActivities, ({ made }) => {
    const [first] = made
    announce(t('activityCatalogue.adoptedNow', { count: made.length }))
    if (first) void navigate({ to: '/activities/$activityId', params: { activityId: first.activityId } })
  })
  const danish = language === 'da'
  return (
    <Page
      title={danish ? one.name : one.nameEn}
      section={t('activityCatalogue.title')}
      lead={danish ? one.about : one.aboutEn}
      crumbs={[
        { label: t('activities.title'), to: '/activities' },
        { label: t('activityCatalogue.title'), to: '/activities/catalogue' },
      ]}
      actions={
        one.adopted ? (
          <Button
            component={Link}
            to="/activities/$activityId"
            params={{ activityId: one.adopted.activityId } as never}
            variant="default"
          >
            {t('activityCatalogue.open')} ({one.adopted.ref})
          </Button>
        ) : (
          may('activity.change') && (
            <Button loading={adopt.isPending} onClick={() => adopt.mutate({ body: { keys: [one.key] } })}>
              {t('activityCatalogue.adopt')}
            </Button>
          )
        )
      }
    >
      <Stack gap={16}>
        <ErrorSummary errors={adopt.error ? [{ text: t(`problem.${problemOf(adopt.error).code}`) }] : []} />
        <Alert color="yellow" icon={<IconScale size={18} aria-hidden />} title={t('activityCatalogue.unconfirmed')}>
          {t('activityCatalogue.unconfirmedHelp')}
        </Alert>
        <Card>
          <Facts
            columns
            facts={[
              { label: t('activityCatalogue.area'), value: danish ? one.area : one.areaEn },
              { label: t('activityCatalogue.columns.kle'), value: one.kle.join(', ') },
              {
                label: t('activityCatalogue.systemTypes'),
                value: one.systemTypes.map(each => each[language]).join(', '),
              },
            ]}
          />
        </Card>
        <ActivityRecord version={{ ...EMPTY, content: { ...one.content, description: null } }} defaults={NOBODY} />
        <Remarks remarks={one.remarks} />
      </Stack>
    </Page>
  )
}

/** Nobody answers for it yet, and no version of it counts. */
const EMPTY = {
  ...{ versionId: '', number: 0, state: 'draft' as const, from: null, to: null },
  names: { owner: null, units: [], systems: [] },
}
const NOBODY = { controller: null, dpo: null, representative: null }
