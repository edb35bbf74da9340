import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { removeAccountType } from '#contract/account-types.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/states.tsx'
import { AccountTypeDialog } from './account-type-dialog.tsx'
import type { AccountType, Delivery } from './rung-card.tsx'

/** Kinds of accounts of a system: who gets one, when it is made and when it is closed. */
export function AccountTypesCard(props: { delivery: Delivery }) {
  const { t } = useTexts()
  const { delivery } = props
  const [editing, setEditing] = useState<AccountType | 'new' | null>(null)
  const remove = useCommand(removeAccountType, () => announce(t('delivery.removed')))
  const may = delivery.allowed.accountTypes
  return (
    <Card
      title={t('delivery.types')}
      aside={
        may && (
          <Button size="xs" onClick={() => setEditing('new')}>
            {t('delivery.newType')}
          </Button>
        )
      }
    >
      <DataTable
        caption={t('delivery.typesCaption')}
        columns={[
          { key: 'name', label: t('delivery.typeColumns.name'), cell: (row: AccountType) => row.name },
          {
            key: 'who',
            label: t('delivery.typeColumns.who'),
            rank: 2,
            cell: row => t(`delivery.whoOf.${row.rules.find(rule => rule.unitId === null)?.who ?? 'nobody'}`),
          },
          {
            key: 'lead',
            label: t('delivery.typeColumns.lead'),
            rank: 1,
            cell: row => t('delivery.days', { count: row.leadDays }),
          },
          {
            key: 'close',
            label: t('delivery.typeColumns.close'),
            rank: 1,
            cell: row =>
              t('delivery.closes', {
                disable: row.disableAfter,
                delete:
                  row.deleteAfter === null ? t('delivery.never') : t('delivery.daysAfter', { count: row.deleteAfter }),
              }),
          },
          {
            key: 'keeps',
            label: t('delivery.typeColumns.keeps'),
            rank: 2,
            cell: row => row.keeps.map(one => t(`delivery.kept.${one}`)).join(', ') || t('delivery.keepsNothing'),
          },
          {
            key: 'do',
            label: t('delivery.typeColumns.do'),
            cell: row =>
              may && (
                <Group gap={6}>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`${t('delivery.editType')}: ${row.name}`}
                    onClick={() => setEditing(row)}
                  >
                    {t('delivery.editType')}
                  </Button>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`${t('delivery.remove')}: ${row.name}`}
                    onClick={() =>
                      remove.mutate({
                        params: { systemId: delivery.system.id, accountTypeId: row.id },
                        body: { version: row.version },
                      })
                    }
                  >
                    {t('delivery.remove')}
                  </Button>
                </Group>
              ),
          },
        ]}
        rows={delivery.accountTypes}
        rowKey={row => row.id}
        empty={<Empty title={t('delivery.noTypes')} />}
      />
      {delivery.accountTypes
        .filter(one => one.unheard.length > 0)
        .map(one => (
          <p key={one.id}>
            {t('delivery.unheard', {
              name: one.name,
              what: one.unheard.map(what => t(`delivery.kept.${what}`)).join(', '),
            })}
          </p>
        ))}
      {remove.error && <p role="alert">{t(`problem.${problemOf(remove.error).code}`)}</p>}
      {editing && (
        <AccountTypeDialog
          delivery={delivery}
          type={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </Card>
  )
}
