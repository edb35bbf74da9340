import { emptyRole, RoleEditor } from '../features/rules/editor/role-editor.tsx'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'

export function RoleNewPage() {
  const { t } = useTexts()
  return (
    <Page
      title={t('ruleDesk.roleNew')}
      section={t('roles.title')}
      lead={t('ruleDesk.roleNewLead')}
      crumbs={[{ label: t('roles.title'), to: '/roles' }]}
    >
      <RoleEditor start={emptyRole} />
    </Page>
  )
}
