import { Button } from '@mantine/core'
import { IconLock, IconLockOpen } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getStrictMode, setStrictMode } from '#contract/strict.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { EmergencyDialog } from './emergency-dialog.tsx'

type Strict = ResponseOf<typeof getStrictMode>
type Row = Strict['rows'][number]

/** Whether nothing new is given without a purpose; what it would not touch, before it is turned on; what it holds back. */
export function StrictMode({ systemId }: { systemId: string }) {
  const { t } = useTexts()
  const query = useCall(getStrictMode, { params: { systemId }, query: { limit: 200 } })
  const [asking, setAsking] = useState(false)
  return (
    <Card title={t('strict.title')}>
      <Answer query={query}>
        {strict => (
          <div className="stack">
            <Standing strict={strict} />
            {strict.allowed.change && (
              <div>
                <Button variant="default" onClick={() => setAsking(true)}>
                  {t(strict.strict ? 'strict.turnOff' : 'strict.turnOn')}
                </Button>
              </div>
            )}
            {(strict.strict || strict.total > 0) && <Withheld strict={strict} systemId={systemId} />}
            {asking && <TurnDialog strict={strict} systemId={systemId} onClose={() => setAsking(false)} />}
          </div>
        )}
      </Answer>
    </Card>
  )
}

function Standing({ strict: { strict, now } }: { strict: Strict }) {
  const { t, day, number } = useTexts()
  const since = strict && { date: day(strict.since), reason: strict.reason }
  return (
    <>
      <p>
        <Status tone={strict ? 'accent' : 'quiet'} icon={strict ? IconLock : IconLockOpen} plain>
          {since
            ? strict?.by
              ? t('strict.on', { ...since, by: strict.by })
              : t('strict.onNobody', since)
            : t('strict.off')}
        </Status>
      </p>
      <p className="meta">{t('strict.help')}</p>
      <p>
        {now.rights === 0
          ? t('strict.nowNone')
          : t('strict.now', {
              ...{ lacking: number(now.lacking), rights: number(now.rights), people: number(now.people) },
            })}
      </p>
    </>
  )
}

function TurnDialog(props: { strict: Strict; systemId: string; onClose: () => void }) {
  const { t } = useTexts()
  const on = props.strict.strict === null
  const set = useCommand(setStrictMode, () => {
    announce(t(on ? 'strict.turnedOn' : 'strict.turnedOff'))
    props.onClose()
  })
  return (
    <ReasonDialog
      title={t(on ? 'strict.turnOn' : 'strict.turnOff')}
      busy={set.isPending}
      error={set.error ? t(`problem.${problemOf(set.error).code}`) : null}
      onClose={props.onClose}
      onConfirm={reason => set.mutate({ params: { systemId: props.systemId }, body: { on, reason } })}
    >
      <p>{on ? t('strict.help') : t('strict.offHelp', { count: props.strict.total })}</p>
    </ReasonDialog>
  )
}

function Withheld({ strict, systemId }: { strict: Strict; systemId: string }) {
  const { t, day, instant } = useTexts()
  const may = useMay()
  const [giving, setGiving] = useState<Row | null>(null)
  const nameOf = (row: Row) => row.person.name ?? t('people.protectedPerson')
  return (
    <div>
      <h3 className="section">{t('strict.withheld')}</h3>
      {strict.total > 0 && (
        <p>
          {t('strict.withheldHelp')}{' '}
          <Link to="/bindings/list" search={{ system: systemId }} className="link">
            {t('strict.say')}
          </Link>
        </p>
      )}
      <DataTable
        caption={t('strict.withheld')}
        cards
        rows={strict.rows}
        rowKey={row => `${row.affiliationId} ${row.entitlement.id}`}
        empty={<Empty title={t('strict.withheldNone')} good />}
        columns={[
          {
            key: 'person',
            label: t('strict.columns.person'),
            cell: row => (
              <>
                <PersonLink person={row.person} />
                {row.unit && <div className="meta">{row.unit.name}</div>}
              </>
            ),
          },
          { key: 'right', label: t('strict.columns.right'), cell: row => row.entitlement.name },
          {
            key: 'by',
            label: t('strict.columns.by'),
            rank: 2,
            cell: row => (row.rule ? row.rule.name : t('strict.byHand')),
          },
          {
            key: 'since',
            label: t('strict.columns.since'),
            rank: 1,
            cell: row => <span className="nowrap">{day(row.since)}</span>,
          },
          {
            key: 'emergency',
            label: t('strict.columns.emergency'),
            cell: row =>
              row.emergencyUntil
                ? t('emergency.until', { when: instant(row.emergencyUntil) })
                : may('emergency-access.use') &&
                  row.emergency && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      className="no-print"
                      aria-label={`${t('emergency.give')}: ${nameOf(row)}, ${row.entitlement.name}`}
                      onClick={() => setGiving(row)}
                    >
                      {t('emergency.give')}
                    </Button>
                  ),
          },
        ]}
      />
      {strict.total > strict.rows.length && (
        <p className="meta">{t('strict.more', { count: strict.total - strict.rows.length })}</p>
      )}
      {giving && (
        <EmergencyDialog
          affiliationId={giving.affiliationId}
          entitlementId={giving.entitlement.id}
          right={giving.entitlement.name}
          person={nameOf(giving)}
          onClose={() => setGiving(null)}
        />
      )}
    </div>
  )
}
