import { getRouteApi } from '@tanstack/react-router'
import { getNewRule, getRuleVocabulary } from '#contract/rule-desk.ts'
import { RuleEditor } from '../features/rules/editor/rule-editor.tsx'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/rules/new')

/** A new rule, empty or begun from a right that nobody can explain. */
export function RuleNewPage() {
  const { t } = useTexts()
  const search = route.useSearch()
  const start = useCall(getNewRule, { query: search })
  const vocabulary = useCall(getRuleVocabulary)
  const about = start.data?.about
  return (
    <Page
      title={t('ruleDesk.newTitle')}
      section={t('rules.title')}
      lead={about ? t('ruleDesk.about', { name: about.name ?? t('people.protectedPerson') }) : t('ruleDesk.newLead')}
      crumbs={[{ label: t('rules.title'), to: '/rules' }]}
      waiting={!start.data}
    >
      <Answer query={start}>
        {begun => (
          <Answer query={vocabulary}>
            {offered => (
              <RuleEditor key={JSON.stringify(search)} start={begun} vocabulary={offered} about={begun.about} />
            )}
          </Answer>
        )}
      </Answer>
    </Page>
  )
}
