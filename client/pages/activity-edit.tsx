import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { getActivity } from '#contract/activities.ts'
import { changeDraft, getVersion } from '#contract/activity-versions.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { ActivityForm } from '../features/register/form/activity-form.tsx'
import { draftOf } from '../features/register/form/draft.ts'
import classes from '../features/register/register.module.css'
import { Remarks } from '../features/register/remarks.tsx'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/activities/$activityId/edit')

/** The open draft of a record. */
export function ActivityEditPage() {
  const { t } = useTexts()
  const { activityId } = route.useParams()
  const activity = useCall(getActivity, { params: { activityId } })
  const open = activity.data?.allowed.propose ? activity.data.open : null
  const version = useCall(
    getVersion,
    { params: { activityId, versionId: open?.versionId ?? '' } },
    { enabled: open !== null },
  )
  const name = version.data?.version.content.name ?? activity.data?.shown?.content.name ?? ''
  return (
    <Page
      title={t('activityForm.editTitle', { name })}
      section={t('activities.title')}
      waiting={!activity.data}
      crumbs={[
        { label: t('activities.title'), to: '/activities' },
        { label: name, to: '/activities/$activityId', params: { activityId } },
      ]}
    >
      <Answer query={activity}>
        {() =>
          open === null ? (
            <Empty title={t('activityForm.notDraft')} />
          ) : (
            <Answer query={version}>
              {found => <Edit key={found.version.versionId} activityId={activityId} found={found} />}
            </Answer>
          )
        }
      </Answer>
    </Page>
  )
}

function Edit(props: { activityId: string; found: ResponseOf<typeof getVersion> }) {
  const { t } = useTexts()
  const navigate = useNavigate()
  const { version, names, remarks } = props.found
  const [draft, setDraft] = useState(() => draftOf(version.content, names))
  const save = useCommand(changeDraft, () => {
    announce(t('activity.done.saved'))
    void navigate({ to: '/activities/$activityId', params: { activityId: props.activityId } })
  })
  return (
    <div className={classes.main}>
      <Remarks remarks={remarks} />
      <ActivityForm
        draft={draft}
        onChange={setDraft}
        busy={save.isPending}
        error={save.error}
        onSave={({ content, ownerPersonId }) =>
          save.mutate({
            params: { activityId: props.activityId, versionId: version.versionId },
            body: {
              ...{ content, summary: version.summary, lock: version.lock },
              ...(ownerPersonId ? { ownerPersonId } : {}),
            },
          })
        }
      />
    </div>
  )
}
