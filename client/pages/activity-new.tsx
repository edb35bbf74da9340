import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { startActivity } from '#contract/activities.ts'
import { ActivityForm } from '../features/register/form/activity-form.tsx'
import { emptyDraft } from '../features/register/form/draft.ts'
import { useCommand } from '../lib/query.ts'
import { useSession } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Page } from '../ui/page.tsx'

const route = getRouteApi('/app/activities/new')

/** A record that is begun: nothing is kept before it is saved as a draft. */
export function ActivityNewPage() {
  const { t } = useTexts()
  const { kind = 'controller' } = route.useSearch()
  const navigate = useNavigate()
  const { actor } = useSession()
  // IT begins records for others, too; whoever may change only their own becomes the owner.
  const ownOnly = actor?.personId != null && !actor.roles.some(role => role === 'it' || role === 'admin')
  const [draft, setDraft] = useState(() => emptyDraft(kind))
  const start = useCommand(startActivity, ({ activityId }) => {
    announce(t('activity.done.saved'))
    void navigate({ to: '/activities/$activityId', params: { activityId } })
  })
  return (
    <Page
      title={t('activityForm.newTitle')}
      section={t('activities.title')}
      lead={t(`activities.kinds.${kind}`)}
      crumbs={[{ label: t('activities.title'), to: '/activities' }]}
    >
      <ActivityForm
        draft={draft}
        onChange={setDraft}
        self={ownOnly}
        busy={start.isPending}
        error={start.error}
        onSave={({ content, ownerPersonId }) =>
          start.mutate({ body: { content, ...(ownerPersonId ? { ownerPersonId } : {}) } })
        }
      />
    </Page>
  )
}
