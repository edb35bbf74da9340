import { Button, TextInput } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { getSheet } from '#contract/catalogue.ts'
import { SHEET_GROUPS } from '#contract/sheet.ts'
import { SheetGroup } from '../features/systems/sheet-group.tsx'
import { SheetHistory } from '../features/systems/sheet-history.tsx'
import type { SheetAnswer } from '../features/systems/sheet-value.tsx'
import { SystemTabs } from '../features/systems/system-tabs.tsx'
import classes from '../features/systems/systems.module.css'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/systems/$systemId/sheet')

export function SystemSheetPage() {
  const { t, date } = useTexts()
  const { systemId } = route.useParams()
  const { at } = route.useSearch()
  const navigate = route.useNavigate()
  // A day as people mean it: as it stood when the day was over.
  const query = useCall(getSheet, {
    params: { systemId },
    query: at ? { at: new Date(`${at}T23:59:59`).toISOString() } : {},
  })
  const sheet = query.data
  return (
    <Page
      title={sheet ? t('catalogue.sheetOf', { name: sheet.system.name }) : t('catalogue.sheet')}
      section={t('systems.title')}
      lead={t('catalogue.lead')}
      waiting={!sheet}
      crumbs={[
        { label: t('systems.title'), to: '/systems' },
        ...(sheet ? [{ label: sheet.system.name, to: '/systems/$systemId', params: { systemId } }] : []),
      ]}
      actions={
        sheet?.allowed.change && (
          <Button component={Link} to={`/systems/${systemId}/attest`} variant="default">
            {t('catalogue.attest.go')}
          </Button>
        )
      }
    >
      <SystemTabs systemId={systemId} at="sheet" />
      <div className={classes.asOf}>
        <TextInput
          type="date"
          label={t('catalogue.asOf')}
          value={at ?? ''}
          {...(sheet ? { max: sheet.today } : {})}
          onChange={event => void navigate({ search: { at: event.currentTarget.value || undefined }, replace: true })}
        />
        {at && (
          <Button variant="default" onClick={() => void navigate({ search: {}, replace: true })}>
            {t('catalogue.asOfNow')}
          </Button>
        )}
      </div>
      {at && <p role="status">{t('catalogue.asOfShown', { when: date(at) })}</p>}
      <Answer query={query}>
        {found => (
          <>
            <Attested sheet={found} />
            <SheetGroups sheet={found} refresh={() => void query.refetch()} />
          </>
        )}
      </Answer>
      <SheetHistory systemId={systemId} />
    </Page>
  )
}

export function SheetGroups(props: { sheet: SheetAnswer; refresh: () => void }) {
  return (
    <div className={classes.stack}>
      {SHEET_GROUPS.map(group => (
        <SheetGroup key={`${group}${props.sheet.system.id}`} group={group} {...props} />
      ))}
    </div>
  )
}

function Attested(props: { sheet: SheetAnswer }) {
  const { t, ago, date } = useTexts()
  const { attestations, attestDue, today } = props.sheet
  const [last] = attestations
  return (
    <p className="meta">
      {last ? t('catalogue.confirmed', { when: ago(last.at), by: last.by ?? '–' }) : t('catalogue.neverConfirmed')}
      {attestDue && ` · ${t(attestDue < today ? 'catalogue.overdue' : 'catalogue.nextDue', { date: date(attestDue) })}`}
    </p>
  )
}
