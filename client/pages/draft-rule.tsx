import { getRouteApi } from '@tanstack/react-router'
import { getRuleVocabulary } from '#contract/rule-desk.ts'
import { getDraftForm } from '#contract/what-if-form.ts'
import { FormInDraft } from '../features/rules/editor/form-in-draft.tsx'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/drafts/$draftId/form')

/** A rule or role as a draft has it, to be changed in the draft. */
export function DraftRulePage() {
  const { t } = useTexts()
  const navigate = route.useNavigate()
  const { draftId } = route.useParams()
  const { kind = 'rule', key } = route.useSearch()
  const start = useCall(getDraftForm, { params: { draftId }, query: { kind, ...(key ? { key } : {}) } })
  const vocabulary = useCall(getRuleVocabulary)
  const name = start.data?.change.form.name
  return (
    <Page
      title={name ? t('ruleDesk.editTitle', { name }) : t(kind === 'rule' ? 'ruleDesk.newTitle' : 'ruleDesk.roleNew')}
      section={t('drafts.title')}
      lead={t('drafts.byForm.lead')}
      crumbs={[
        { label: t('drafts.title'), to: '/drafts' },
        ...(start.data ? [{ label: start.data.draft.name, to: '/drafts/$draftId', params: { draftId } }] : []),
      ]}
      waiting={!start.data}
    >
      <Answer query={start}>
        {found => (
          <Answer query={vocabulary}>
            {offered => (
              <FormInDraft
                key={`${kind} ${key} ${found.draft.version}`}
                draftId={draftId}
                start={found}
                vocabulary={offered}
                onSaved={() => {
                  announce(t('drafts.added'))
                  void navigate({ to: '/drafts/$draftId', params: { draftId }, search: {} })
                }}
              />
            )}
          </Answer>
        )}
      </Answer>
    </Page>
  )
}
