import { IconCircleCheck, IconCircleOff, IconClockOff } from '@tabler/icons-react'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Situation } from '../../ui/situation.tsx'
import { Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import type { PersonData } from './person.ts'
import { WrongHere } from './wrong-here.tsx'

type Account = PersonData['accounts'][number]

export function AccountsPanel(props: { accounts: Account[]; self?: boolean }) {
  const { t, day, ago, number } = useTexts()
  const columns: Column<Account>[] = [
    {
      key: 'username',
      label: t('person.accountColumns.username'),
      cell: row => (
        <>
          <span style={{ fontWeight: 550 }}>{row.username}</span>
          {props.self && <WrongHere object={{ about: 'account', accountId: row.id }} what={row.username} />}
        </>
      ),
    },
    { key: 'source', label: t('person.accountColumns.source'), cell: row => row.sourceName },
    { key: 'kind', label: t('person.accountColumns.kind'), rank: 2, cell: row => t(`enum.accountKind.${row.kind}`) },
    {
      key: 'situation',
      label: t('person.accountColumns.situation'),
      rank: 3,
      cell: row => (
        <>
          <Situation situation={row.situation} plain />
          {row.evidence && (
            <div className="meta">{t(`enum.evidence.${row.evidence as 'manual'}`, { defaultValue: row.evidence })}</div>
          )}
        </>
      ),
    },
    {
      key: 'state',
      label: t('person.accountColumns.state'),
      cell: row =>
        row.enabled ? (
          <Status tone="ok" icon={IconCircleCheck} plain>
            {t('person.enabled')}
          </Status>
        ) : (
          <Status tone="quiet" icon={IconCircleOff} plain>
            {t('person.disabled')}
          </Status>
        ),
    },
    {
      key: 'groups',
      label: t('person.accountColumns.groups'),
      number: true,
      rank: 2,
      cell: row => number(row.groups),
    },
    {
      key: 'used',
      label: t('person.accountColumns.lastUsed'),
      rank: 2,
      cell: row =>
        row.unused90 ? (
          <Status tone="wait" icon={IconClockOff} plain>
            {t('person.unused90')}
          </Status>
        ) : row.lastSignIn ? (
          day(row.lastSignIn)
        ) : row.unused90 === false ? (
          t('person.used')
        ) : (
          <span className="meta">{t('person.neverUsed')}</span>
        ),
    },
    {
      key: 'seen',
      label: t('person.accountColumns.seen'),
      rank: 1,
      cell: row => row.seenAt && <span className="meta">{ago(row.seenAt)}</span>,
    },
  ]
  return (
    <DataTable
      caption={t('person.accountsCaption')}
      columns={columns}
      rows={props.accounts}
      rowKey={row => row.id}
      empty={<Empty good title={t('person.emptyAccounts')} help={t('person.emptyAccountsHelp')} />}
    />
  )
}
