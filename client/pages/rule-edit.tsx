import { getRouteApi } from '@tanstack/react-router'
import { getRuleForm, getRuleVocabulary } from '#contract/rule-desk.ts'
import { RuleEditor } from '../features/rules/editor/rule-editor.tsx'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/rules/$key/edit')

export function RuleEditPage() {
  const { t } = useTexts()
  const { key } = route.useParams()
  const start = useCall(getRuleForm, { params: { key } })
  const vocabulary = useCall(getRuleVocabulary)
  const name = start.data?.form.name
  return (
    <Page
      title={name ? t('ruleDesk.editTitle', { name }) : t('ruleDesk.edit')}
      section={t('rules.title')}
      lead={t('ruleDesk.editLead')}
      crumbs={[
        { label: t('rules.title'), to: '/rules' },
        ...(name && start.data?.version !== null ? [{ label: name, to: '/rules/$key', params: { key } }] : []),
      ]}
      waiting={!start.data}
    >
      <Answer query={start}>
        {found => (
          <Answer query={vocabulary}>
            {offered => <RuleEditor key={`${key} ${found.version}`} start={found} vocabulary={offered} />}
          </Answer>
        )}
      </Answer>
    </Page>
  )
}
