import { Button } from '@mantine/core'
import { IconCheck, IconClock, IconKey, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listTokens, revokeToken } from '#contract/tokens.ts'
import { type Made, TokenForm, TokenOnce } from '../features/hr/token-form.tsx'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

type Row = ResponseOf<typeof listTokens>['rows'][number]
const SIGNS = { active: ['ok', IconCheck], expired: ['wait', IconClock], revoked: ['quiet', IconX] } as const

/** Keys of texts have no dots in them. */
const RIGHTS = { 'hr-event.send': 'sendEvents' } as const

/** Other programs that may come in, each with rights of its own. */
export function TokensPage() {
  const { t, date, ago } = useTexts()
  const query = useCall(listTokens)
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<Made | null>(null)
  const [ending, setEnding] = useState<Row | null>(null)
  const revoke = useCommand(revokeToken, () => setEnding(null))
  const columns: Column<Row>[] = [
    {
      key: 'name',
      label: t('tokens.columns.name'),
      cell: row => (
        <>
          {row.name}
          <div className="meta">
            {t('tokens.ends', { hint: row.hint })} · {row.createdBy}
          </div>
        </>
      ),
    },
    {
      key: 'rights',
      label: t('tokens.columns.rights'),
      rank: 2,
      cell: row => row.rights.map(right => t(`tokens.right.${RIGHTS[right]}`)).join(', '),
    },
    { key: 'feed', label: t('tokens.columns.feed'), rank: 3, cell: row => row.feed },
    {
      key: 'used',
      label: t('tokens.columns.used'),
      rank: 1,
      cell: row => (row.lastUsedAt ? ago(row.lastUsedAt) : t('tokens.never')),
    },
    {
      key: 'state',
      label: t('tokens.columns.state'),
      cell: row => (
        <>
          <Status tone={SIGNS[row.state][0]} icon={SIGNS[row.state][1]}>
            {t(`tokens.state.${row.state}`)}
          </Status>
          <div className="meta">
            {row.revokedReason ?? `${t('tokens.columns.expires')} ${date(row.expiresAt.slice(0, 10))}`}
          </div>
        </>
      ),
    },
    {
      key: 'do',
      label: t('tokens.columns.do'),
      cell: row =>
        row.allowed.revoke && (
          <Button
            variant="default"
            size="xs"
            aria-label={`${t('tokens.revoke')}: ${row.name}`}
            onClick={() => setEnding(row)}
          >
            {t('tokens.revoke')}
          </Button>
        ),
    },
  ]
  return (
    <Page
      title={t('tokens.title')}
      section={t('nav.administration')}
      lead={t('tokens.lead')}
      actions={
        query.data?.allowed.create && (
          <Button leftSection={<IconKey size={18} aria-hidden />} onClick={() => setMaking(true)}>
            {t('tokens.create')}
          </Button>
        )
      }
    >
      <Answer query={query}>
        {data => (
          <DataTable
            caption={t('tokens.caption')}
            columns={columns}
            rows={data.rows}
            rowKey={row => row.id}
            empty={<Empty title={t('tokens.empty')} help={t('tokens.emptyHelp')} />}
          />
        )}
      </Answer>
      {making && (
        <TokenForm
          feeds={query.data?.feeds ?? []}
          onClose={() => setMaking(false)}
          onMade={one => {
            setMaking(false)
            setMade(one)
          }}
        />
      )}
      {made && <TokenOnce made={made} onClose={() => setMade(null)} />}
      {ending && (
        <ReasonDialog
          title={t('tokens.revokeTitle', { name: ending.name })}
          verb={t('tokens.revoke')}
          danger
          busy={revoke.isPending}
          error={revoke.error ? t(`problem.${revoke.error.problem.code}`) : null}
          onClose={() => setEnding(null)}
          onConfirm={reason => revoke.mutate({ params: { tokenId: ending.id }, body: { reason } })}
        >
          <p>{t('tokens.revokeHelp')}</p>
        </ReasonDialog>
      )}
    </Page>
  )
}
