import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconClock, IconPencil, IconX } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type ActivityRow, listActivities } from '#contract/activities.ts'
import { activityAttention, activityKind, activityStanding } from '#contract/activity-lists.ts'
import { DocumentMenu } from '../features/register/document-menu.tsx'
import { YearWheel } from '../features/register/year-wheel.tsx'
import { dayOf } from '../lib/formats.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useSession } from '../lib/session.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import { CoverageLine } from '../ui/coverage.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Choice, Toggle } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/activities')
const limit = 50
const STANDING = {
  draft: ['quiet', IconPencil],
  coming: ['info', IconClock],
  'in-force': ['ok', IconCircleCheck],
  retired: ['quiet', IconX],
} as const

/** The register: every record that the reader may see, with what is due. */
export function ActivitiesPage() {
  const { t } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const [text, setText] = useUrlText(search.text, value => url.change({ text: value }))
  const [wheel, setWheel] = useState(search.month !== undefined)
  const { actor } = useSession()
  const { own, decide, text: asked, ...filters } = url.filters
  const shown = {
    ...filters,
    ...(asked ? { search: asked } : {}),
    ...(own ? { own: 'true' as const } : {}),
    ...(decide ? { decide: 'true' as const } : {}),
  }
  const query = useCall(listActivities, { query: { ...shown, offset: url.offset, limit } }, { keep: true })
  const data = query.data
  return (
    <Page
      title={t('activities.title')}
      lead={t('activities.lead')}
      actions={
        <>
          <Button variant="default" aria-expanded={wheel} onClick={() => setWheel(!wheel)}>
            {t('activities.wheel')}
          </Button>
          {data && (
            <DocumentMenu
              which={data.counts.inForce > 0 ? (search.area ? { area: search.area } : {}) : undefined}
              filter={shown}
            />
          )}
          {data && <StartButtons allowed={data.allowed.start} />}
        </>
      }
    >
      {wheel && data && (
        <YearWheel wheel={data.wheel} chosen={search.month} onChoose={month => url.change({ month })} />
      )}
      <CoverageLine />
      <ListFrame
        query={query}
        url={url}
        limit={limit}
        caption={t('activities.caption')}
        columns={useColumns()}
        rowKey={row => row.id}
        search={{ label: t('activities.search'), value: text, onChange: setText }}
        filters={
          <>
            <Choice
              label={t('activities.area')}
              value={search.area}
              onChange={area => url.change({ area })}
              options={(data?.areas ?? []).map(value => ({ value, label: value }))}
            />
            <Choice
              label={t('activities.columns.standing')}
              value={search.standing}
              onChange={standing => url.change({ standing })}
              options={activityStanding.options.map(value => ({ value, label: t(`activities.standing.${value}`) }))}
            />
            <Choice
              label={t('activities.attentionLabel')}
              value={search.attention}
              onChange={attention => url.change({ attention })}
              options={activityAttention.options.map(value => ({ value, label: t(`activities.attention.${value}`) }))}
            />
            <Choice
              label={t('activities.kind')}
              value={search.kind}
              onChange={kind => url.change({ kind })}
              options={activityKind.options.map(value => ({ value, label: t(`activities.kinds.${value}`) }))}
            />
            <Toggle on={search.decide === true} onChange={on => url.change({ decide: on || undefined })}>
              {t('activities.decide')}
            </Toggle>
            {actor?.personId && (
              <Toggle on={search.own === true} onChange={on => url.change({ own: on || undefined })}>
                {t('activities.own')}
              </Toggle>
            )}
          </>
        }
        note={data && <p className="meta">{t('activities.counts', data.counts)}</p>}
        empty={<Empty title={t('activities.empty')} help={t('activities.emptyHelp')} />}
      />
    </Page>
  )
}

/** To read for everybody who sees the register. */
const CATALOGUE = '/activities/catalogue'
const STARTS = [
  { to: '/activities/import', text: 'registerTransfer.go' },
  { to: CATALOGUE, text: 'activities.fromCatalogue' },
  { to: '/activities/new?kind=processor', text: 'activities.newProcessor' },
  { to: '/activities/new', text: 'activities.new' },
] as const

