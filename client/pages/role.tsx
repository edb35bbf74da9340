import { Button } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getRuleHistory } from '#contract/rule-looks.ts'
import { getRole } from '#contract/rules.ts'
import { FindingList } from '../features/rules/editor/finding-list.tsx'
import { HistoryPanel } from '../features/rules/editor/history-panel.tsx'
import { PreviewPanel } from '../features/rules/editor/preview-panel.tsx'
import { RoleTree } from '../features/rules/editor/role-tree.tsx'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { BindingsHere } from '../ui/bindings-here.tsx'
import { Card, Facts } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { Sensitivity } from '../ui/sensitivity.tsx'
import { Empty, Failure, Waiting } from '../ui/states.tsx'
import { Yaml } from '../ui/yaml.tsx'

const route = getRouteApi('/app/roles/$key')
type Role = ResponseOf<typeof getRole>

export function RolePage() {
  const { t } = useTexts()
  const { key } = route.useParams()
  const query = useCall(getRole, { params: { key } })
  if (query.data) return <RoleScreen role={query.data} />
  return (
    <Page title={t('roles.title')} waiting crumbs={[{ label: t('roles.title'), to: '/roles' }]}>
      {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting />}
    </Page>
  )
}

function RoleScreen(props: { role: Role }) {
  const { t, number } = useTexts()
  const { role } = props
  const may = useMay()
  const navigate = useNavigate()
  const [removing, setRemoving] = useState(false)
  const history = useCall(getRuleHistory, { params: { kind: 'role', key: role.key } })
  const { findings = [], versions = [] } = history.data ?? {}
  const columns: Column<Role['contents'][number]>[] = [
    {
      key: 'name',
      label: t('system.columns.name'),
      cell: row => (
        <>
          <span style={{ fontWeight: 550 }}>{row.name}</span> <Sensitivity sensitivity={row.sensitivity} />
        </>
      ),
    },
    {
      key: 'system',
      label: t('people.system'),
      cell: row =>
        row.system && (
          <Link to="/systems/$systemId" params={{ systemId: row.system.id }} className="link">
            {row.system.name}
          </Link>
        ),
    },
    {
      key: 'via',
      label: t('roles.via'),
      rank: 3,
      cell: row => <span className="meta">{row.via.length > 0 ? row.via.join(' › ') : t('roles.direct')}</span>,
    },
  ]
  return (
    <Page
      title={role.name}
      section={t('roles.title')}
      lead={role.description}
      crumbs={[{ label: t('roles.title'), to: '/roles' }]}
      actions={
        may('rule.change') && (
          <>
            {role.givenBy.length === 0 && (
              <Button variant="default" onClick={() => setRemoving(true)}>
                {t('ruleDesk.removeRole')}
              </Button>
            )}
            <Button
              component={Link}
              to="/roles/$key/edit"
              params={{ key: role.key } as never}
              leftSection={<IconPencil size={18} aria-hidden />}
            >
              {t('ruleDesk.roleEdit')}
            </Button>
          </>
        )
      }
    >
      {removing && history.data && (
        <Card title={t('ruleDesk.removeRole')}>
          <p>{t('ruleDesk.removeRoleHelp')}</p>
          <PreviewPanel
            change={{ kind: 'remove-role', key: role.key }}
            version={versions[0]?.version ?? null}
            problems={() => []}
            draft={false}
            onSaved={() => void navigate({ to: '/roles' })}
          />
        </Card>
      )}
      {findings.length > 0 && (
        <Card tone="wait" title={t('ruleDesk.findings')}>
          <FindingList findings={findings} />
        </Card>
      )}
      <Card>
        <Facts
          facts={[
            { label: t('roles.columns.holders'), value: number(role.holders) },
            {
              label: t('roles.contains'),
              value:
                role.contains.length === 0
                  ? t('roles.noRoles')
                  : role.contains.map(one => (
                      <div key={one.key}>
                        <Link to="/roles/$key" params={{ key: one.key }} className="link">
                          {one.name}
                        </Link>
                      </div>
                    )),
            },
            {
              label: t('roles.givenBy'),
              value:
                role.givenBy.length === 0
                  ? t('roles.notGiven')
                  : role.givenBy.map(one => (
                      <div key={one.key}>
                        <Link to="/rules/$key" params={{ key: one.key }} className="link">
                          {one.name}
                        </Link>
                      </div>
                    )),
            },
            { label: t('rule.key'), value: role.key },
          ]}
        />
      </Card>
      <BindingsHere asked={{ role: role.key }} object={{ level: 'role', roleKey: role.key }} what={role.name} />
      <section>
        <h2 className="section">{t('roles.contents')}</h2>
        <DataTable
          caption={t('roles.contentsCaption')}
          columns={columns}
          rows={role.contents}
          rowKey={row => `${row.key}${row.via.join()}`}
          empty={<Empty title={t('roles.nothing')} />}
        />
      </section>
      <RoleTree roleKey={role.key} name={role.name} />
      {history.data && <HistoryPanel history={history.data} />}
      <Yaml label={t('rule.yaml')} text={role.yaml} />
    </Page>
  )
}
