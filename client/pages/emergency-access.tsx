import { Button, Group, NativeSelect, NumberInput, Stack, Textarea } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import {
  checkEmergencyAccess,
  EMERGENCY_HOURS,
  endEmergencyAccess,
  giveEmergencyAccess,
  listEmergencyChecks,
  listGrace,
} from '#contract/grants.ts'
import { getPerson } from '#contract/people.ts'
import { problemOf } from '../lib/call.ts'
import { lastDay } from '../lib/formats.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { type PickedRight, RightPicker } from '../ui/right-picker.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { WhoPicker } from '../ui/who-picker.tsx'

type Check = ResponseOf<typeof listEmergencyChecks>['rows'][number]
const route = getRouteApi('/app/emergency-access')

export function EmergencyAccessPage() {
  const { t } = useTexts()
  const may = useMay()
  const { person } = route.useSearch()
  const checks = useCall(listEmergencyChecks, { query: { limit: 200 } }, { enabled: may('emergency-access.check') })
  const grace = useCall(listGrace, { query: { limit: 200 } })
  return (
    <Page title={t('emergency.title')} lead={t('emergency.lead')}>
      <Stack gap={16}>
        {may('emergency-access.check') && (
          <Card title={t('emergency.checks')} flush>
            <Answer query={checks}>{data => <Checks rows={data.rows} mayEnd={may('emergency-access.use')} />}</Answer>
          </Card>
        )}
        {may('emergency-access.use') && (
          <Card title={t('emergency.give')}>
            <Give key={person ?? ''} chosen={person} />
          </Card>
        )}
        <Card title={t('emergency.grace')} flush>
          <p className="dim" style={{ padding: '8px 16px' }}>
            {t('emergency.graceHelp')}
          </p>
          <Answer query={grace}>{data => <Grace rows={data.rows} />}</Answer>
        </Card>
      </Stack>
    </Page>
  )
}

