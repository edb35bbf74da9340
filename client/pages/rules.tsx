import { Button } from '@mantine/core'
import { IconBan, IconDownload, IconHandStop, IconPlus, IconUpload } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { exportRules, listRules, listRulesChanges } from '#contract/rules.ts'
import { DraftList } from '../features/rules/editor/draft-list.tsx'
import { FindingWorklist } from '../features/rules/editor/finding-worklist.tsx'
import { RuleState } from '../features/rules/rule-state.tsx'
import { Validity } from '../features/rules/validity.tsx'
import { ViewTabs } from '../features/views/view-tabs.tsx'
import { call } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { saveFile } from '../lib/save-file.ts'
import { useMay } from '../lib/session.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Choice, Toggle } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/rules')
type Row = ResponseOf<typeof listRules>['rows'][number]
const limit = 50

export function RulesPage() {
  const { t, number } = useTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const may = useMay()
  const { sort = 'name', descending = false } = search
  const url = listUrl(search, navigate)
  const { change, offset } = url
  const { inverted, ...filters } = url.filters
  const [text, setText] = useUrlText(search.text, value => change({ text: value }))
  const query = useCall(
    listRules,
    {
      query: {
        ...filters,
        ...(inverted === undefined ? {} : { inverted: String(inverted) }),
        sort,
        descending: String(descending),
        offset,
        limit,
      },
    },
    { keep: true },
  )
  const changes = useCall(listRulesChanges)
  const waiting = changes.data?.rows.filter(row => row.state === 'held').length ?? 0
  const columns: Column<Row>[] = [
    {
      key: 'name',
      label: t('rules.columns.name'),
      sort: 'name',
      cell: row => (
        <>
          <Link to="/rules/$key" params={{ key: row.key }} className="link">
            {row.name}
          </Link>{' '}
          {row.inverted && (
            <Status tone="bad" icon={IconBan}>
              {t('rules.prohibition')}
            </Status>
          )}
        </>
      ),
    },
    { key: 'state', label: t('rules.columns.state'), rank: 3, cell: row => <RuleState state={row.state} plain /> },
    { key: 'owner', label: t('rules.columns.owner'), rank: 1, cell: row => row.owner },
    {
      key: 'gives',
      label: t('rules.columns.gives'),
      rank: 2,
      cell: row => (
        <span className="meta">
          {t('rules.gives', { entitlements: number(row.entitlements), roles: number(row.roles) })}
        </span>
      ),
    },
    {
      key: 'valid',
      label: t('rules.columns.valid'),
      sort: 'validTo',
      rank: 2,
      cell: row => (
        <span className="meta nowrap">
          <Validity from={null} to={row.validTo} />
        </span>
      ),
    },
    {
      key: 'caught',
      label: t('rules.columns.caught'),
      number: true,
      sort: 'caught',
      cell: row => (row.caught === null ? '' : number(row.caught)),
    },
  ]
  return (
    <Page
      title={t('rules.title')}
      lead={t('rules.lead')}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            onClick={() => void call(exportRules).then(answer => saveFile('hjemmel-rules.yaml', answer.yaml))}
          >
            {t('rules.export')}
          </Button>
          <Button component={Link} to="/rules/changes" variant="default">
            {t('changes.title')}
          </Button>
          {may('rule.import') && (
            <Button
              component={Link}
              to="/rules/import"
              variant="default"
              leftSection={<IconUpload size={18} aria-hidden />}
            >
              {t('rules.import')}
            </Button>
          )}
          {may('rule.change') && (
            <Button component={Link} to="/rules/new" leftSection={<IconPlus size={18} aria-hidden />}>
              {t('ruleDesk.create')}
            </Button>
          )}
        </>
      }
    >
      {waiting > 0 && (
        <Card tone="wait">
          <Status tone="wait" icon={IconHandStop} plain>
            {t('changes.banner', { count: waiting })}
          </Status>{' '}
          <Link to="/rules/changes" className="link">
            {t('changes.see')}
          </Link>
        </Card>
      )}
      <DraftList kind="rule" />
      <FindingWorklist />
      <ViewTabs screen="rules" search={search} onOpen={next => void navigate({ search: next as typeof search })} />
      <ListFrame
        query={query}
        caption={t('rules.caption')}
        columns={columns}
        rowKey={row => row.key}
        sort={{ by: sort, descending }}
        url={url}
        search={{ label: t('rules.search'), value: text, onChange: setText }}
        filters={
          <>
            <Choice
              label={t('rules.state')}
              value={search.state}
              onChange={state => change({ state })}
              options={(['active', 'draft', 'future', 'expired'] as const).map(value => ({
                value,
                label: t(`enum.ruleState.${value}`),
              }))}
            />
            <Toggle on={inverted === true} onChange={on => change({ inverted: on || undefined })}>
              {t('rules.inverted')}
            </Toggle>
          </>
        }
        limit={limit}
        empty={<Empty title={t('rules.empty')} help={t('rules.emptyHelp')} />}
      />
    </Page>
  )
}
