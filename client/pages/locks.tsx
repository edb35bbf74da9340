import { Alert, Button, Group, Stack, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { addOnCall, endOnCall, listLocks, releaseLock } from '#contract/locks.ts'
import { problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { FilterRow, SearchField } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { type Who, WhoPicker } from '../ui/who-picker.tsx'

type Locks = ResponseOf<typeof listLocks>
type Lock = Locks['current'][number]
const route = getRouteApi('/app/locks')
const PER_PAGE = 50

export function LocksPage() {
  const { t } = useTexts()
  const { offset = 0 } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useCall(listLocks, { query: { offset, limit: PER_PAGE } }, { keep: true })
  return (
    <Page title={t('locks.title')} lead={t('locks.lead')}>
      <Answer query={query}>
        {data => (
          <Stack gap={16}>
            {!data.onCallNow && (
              <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />} title={t('locks.nobodyOnCall')}>
                {t('locks.nobodyOnCallHelp')}
              </Alert>
            )}
            <Card title={t('locks.current')} flush>
              <Current rows={data.current} />
            </Card>
            <Card title={t('locks.roster')}>
              <Roster data={data} />
            </Card>
            <Card title={t('locks.past')} flush>
              <Past rows={data.past} />
              <Pager
                offset={offset}
                limit={PER_PAGE}
                total={data.pastTotal}
                onMove={next => void navigate({ search: { offset: next === 0 ? undefined : next } })}
              />
            </Card>
          </Stack>
        )}
      </Answer>
    </Page>
  )
}

function Current({ rows }: { rows: Lock[] }) {
  const { t, instant } = useTexts()
  const [lifting, setLifting] = useState<Lock | null>(null)
  const [sought, setSought] = useState('')
  const words = sought.toLocaleLowerCase('da').split(/\s+/).filter(Boolean)
  const found = rows.filter(row => {
    const said = `${row.person.name ?? ''} ${row.unit?.name ?? ''}`.toLocaleLowerCase('da')
    return words.every(word => said.includes(word))
  })
  return (
    <>
      {(rows.length > 1 || sought !== '') && (
        <FilterRow>
          <SearchField label={t('locks.find')} value={sought} onChange={setSought} />
        </FilterRow>
      )}
      <DataTable
        caption={t('locks.current')}
        cards
        rows={found}
        rowKey={row => row.id}
        empty={
          rows.length > 0 ? (
            <Empty title={t('locks.notFound')} />
          ) : (
            <Empty title={t('locks.none')} help={t('locks.noneHelp')} good />
          )
        }
        columns={[
          {
            key: 'person',
            label: t('locks.person'),
            cell: row => (
              <>
                <PersonLink person={row.person} />
                {row.unit && <div className="meta">{row.unit.name}</div>}
              </>
            ),
          },
          { key: 'reason', label: t('locks.reason'), cell: row => row.reason },
          {
            key: 'at',
            label: t('locks.lockedAt'),
            cell: row => t('locks.by', { when: instant(row.lockedAt), name: row.lockedBy ?? '' }),
          },
          {
            key: 'act',
            label: t('locks.release'),
            cell: row =>
              row.mayRelease ? (
                <Button size="compact-sm" variant="default" onClick={() => setLifting(row)}>
                  {t('locks.release')}
                </Button>
              ) : (
                <span className="dim">{t('locks.notYou')}</span>
              ),
          },
        ]}
      />
      {lifting && <Lift lock={lifting} onClose={() => setLifting(null)} />}
    </>
  )
}

function Lift({ lock, onClose }: { lock: Lock; onClose: () => void }) {
  const { t } = useTexts()
  const release = useCommand(releaseLock, ({ rights }) => {
    announce(t('locks.released', { count: rights }))
    onClose()
  })
  return (
    <ReasonDialog
      title={t('locks.releaseTitle')}
      verb={t('locks.release')}
      busy={release.isPending}
      error={release.error ? t(`problem.${problemOf(release.error).code}`) : null}
      onClose={onClose}
      onConfirm={reason => release.mutate({ params: { lockId: lock.id }, body: { reason } })}
    >
      <p>
        <strong>{lock.person.name ?? t('people.protectedPerson')}</strong>: {lock.reason}
      </p>
      <p className="dim">{t('locks.releaseHelp')}</p>
    </ReasonDialog>
  )
}

function Past({ rows }: { rows: Lock[] }) {
  const { t, instant } = useTexts()
  return (
    <DataTable
      caption={t('locks.past')}
      cards
      rows={rows}
      rowKey={row => row.id}
      empty={<Empty title={t('locks.noPast')} />}
      columns={[
        { key: 'person', label: t('locks.person'), cell: row => <PersonLink person={row.person} /> },
        {
          key: 'at',
          label: t('locks.lockedAt'),
          cell: row => (
            <>
              {t('locks.by', { when: instant(row.lockedAt), name: row.lockedBy ?? '' })}
              <div className="meta">{row.reason}</div>
            </>
          ),
        },
        {
          key: 'released',
          label: t('locks.releasedAt'),
          cell: row => (
            <>
              {row.releasedAt && t('locks.by', { when: instant(row.releasedAt), name: row.releasedBy ?? '' })}
              <div className="meta">{row.releaseReason}</div>
            </>
          ),
        },
      ]}
    />
  )
}

function Roster({ data }: { data: Locks }) {
  const { t, instant } = useTexts()
  const end = useCommand(endOnCall, () => announce(t('locks.ended')))
  return (
    <Stack gap={16}>
      <p className="dim">{t('locks.rosterLead')}</p>
      {data.roster.length === 0 ? (
        <p>{t('locks.rosterEmpty')}</p>
      ) : (
        <ul className="plain-list">
          {data.roster.map(row => (
            <li key={row.id}>
              <Group gap={12}>
                <PersonLink person={row.person} />
                <span className="meta">
                  {instant(row.startsAt)} - {instant(row.endsAt)}
                </span>
                {row.now && <strong>{t('locks.onCallNow')}</strong>}
                {data.allowed.roster && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={end.isPending}
                    onClick={() => end.mutate({ params: { rosterId: row.id }, body: {} })}
                  >
                    {t('locks.end')}
                  </Button>
                )}
              </Group>
            </li>
          ))}
        </ul>
      )}
      {data.allowed.roster && <AddOnCall />}
    </Stack>
  )
}

/** Times are typed as the place has them; the browser turns them into instants. */
function AddOnCall() {
  const { t } = useTexts()
  const [who, setWho] = useState<Who | null>(null)
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const add = useCommand(addOnCall, () => {
    announce(t('locks.added', { name: who?.name ?? '' }))
    setWho(null)
    setFrom('')
    setTo('')
  })
  const ready = who !== null && from !== '' && to !== ''
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (ready)
          add.mutate({
            body: { personId: who.id, startsAt: new Date(from).toISOString(), endsAt: new Date(to).toISOString() },
          })
      }}
    >
      <Stack gap={12} maw={480}>
        <WhoPicker label={t('locks.who')} onPick={setWho} />
        {who && <p role="status">{t('locks.chosen', { name: who.name })}</p>}
        <Group gap={12} grow>
          <TextInput
            type="datetime-local"
            label={t('locks.from')}
            value={from}
            onChange={event => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={t('locks.to')}
            value={to}
            onChange={event => setTo(event.currentTarget.value)}
            error={add.error ? t(`problem.${problemOf(add.error).code}`) : null}
          />
        </Group>
        <Group>
          <Button type="submit" disabled={!ready} loading={add.isPending}>
            {t('locks.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
