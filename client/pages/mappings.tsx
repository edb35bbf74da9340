import { Button, Code, Group } from '@mantine/core'
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { mappingIssue, mappingOrigin } from '#contract/lists.ts'
import { listMappingConflicts, listMappings } from '#contract/mappings.ts'
import { ChangePreview } from '../features/mappings/change-preview.tsx'
import { type Mapping, MappingForm } from '../features/mappings/mapping-form.tsx'
import { MappingTabs } from '../features/mappings/mapping-tabs.tsx'
import { UndoLine } from '../features/mappings/undo-line.tsx'
import { type Step, useMappingChange } from '../features/mappings/use-mapping-change.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/group-mappings')
const limit = 50

/** Which groups give which rights, in the order in which the mappings are asked, and what is wrong with them. */
export function MappingsPage() {
  const { t, number, instant } = useTexts()
  const may = useMay()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const [text, setText] = useUrlText(search.text, value => url.change({ text: value }))
  const query = useCall(listMappings, { query: { ...url.filters, offset: url.offset, limit } }, { keep: true })
  const [editing, setEditing] = useState<Mapping | 'new' | null>(null)
  const [preview, setPreview] = useState<{ title: string; steps: Step[] } | null>(null)
  const change = useMappingChange()
  const mayChange = query.data?.allowed.change ?? false
  const issues = query.data?.issues
  const columns: Column<Mapping>[] = [
    {
      key: 'pattern',
      label: t('mappings.columns.pattern'),
      cell: row => (
        <>
          <Code>{row.pattern}</Code>
          {row.off && (
            <div className="meta" title={t('mapping.offHelp')}>
              {t('mapping.off')}
            </div>
          )}
        </>
      ),
    },
    { key: 'source', label: t('mappings.columns.source'), rank: 2, cell: row => row.source },
    { key: 'entitlement', label: t('mappings.columns.entitlement'), cell: row => row.entitlement },
    { key: 'caught', label: t('mapping.fits'), number: true, rank: 1, cell: row => number(row.caught) },
    { key: 'groups', label: t('mappings.columns.groups'), number: true, rank: 3, cell: row => number(row.groups) },
    { key: 'holders', label: t('mappings.columns.holders'), number: true, cell: row => number(row.holders) },
    {
      key: 'issues',
      label: t('mapping.columns.issues'),
      rank: 3,
      cell: row =>
        row.issues.map(issue => (
          <Status key={issue} tone="wait" icon={IconAlertTriangle} title={t(`mapping.issueHelp.${issue}`)} plain>
            {t(`mapping.issues.${issue}`)}
          </Status>
        )),
    },
    {
      key: 'origin',
      label: t('mapping.columns.origin'),
      rank: 2,
      cell: row => (
        <span title={t(`mapping.originHelp.${row.origin}`)}>
          {t(`mapping.origins.${row.origin}`)}
          {row.changedBy && row.changedAt && (
            <div className="meta">{t('mapping.by', { who: row.changedBy, when: instant(row.changedAt) })}</div>
          )}
        </span>
      ),
    },
    ...(mayChange
      ? [
          {
            key: 'actions',
            label: t('mapping.columns.actions'),
            cell: (row: Mapping) => (
              <Group gap={6} wrap="nowrap">
                {row.off ? (
                  <Button
                    variant="default"
                    size="xs"
                    aria-label={t('mapping.restoreOf', { name: row.pattern })}
                    onClick={() =>
                      setPreview({
                        title: t('mapping.restoreOf', { name: row.pattern }),
                        steps: [{ do: 'restore', mapping: row.id }],
                      })
                    }
                  >
                    {t('mapping.restore')}
                  </Button>
                ) : (
                  <>
                    <Button
                      variant="default"
                      size="xs"
                      aria-label={`${t('mapping.editShort')}: ${row.pattern}`}
                      onClick={() => setEditing(row)}
                    >
                      {t('mapping.editShort')}
                    </Button>
                    <Button
                      variant="default"
                      size="xs"
                      aria-label={t('mapping.removeOf', { name: row.pattern })}
                      onClick={() =>
                        setPreview({
                          title: t('mapping.removeOf', { name: row.pattern }),
                          steps: [{ do: 'remove', mapping: row.id }],
                        })
                      }
                    >
                      {t('mapping.remove')}
                    </Button>
                  </>
                )}
              </Group>
            ),
          },
        ]
      : []),
  ]
  const unmapped = query.data?.unmappedGroups ?? 0
  return (
    <Page
      title={t('mappings.title')}
      lead={t('mappings.lead')}
      actions={
        mayChange && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEditing('new')}>
            {t('mapping.new')}
          </Button>
        )
      }
    >
      <MappingTabs at="list" />
      {!preview && !editing && <UndoLine change={change} />}
      <ListFrame
        query={query}
        caption={t('mappings.caption')}
        columns={columns}
        rowKey={row => row.id}
        url={url}
        search={{ label: t('mappings.search'), value: text, onChange: setText }}
        filters={
          <>
            <Choice
              label={t('mapping.issue')}
              value={search.issue}
              onChange={issue => url.change({ issue })}
              options={mappingIssue.options.map(value => ({
                value,
                label: `${t(`mapping.issues.${value}`)}${issues ? ` (${number(issues[value])})` : ''}`,
              }))}
            />
            <Choice
              label={t('mapping.origin')}
              value={search.origin}
              onChange={origin => url.change({ origin })}
              options={mappingOrigin.options.map(value => ({ value, label: t(`mapping.origins.${value}`) }))}
            />
          </>
        }
        limit={limit}
        note={
          unmapped > 0 && (
            <p className="dim">
              {t('mappings.unmapped', { count: unmapped })}{' '}
              {may('mapping.read') && (
                <Link to="/group-mappings/desk" className="link">
                  {t('mapping.deskLink')}
                </Link>
              )}
            </p>
          )
        }
        empty={<Empty title={t('mappings.empty')} />}
      />
      {search.issue === 'conflict' && <Conflicts />}
      {editing && (
        <MappingForm
          mapping={editing === 'new' ? null : editing}
          sources={query.data?.sources ?? []}
          change={change}
          onClose={() => setEditing(null)}
        />
      )}
      {preview && (
        <ChangePreview {...preview} change={change} said={t('mapping.changed')} onClose={() => setPreview(null)} />
      )}
    </Page>
  )
}

function Conflicts() {
  const { t } = useTexts()
  const query = useCall(listMappingConflicts, { query: { limit: 50 } })
  if (!query.data || query.data.rows.length === 0) return null
  return (
    <Card title={t('mapping.conflicts')} flush>
      <DataTable
        caption={t('mapping.conflictsCaption')}
        rows={query.data.rows}
        rowKey={row => `${row.group.id}${row.loses.mapping}`}
        columns={[
          { key: 'group', label: t('mapping.conflictColumns.group'), cell: row => row.group.name },
          {
            key: 'wins',
            label: t('mapping.conflictColumns.wins'),
            cell: row => `${row.wins.pattern}: ${row.wins.entitlement}`,
          },
          {
            key: 'loses',
            label: t('mapping.conflictColumns.loses'),
            cell: row => `${row.loses.pattern}: ${row.loses.entitlement}`,
          },
        ]}
        empty={null}
      />
    </Card>
  )
}
