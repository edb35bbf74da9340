import { Alert, Button, Checkbox, Group, Stack } from '@mantine/core'
import { IconCircleCheck, IconCircleOff, IconClock, IconHourglass } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { changeHold, listHolds } from '#contract/compliance.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { ComplianceTabs } from '../features/compliance/compliance-tabs.tsx'
import { problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { HoldDialog } from '../ui/hold-dialog.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Empty, Failure } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/admin/compliance/holds')
const limit = 50
type Hold = ResponseOf<typeof listHolds>['rows'][number]
const SIGN = {
  'in-force': { tone: 'ok', icon: IconCircleCheck },
  soon: { tone: 'wait', icon: IconClock },
  expired: { tone: 'bad', icon: IconHourglass },
  ended: { tone: 'quiet', icon: IconCircleOff },
} as const

/** What must not be deleted, why, who answers for it, and until when. */
export function ComplianceHoldsPage() {
  const { t, number, date } = useTexts()
  const { offset = 0 } = route.useSearch()
  const navigate = route.useNavigate()
  const [all, setAll] = useState(false)
  const [adding, setAdding] = useState(false)
  const [asked, setAsked] = useState<{ what: 'end' | 'extend'; hold: Hold } | null>(null)
  const query = useCall(listHolds, { query: { offset, limit, all: all ? 'true' : 'false' } }, { keep: true })
  const change = useCommand(changeHold, () => {
    setAsked(null)
    announce(t('holds.done'))
  })
  const may = query.data?.allowed.change === true
  const soon = query.data?.soon ?? 0
  const who = (person: Hold['person']) => (person ? <PersonLink person={person} /> : t('holds.somebody'))
  const columns: Column<Hold>[] = [
    {
      key: 'subject',
      label: t('holds.columns.subject'),
      cell: hold => (
        <div>
          {hold.hidden ? t('holds.hidden') : who(hold.person)}
          {hold.kind === 'case' && <div className="meta">{t('holds.kind.case')}</div>}
        </div>
      ),
    },
    {
      key: 'reason',
      label: t('holds.columns.reason'),
      cell: hold => (
        <div>
          {hold.reason}
          {hold.endedReason && <div className="meta">{hold.endedReason}</div>}
        </div>
      ),
    },
    { key: 'owner', label: t('holds.columns.owner'), rank: 2, cell: hold => who(hold.owner) },
    {
      key: 'expires',
      label: t('holds.columns.expires'),
      cell: hold => (
        <div>
          <span className="nowrap">{date(hold.expiresOn)}</span>{' '}
          <Status {...SIGN[hold.state]}>{t(`holds.state.${hold.state}`)}</Status>
        </div>
      ),
    },
    ...(may
      ? [
          {
            key: 'act',
            label: t('holds.columns.act'),
            cell: (hold: Hold) =>
              hold.state !== 'ended' &&
              !hold.hidden && (
                <Group gap={8}>
                  <Button size="compact-sm" variant="default" onClick={() => setAsked({ what: 'extend', hold })}>
                    {t('holds.extend')}
                  </Button>
                  <Button size="compact-sm" variant="default" onClick={() => setAsked({ what: 'end', hold })}>
                    {t('holds.end')}
                  </Button>
                </Group>
              ),
          },
        ]
      : []),
  ]
  return (
    <Page
      title={t('compliance.title')}
      section={t('compliance.tabs.holds')}
      lead={t('holds.lead')}
      actions={may && <Button onClick={() => setAdding(true)}>{t('holds.add')}</Button>}
    >
      <ComplianceTabs at="holds" />
      <Stack gap={16}>
        {soon > 0 && (
          <Alert color="yellow" icon={<IconClock size={18} aria-hidden />}>
            {t('holds.soon', { count: soon, number: number(soon) })}
          </Alert>
        )}
        <Checkbox label={t('holds.all')} checked={all} onChange={event => setAll(event.currentTarget.checked)} />
        {query.isError && !query.data ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : (
          <DataTable
            caption={t('holds.caption')}
            columns={columns}
            rows={query.data?.rows}
            rowKey={hold => hold.id}
            stale={query.isPlaceholderData}
            empty={<Empty title={t('holds.empty')} help={t('holds.emptyHelp')} />}
            cards
          />
        )}
        <Pager
          offset={offset}
          limit={limit}
          total={query.data?.total}
          hint={false}
          onMove={next => void navigate({ search: { offset: next || undefined } })}
        />
      </Stack>
      {adding && (
        <HoldDialog
          onClose={() => setAdding(false)}
          onPlaced={() => {
            setAdding(false)
            announce(t('holds.placed'))
          }}
        />
      )}
      {asked && (
        <ReasonDialog
          title={
            asked.what === 'end'
              ? t('holds.endTitle')
              : t('holds.extendTitle', { day: date(aYearOn(asked.hold.expiresOn)) })
          }
          verb={t(`holds.${asked.what}`)}
          danger={asked.what === 'end'}
          busy={change.isPending}
          error={change.error ? t(`problem.${problemOf(change.error).code}`) : null}
          onClose={() => setAsked(null)}
          onConfirm={reason =>
            change.mutate({
              params: { holdId: asked.hold.id },
              body: { expiresOn: asked.what === 'end' ? null : aYearOn(asked.hold.expiresOn), reason },
            })
          }
        >
          <p>{asked.hold.reason}</p>
        </ReasonDialog>
      )}
    </Page>
  )
}

/** The same day a year on; of 29 February the 28th. */
function aYearOn(day: string): string {
  const next = `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`
  return next.endsWith('-02-29') ? next.replace('-02-29', '-02-28') : next
}
