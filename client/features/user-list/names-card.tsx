import { Button, Group, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { nameListRight, type UserList } from '#contract/user-lists.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Failure } from '../../ui/states.tsx'

type Name = UserList['names'][number]
const NO_RIGHT = 'none'

/** Which right each name of the list means; what nobody has said stands first. */
export function NamesCard(props: { list: UserList }) {
  const { t, number } = useTexts()
  const { list } = props
  if (list.names.length === 0) return null
  return (
    <Card title={t('userList.names')} id="names">
      <div className="stack">
        <p className="dim">{t('userList.namesHelp')}</p>
        <DataTable
          caption={t('userList.namesCaption')}
          columns={[
            { key: 'name', label: t('userList.name'), cell: row => row.name },
            { key: 'means', label: t('userList.means'), cell: row => <Meaning list={list} name={row} /> },
            { key: 'accounts', label: t('userList.count'), number: true, cell: row => number(row.accounts) },
          ]}
          rows={list.names}
          rowKey={row => row.name}
          empty={null}
        />
      </div>
    </Card>
  )
}

function Meaning(props: { list: UserList; name: Name }) {
  const { t } = useTexts()
  const { list, name } = props
  const now = name.entitlement?.id ?? (name.ignored ? NO_RIGHT : '')
  const [chosen, setChosen] = useState(now)
  const save = useCommand(nameListRight, answer => announce(t('userList.named', { count: answer.changed })))
  if (!list.may.change) return <>{name.entitlement?.name ?? (name.ignored ? t('userList.ignore') : '–')}</>
  return (
    <>
      <Group gap={8} wrap="nowrap" align="center">
        <NativeSelect
          aria-label={t('userList.meansOf', { name: name.name })}
          value={chosen}
          onChange={event => setChosen(event.currentTarget.value)}
          data={[
            ...(now === '' ? [{ value: '', label: t('userList.choose') }] : []),
            ...list.entitlements.map(one => ({ value: one.id, label: one.name })),
            { value: NO_RIGHT, label: t('userList.ignore') },
          ]}
        />
        {chosen !== now && (
          <Button
            size="xs"
            loading={save.isPending}
            aria-label={t('userList.saveNameOf', { name: name.name })}
            onClick={() =>
              save.mutate({
                params: { systemId: list.system.id },
                body: { name: name.name, entitlementId: chosen === NO_RIGHT ? null : chosen },
              })
            }
          >
            {t('userList.saveName')}
          </Button>
        )}
      </Group>
      {save.error && <Failure error={save.error} retry={() => save.reset()} />}
    </>
  )
}
