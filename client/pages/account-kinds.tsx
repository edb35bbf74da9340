import { Button, Code, Group } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { listAccountRules, removeAccountRule } from '#contract/account-rules.ts'
import { type AccountRule, AccountRuleForm } from '../features/desk/account-rule-form.tsx'
import { DeskTabs } from '../features/desk/desk-tabs.tsx'
import { isRefused, problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Answer, Empty, Failure } from '../ui/states.tsx'

/** Patterns and parts of the directory that say what kind an account is. */
export function AccountKindsPage() {
  const { t, number } = useTexts()
  const query = useCall(listAccountRules)
  const [editing, setEditing] = useState<AccountRule | 'new' | null>(null)
  const [removing, setRemoving] = useState<AccountRule | null>(null)
  const remove = useCommand(removeAccountRule, () => {
    setRemoving(null)
    announce(t('kinds.removed'))
  })
  const nameOf = (rule: AccountRule) => rule.pattern ?? rule.ou ?? ''
  const columns = (change: boolean): Column<AccountRule>[] => [
    { key: 'what', label: t('kinds.columns.what'), cell: row => <Code>{nameOf(row)}</Code> },
    {
      key: 'source',
      label: t('kinds.columns.source'),
      rank: 2,
      cell: row => row.source ?? <span className="meta">{t('kinds.anySource')}</span>,
    },
    { key: 'kind', label: t('kinds.columns.kind'), cell: row => t(`enum.accountKind.${row.accountKind}`) },
    {
      key: 'owner',
      label: t('kinds.columns.owner'),
      rank: 3,
      cell: row =>
        row.owner.person ? (
          <PersonLink person={row.owner.person} />
        ) : row.owner.unit ? (
          <Link to="/org/$unitId" params={{ unitId: row.owner.unit.id }} className="link">
            {row.owner.unit.name}
          </Link>
        ) : null,
    },
    { key: 'accounts', label: t('kinds.columns.accounts'), number: true, cell: row => number(row.accounts) },
    ...(change
      ? [
          {
            key: 'actions',
            label: t('kinds.columns.actions'),
            cell: (row: AccountRule) => (
              <Group gap={6} wrap="nowrap">
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`${t('kinds.edit')}: ${nameOf(row)}`}
                  onClick={() => setEditing(row)}
                >
                  {t('kinds.edit')}
                </Button>
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`${t('kinds.remove')}: ${nameOf(row)}`}
                  onClick={() => setRemoving(row)}
                >
                  {t('kinds.remove')}
                </Button>
              </Group>
            ),
          },
        ]
      : []),
  ]
  if (isRefused(query))
    return (
      <Page title={t('kinds.title')} section={t('desk.title')}>
        <Failure error={query.error} />
      </Page>
    )
  return (
    <Page
      title={t('kinds.title')}
      section={t('desk.title')}
      lead={t('kinds.lead')}
      actions={
        query.data?.allowed.change && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEditing('new')}>
            {t('kinds.new')}
          </Button>
        )
      }
    >
      <DeskTabs at="kinds" />
      <Answer query={query}>
        {({ rows, allowed }) => (
          <DataTable
            caption={t('kinds.caption')}
            columns={columns(allowed.change)}
            rows={rows}
            rowKey={row => row.id}
            empty={<Empty title={t('kinds.empty')} help={t('kinds.emptyHelp')} />}
          />
        )}
      </Answer>
      {editing && <AccountRuleForm rule={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      {removing && (
        <Confirm
          danger
          title={t('kinds.removeOf', { name: nameOf(removing) })}
          verb={t('kinds.remove')}
          cancel={t('do.cancel')}
          busy={remove.isPending}
          error={remove.error ? t(`problem.${problemOf(remove.error).code}`) : null}
          onConfirm={() => remove.mutate({ params: { ruleId: removing.id } })}
          onClose={() => setRemoving(null)}
        >
          <p>{t('kinds.removeConfirm')}</p>
        </Confirm>
      )}
    </Page>
  )
}
