import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type AnnouncementRow, listAnnouncements } from '#contract/announcements.ts'
import { announcementState } from '#contract/lists.ts'
import { ExpectedState } from '../features/expected/expected-state.tsx'
import { useExpectedWords } from '../features/expected/expected-words.ts'
import { lastDay } from '../lib/formats.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from '../ui/data-table.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/sync/expected')
const limit = 50

export function ExpectedPage() {
  const { t, language, date, number } = useTexts()
  const may = useMay()
  const words = useExpectedWords()
  const url = listUrl(route.useSearch(), route.useNavigate())
  const query = useCall(listAnnouncements, { query: { ...url.filters, offset: url.offset, limit } }, { keep: true })
  const columns: Column<AnnouncementRow>[] = [
    {
      key: 'what',
      label: t('expected.columns.what'),
      cell: row => (
        <Link to="/sync/expected/$announcementId" params={{ announcementId: row.id }} className="link">
          {row.reason}
        </Link>
      ),
    },
    { key: 'source', label: t('expected.columns.source'), rank: 2, cell: row => row.sourceName[language] },
    {
      key: 'period',
      label: t('expected.columns.period'),
      rank: 3,
      cell: row => (
        <span className="meta">
          {t('expected.period', { from: date(row.startsOn), to: date(lastDay(row.endsOn)) })}
        </span>
      ),
    },
    {
      key: 'expected',
      label: t('expected.columns.expected'),
      rank: 1,
      cell: row => (
        <span className="meta">
          {row.expected
            .slice(0, 2)
            .map(line => `${words(line)} (${number(line.least)}-${number(line.most)})`)
            .join('; ')}
          {row.expected.length > 2 && ' …'}
        </span>
      ),
    },
    { key: 'state', label: t('expected.columns.state'), cell: row => <ExpectedState state={row.state} plain /> },
  ]
  return (
    <Page
      title={t('expected.title')}
      section={t('sync.title')}
      lead={t('expected.lead')}
      crumbs={[{ label: t('sync.title'), to: '/sync' }]}
      actions={
        may('run.approve') && (
          <Button component={Link} to="/sync/expected/new" leftSection={<IconPlus size={18} aria-hidden />}>
            {t('expected.new')}
          </Button>
        )
      }
    >
      <ListFrame
        query={query}
        url={url}
        limit={limit}
        caption={t('expected.caption')}
        columns={columns}
        rowKey={row => row.id}
        filters={
          <Choice
            label={t('expected.stateLabel')}
            value={url.filters.state}
            onChange={state => url.change({ state })}
            options={announcementState.options.map(value => ({ value, label: t(`expected.state.${value}`) }))}
          />
        }
        empty={<Empty title={t('expected.none')} help={t('expected.noneHelp')} />}
      />
    </Page>
  )
}