/** Ways to begin a record. Who may not sees them all the same, greyed, and why. */
function StartButtons(props: { allowed: boolean }) {
  const { t } = useTexts()
  const variant = (to: string) => (to === '/activities/new' ? {} : ({ variant: 'default' } as const))
  if (props.allowed)
    return STARTS.map(({ to, text }) => (
      <Button key={to} component={Link} to={to} {...variant(to)}>
        {t(text)}
      </Button>
    ))
  return (
    <>
      {STARTS.map(({ to, text }) =>
        to === CATALOGUE ? (
          <Button key={to} component={Link} to={to} {...variant(to)}>
            {t(text)}
          </Button>
        ) : (
          <Button key={to} disabled title={t('activities.mayNotStart')} {...variant(to)}>
            {t(text)}
          </Button>
        ),
      )}
      <p className="meta no-print">{t('activities.mayNotStart')}</p>
    </>
  )
}

const isPast = (day: string | null): boolean => day !== null && day < dayOf(new Date().toISOString())

function useColumns(): Column<ActivityRow>[] {
  const { t, date } = useTexts()
  return [
    {
      key: 'name',
      width: '34%',
      label: t('activities.columns.name'),
      cell: row => (
        <>
          <Link to="/activities/$activityId" params={{ activityId: row.id }} className="link">
            {row.name}
          </Link>
          <div className="meta">
            {[row.ref, row.area, row.kind === 'processor' && t('activities.kinds.processor')]
              .filter(Boolean)
              .join(' · ')}
          </div>
          <div className="meta narrow-only">
            {[
              row.owner ? (row.owner.name ?? t('people.protectedPerson')) : t('activities.noOwner'),
              row.attestDue &&
                row.standing === 'in-force' &&
                `${isPast(row.attestDue) ? t('activities.overdue') : t('activities.columns.due')} ${date(row.attestDue)}`,
            ]
              .filter(Boolean)
              .join(' · ')}
          </div>
        </>
      ),
    },
    {
      key: 'standing',
      width: '17%',
      label: t('activities.columns.standing'),
      cell: row => {
        const [tone, icon] = STANDING[row.standing]
        return (
          <>
            <Status tone={tone} icon={icon} plain>
              {t(`activities.standing.${row.standing}`)}
            </Status>
            {row.open && row.standing !== 'draft' && (
              <div className="meta">
                {t(row.open.state === 'proposed' ? 'activities.openProposed' : 'activities.openDraft')}
              </div>
            )}
            {row.open?.state === 'proposed' && row.standing === 'draft' && (
              <div className="meta">{t('activities.openProposed')}</div>
            )}
            {row.attention.includes('unconfirmed') && (
              <div className="meta">{t('activities.attention.unconfirmed')}</div>
            )}
          </>
        )
      },
    },
    {
      key: 'owner',
      label: t('activities.columns.owner'),
      rank: 3,
      cell: row =>
        row.owner ? <PersonLink person={row.owner} /> : <span className="meta">{t('activities.noOwner')}</span>,
    },
    {
      key: 'units',
      label: t('activities.columns.units'),
      rank: 1,
      cell: row => row.units.map(unit => unit.name).join(', '),
    },
    { key: 'systems', label: t('activities.columns.systems'), rank: 2, number: true, cell: row => row.systems },
    {
      key: 'due',
      label: t('activities.columns.due'),
      rank: 3,
      cell: row => (
        <>
          {row.attestDue && row.standing === 'in-force' && <span className="nowrap">{date(row.attestDue)}</span>}
          {row.attention.includes('attest') && (
            <div>
              <Status tone="wait" icon={IconAlertTriangle} plain>
                {t(isPast(row.attestDue) ? 'activities.overdue' : 'activities.attention.attest')}
              </Status>
            </div>
          )}
          {row.followUpOn && (
            <div className="meta">
              {t('activities.next.label')} {date(row.followUpOn)}
            </div>
          )}
        </>
      ),
    },
  ]
}
