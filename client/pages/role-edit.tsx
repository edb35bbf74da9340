import { getRouteApi } from '@tanstack/react-router'
import { getRoleForm } from '#contract/rule-desk.ts'
import { RoleEditor } from '../features/rules/editor/role-editor.tsx'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/roles/$key/edit')

export function RoleEditPage() {
  const { t } = useTexts()
  const { key } = route.useParams()
  const start = useCall(getRoleForm, { params: { key } })
  const name = start.data?.form.name
  return (
    <Page
      title={name ? t('ruleDesk.roleEditTitle', { name }) : t('ruleDesk.roleEdit')}
      section={t('roles.title')}
      crumbs={[
        { label: t('roles.title'), to: '/roles' },
        ...(name && start.data?.version !== null ? [{ label: name, to: '/roles/$key', params: { key } }] : []),
      ]}
      waiting={!start.data}
    >
      <Answer query={start}>{found => <RoleEditor key={`${key} ${found.version}`} start={found} />}</Answer>
    </Page>
  )
}
