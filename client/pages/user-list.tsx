import { Alert } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { getUserList, type UserList } from '#contract/user-lists.ts'
import { SystemTabs } from '../features/systems/system-tabs.tsx'
import { NamesCard } from '../features/user-list/names-card.tsx'
import { SendCard } from '../features/user-list/send-card.tsx'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card, Facts } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { SaidText } from '../ui/said-text.tsx'
import { Empty, Failure, Waiting } from '../ui/states.tsx'

const route = getRouteApi('/app/systems/$systemId/user-list')

/** A system's own list of users: how old it is, sending in the next one, and what its names mean. */
export function UserListPage() {
  const { t } = useTexts()
  const { systemId } = route.useParams()
  const query = useCall(getUserList, { params: { systemId } })
  const { data: list } = query
  const crumbs = [
    { label: t('systems.title'), to: '/systems' },
    ...(list ? [{ label: list.system.name, to: '/systems/$systemId', params: { systemId } }] : []),
  ]
  return (
    <Page
      title={list ? `${t('userList.title')}: ${list.system.name}` : t('userList.title')}
      section={t('systems.title')}
      lead={t('userList.lead')}
      crumbs={crumbs}
      waiting={!list}
    >
      <SystemTabs systemId={systemId} at="userList" />
      {list ? (
        <UserListScreen list={list} />
      ) : query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Waiting />
      )}
    </Page>
  )
}

function UserListScreen(props: { list: UserList }) {
  const { t } = useTexts()
  const may = useMay()
  const { list } = props
  const waits = list.lastRun && (list.lastRun.state === 'held' || list.lastRun.state === 'rejected')
  return (
    <>
      {waits && list.lastRun && (
        <Alert color="yellow" title={t('userList.heldRun')}>
          {may('run.read') ? (
            <Link to="/sync/runs/$runId" params={{ runId: list.lastRun.id }} className="link">
              {t('userList.seeRun')}
            </Link>
          ) : (
            t('userList.askIt')
          )}
        </Alert>
      )}
      <Now list={list} />
      {list.may.change ? (
        <SendCard list={list} />
      ) : (
        <p className="dim">{t(list.fileOwned ? 'userList.fileOwned' : 'userList.mayNot')}</p>
      )}
      <NamesCard list={list} />
      <Files list={list} />
    </>
  )
}

function Now(props: { list: UserList }) {
  const { t, ago, number } = useTexts()
  const { counts, folder, path, readAt, reading, stale } = props.list
  return (
    <Card title={t('userList.now')}>
      <Facts
        facts={[
          {
            label: t('userList.readAt'),
            value: readAt ? ago(readAt) : t('userList.never'),
            note: readAt && stale ? t('userList.late') : undefined,
          },
          {
            label: t('userList.every'),
            value: reading?.everyDays ? t('userList.everyDays', { count: reading.everyDays }) : t('userList.everyNone'),
          },
          {
            label: t('userList.accounts'),
            value: number(counts.accounts),
            note: counts.unlinked > 0 ? t('userList.unlinked', { count: counts.unlinked }) : undefined,
          },
          {
            label: t('userList.rights'),
            value: number(counts.rights),
            note: counts.waiting > 0 ? t('userList.waiting', { count: counts.waiting }) : undefined,
          },
          {
            ...(path
              ? { label: t('userList.path'), value: <code style={{ overflowWrap: 'anywhere' }}>{path}</code> }
              : {
                  label: t('userList.folder'),
                  value: folder ? <code style={{ overflowWrap: 'anywhere' }}>{folder}</code> : t('userList.noFolder'),
                  note: folder && props.list.source ? t('userList.folderNote') : undefined,
                }),
          },
        ]}
      />
    </Card>
  )
}

function Files(props: { list: UserList }) {
  const { t, ago } = useTexts()
  const may = useMay()
  return (
    <section className="stack">
      <h2 className="section">{t('userList.files')}</h2>
      <DataTable
        caption={t('userList.filesCaption')}
        columns={[
          {
            key: 'name',
            label: t('userList.fileName'),
            cell: row =>
              row.runId && may('run.read') ? (
                <Link to="/sync/runs/$runId" params={{ runId: row.runId }} className="link">
                  {row.name}
                </Link>
              ) : (
                row.name
              ),
          },
          { key: 'at', label: t('userList.fileAt'), rank: 2, cell: row => ago(row.at) },
          {
            key: 'state',
            label: t('userList.fileState'),
            cell: row => (
              <>
                {t(`userList.fileStates.${row.state}`)}
                {row.reason && row.state === 'set-aside' && (
                  <div className="meta">
                    <SaidText said={row.reason.said} detail={row.reason.detail} />
                  </div>
                )}
              </>
            ),
          },
        ]}
        rows={props.list.files}
        rowKey={row => `${row.name}${row.at}`}
        empty={<Empty title={t('userList.noFiles')} />}
      />
    </section>
  )
}