function Checks({ rows, mayEnd }: { rows: Check[]; mayEnd: boolean }) {
  const { t, instant } = useTexts()
  const [checking, setChecking] = useState<Check | null>(null)
  const [ending, setEnding] = useState<Check | null>(null)
  const check = useCommand(checkEmergencyAccess, () => {
    setChecking(null)
    announce(t('emergency.checked'))
  })
  const end = useCommand(endEmergencyAccess, () => {
    setEnding(null)
    announce(t('emergency.ended'))
  })
  const rightOf = (row: Check) => `${row.system.name}: ${row.entitlement.name}`
  return (
    <>
      <DataTable
        caption={t('emergency.checks')}
        cards
        rows={rows}
        rowKey={row => row.grant.id}
        empty={<Empty title={t('emergency.checksNone')} good />}
        columns={[
          { key: 'person', label: t('locks.person'), cell: row => <PersonLink person={row.person} /> },
          {
            key: 'right',
            label: t('emergency.rightColumn'),
            cell: row => (
              <>
                {rightOf(row)}
                {row.grant.noEffect && <div className="meta">{t('emergency.noEffect')}</div>}
              </>
            ),
          },
          {
            key: 'reason',
            label: t('locks.reason'),
            cell: row => (
              <>
                {row.grant.reason}
                <div className="meta">{t('locks.by', { when: instant(row.givenAt), name: row.grant.by ?? '' })}</div>
              </>
            ),
          },
          {
            key: 'until',
            label: t('locks.to'),
            cell: row => (row.ended || !row.grant.expiresAt ? t('emergency.over') : instant(row.grant.expiresAt)),
          },
          {
            key: 'act',
            label: t('emergency.check'),
            cell: row => (
              <Group gap={8}>
                {row.mayCheck ? (
                  <Button size="compact-sm" variant="default" onClick={() => setChecking(row)}>
                    {t('emergency.check')}
                  </Button>
                ) : (
                  <span className="dim">{t('emergency.notYou')}</span>
                )}
                {mayEnd && !row.ended && (
                  <Button size="compact-sm" variant="default" onClick={() => setEnding(row)}>
                    {t('emergency.endNow')}
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
      />
      {checking && (
        <ReasonDialog
          title={t('emergency.checkTitle', { name: rightOf(checking) })}
          verb={t('emergency.check')}
          busy={check.isPending}
          error={check.error ? t(`problem.${problemOf(check.error).code}`) : null}
          onClose={() => setChecking(null)}
          onConfirm={note => check.mutate({ params: { grantId: checking.grant.id }, body: { note } })}
        >
          <p className="dim">{t('emergency.checkHelp')}</p>
        </ReasonDialog>
      )}
      {ending && (
        <ReasonDialog
          title={t('emergency.endNow')}
          busy={end.isPending}
          error={end.error ? t(`problem.${problemOf(end.error).code}`) : null}
          onClose={() => setEnding(null)}
          onConfirm={reason => end.mutate({ params: { grantId: ending.grant.id }, body: { reason } })}
        >
          <p>{rightOf(ending)}</p>
        </ReasonDialog>
      )}
    </>
  )
}

function Give({ chosen }: { chosen: string | undefined }) {
  const { t } = useTexts()
  const [personId, setPersonId] = useState(chosen)
  const [right, setRight] = useState<PickedRight | null>(null)
  const [affiliation, setAffiliation] = useState('')
  const [hours, setHours] = useState<number | string>(8)
  const [reason, setReason] = useState('')
  const [incomplete, setIncomplete] = useState(false)
  const person = useCall(getPerson, { params: { personId: personId ?? '' } }, { enabled: personId !== undefined })
  const affiliations = (person.data?.affiliations ?? []).filter(one => one.status === 'active')
  const to = affiliations.some(one => one.id === affiliation) ? affiliation : (affiliations[0]?.id ?? '')
  const give = useCommand(giveEmergencyAccess, ({ noEffect }) => {
    announce(t(noEffect ? 'emergency.noEffect' : 'emergency.given'))
    setRight(null)
    setReason('')
  })
  return (
    <form
      noValidate
      onSubmit={event => {
        event.preventDefault()
        const ready = to !== '' && right !== null && Number(hours) >= 1 && reason.trim().length >= 5
        setIncomplete(!ready)
        if (ready && right)
          give.mutate({
            body: { affiliationId: to, entitlementId: right.id, hours: Number(hours), reason: reason.trim() },
          })
      }}
    >
      <Stack gap={12} maw={520}>
        <ErrorSummary
          errors={[
            ...(incomplete ? [{ text: t('emergency.incomplete') }] : []),
            ...(give.error ? [{ text: t(`problem.${problemOf(give.error).code}`) }] : []),
          ]}
        />
        {give.data && <p role="status">{t(give.data.noEffect ? 'emergency.noEffect' : 'emergency.given')}</p>}
        <WhoPicker label={t('emergency.who')} onPick={who => setPersonId(who.id)} />
        {person.data && (
          <>
            <p role="status">
              {t('emergency.giveTo', { name: person.data.person.name ?? t('people.protectedPerson') })}
            </p>
            <NativeSelect
              label={t('emergency.affiliation')}
              value={to}
              data={affiliations.map(one => ({
                value: one.id,
                label: [one.title ?? t(`enum.affiliation.${one.kind}`), one.unit?.name].filter(Boolean).join(' · '),
              }))}
              onChange={event => setAffiliation(event.currentTarget.value)}
            />
          </>
        )}
        <RightPicker emergency label={t('emergency.right')} onPick={setRight} />
        {right && <p role="status">{t('emergency.chosenRight', { name: `${right.system.name}: ${right.name}` })}</p>}
        <NumberInput
          label={t('emergency.hours')}
          min={1}
          max={EMERGENCY_HOURS}
          allowDecimal={false}
          value={hours}
          onChange={setHours}
        />
        <Textarea
          label={t('emergency.reason')}
          value={reason}
          rows={3}
          maxLength={500}
          onChange={event => setReason(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" loading={give.isPending}>
            {t('emergency.give')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type Kept = ResponseOf<typeof listGrace>['rows'][number]
function Grace({ rows }: { rows: Kept[] }) {
  const { t, date } = useTexts()
  return (
    <DataTable
      caption={t('emergency.grace')}
      cards
      rows={rows}
      rowKey={row => row.id}
      empty={<Empty title={t('emergency.graceNone')} />}
      columns={[
        { key: 'person', label: t('locks.person'), cell: row => <PersonLink person={row.person} /> },
        {
          key: 'right',
          label: t('emergency.rightColumn'),
          cell: row => (
            <>
              {row.entitlement.name}
              <div className="meta">{row.system.name}</div>
            </>
          ),
        },
        // Whom it concerns on neither side is told nothing by it.
        ...(rows.some(row => row.side !== 'other')
          ? [{ key: 'side', label: t('emergency.sideColumn'), cell: (row: Kept) => t(`emergency.side.${row.side}`) }]
          : []),
        { key: 'until', label: t('locks.to'), cell: row => date(lastDay(row.until)) },
      ]}
    />
  )
}
