import { Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listDecisions, undoSettle } from '#contract/findings.ts'
import { lastDay } from '../lib/formats.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { type Texts, useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import type { Column } from '../ui/data-table.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/findings/decisions')
const limit = 50
type Row = ResponseOf<typeof listDecisions>['rows'][number]

/** What was decided about many findings in one go, and undoing it: also after a while, and by whoever may decide about all of it. */
export function FindingsDecisionsPage() {
  const texts = useTexts()
  const { t, number, instant } = texts
  const url = listUrl(route.useSearch(), route.useNavigate(), { stay: true })
  const query = useCall(listDecisions, { query: { offset: url.offset, limit } }, { keep: true })
  const undo = useCommand(undoSettle, () => announce(t('findings.undone')))
  const columns: Column<Row>[] = [
    { key: 'when', label: t('findings.decision.when'), cell: row => <span className="nowrap">{instant(row.at)}</span> },
    { key: 'who', label: t('findings.decision.who'), rank: 1, cell: row => row.by ?? t('findings.bySystem') },
    { key: 'what', label: t('findings.decision.what'), cell: row => <What row={row} texts={texts} /> },
    { key: 'why', label: t('findings.decision.why'), rank: 2, cell: row => row.reason ?? '' },
    {
      key: 'count',
      label: t('findings.decision.count'),
      number: true,
      cell: row => (
        <Link to="/findings" search={{ batch: row.batchId }} className="link">
          {number(row.count)}
        </Link>
      ),
    },
    { key: 'left', label: t('findings.decision.left'), number: true, rank: 2, cell: row => number(row.left) },
    {
      key: 'undo',
      label: t('findings.decision.undo'),
      cell: row =>
        row.mayUndo ? (
          <Button
            size="xs"
            variant="default"
            loading={undo.isPending && undo.variables?.params?.batchId === row.batchId}
            aria-label={`${t('findings.undo')}: ${instant(row.at)}`}
            onClick={() => !undo.isPending && undo.mutate({ params: { batchId: row.batchId } })}
          >
            {t('findings.undo')}
          </Button>
        ) : (
          <span className="meta">{t(row.left > 0 ? 'findings.decision.mayNot' : 'findings.decision.gone')}</span>
        ),
    },
  ]
  return (
    <Page
      title={t('findings.decisions')}
      section={t('findings.title')}
      lead={t('findings.decisionsLead')}
      crumbs={[{ label: t('findings.title'), to: '/findings' }]}
    >
      <ListFrame
        query={query}
        caption={t('findings.decisions')}
        columns={columns}
        rowKey={row => row.batchId}
        url={{ ...url, filtered: false }}
        limit={limit}
        filters={null}
        empty={<Empty title={t('findings.decisionsNone')} />}
      />
    </Page>
  )
}

function What({ row, texts }: { row: Row; texts: Texts }) {
  const { t, date } = texts
  return (
    <>
      {t(row.action === 'assigned' ? 'findings.history.assigned' : `findings.action.${row.action}`)}
      {row.to && ` ${t('findings.decision.to', { name: row.to.name ?? t('findings.protectedPerson') })}`}
      {row.until && (
        <div className="meta">
          {t('findings.until')} {date(lastDay(row.until))}
        </div>
      )}
    </>
  )
}
