import { Button } from '@mantine/core'
import { useState } from 'react'
import { getSheetHistory, undoSheets } from '#contract/catalogue.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Pager } from '../../ui/pager.tsx'
import { Answer } from '../../ui/states.tsx'
import classes from './systems.module.css'
import { changeLines, undoneText } from './value-text.ts'

const limit = 20
type Version = ResponseOf<typeof getSheetHistory>['rows'][number]

/** Every change of a sheet; one of many systems at once can be taken back from here, however long ago. */
export function SheetHistory(props: { systemId: string }) {
  const words = useTexts()
  const { t, instant } = words
  const [offset, setOffset] = useState(0)
  const [asked, setAsked] = useState<Version | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const undo = useCommand(undoSheets, answer => {
    const text = undoneText(words, answer)
    setAsked(null)
    setSaid(text)
    announce(text)
  })
  const query = useCall(getSheetHistory, { params: props, query: { offset, limit } }, { keep: true })
  const columns: Column<Version>[] = [
    {
      key: 'at',
      label: t('catalogue.historyColumns.at'),
      cell: row => <span className="nowrap">{instant(row.at)}</span>,
    },
    {
      key: 'who',
      label: t('catalogue.historyColumns.who'),
      cell: row => (
        <>
          {t(`catalogue.historyOrigin.${row.origin}`, { source: row.source ?? '–', by: row.by ?? '–' })}
          {row.undo && (
            <div>
              <Button variant="default" size="xs" className="wraps" onClick={() => setAsked(row)}>
                {t('catalogue.bulk.undoAll', { count: row.undo.systems })}
              </Button>
            </div>
          )}
        </>
      ),
    },
    {
      key: 'what',
      label: t('catalogue.historyColumns.what'),
      cell: row =>
        row.changes.length === 0 ? (
          t('catalogue.created')
        ) : (
          <ul className={classes.list}>
            {row.changes
              .flatMap(one => changeLines(words, one))
              .map(({ key, what, before, after }) => (
                <li key={key}>{t('catalogue.change', { field: what, before, after })}</li>
              ))}
          </ul>
        ),
    },
    { key: 'reason', label: t('catalogue.historyColumns.reason'), rank: 2, cell: row => row.reason },
  ]
  return (
    <Card title={t('catalogue.history')} flush>
      {said && (
        <p role="status" style={{ padding: '0 16px' }}>
          {said}
        </p>
      )}
      <Answer query={query}>
        {found => (
          <>
            <DataTable
              caption={t('catalogue.historyCaption')}
              columns={columns}
              rows={found.rows}
              rowKey={row => String(row.version)}
              empty={null}
            />
            {found.total > limit && (
              <Pager
                offset={offset}
                limit={limit}
                total={found.total}
                onMove={setOffset}
                of={t('catalogue.historyCaption')}
              />
            )}
          </>
        )}
      </Answer>
      {asked?.undo && (
        <Confirm
          title={t('catalogue.bulk.undoAll', { count: asked.undo.systems })}
          verb={t('catalogue.bulk.undo')}
          cancel={t('do.cancel')}
          busy={undo.isPending}
          error={undo.isError ? t(`problem.${problemOf(undo.error).code}`) : null}
          onConfirm={() => asked.undo && undo.mutate({ params: { batch: asked.undo.batch }, body: {} })}
          onClose={() => {
            undo.reset()
            setAsked(null)
          }}
        >
          <p>{t('catalogue.bulk.undoHelp', { when: instant(asked.at), by: asked.by ?? '–' })}</p>
          <ul className={classes.list}>
            {asked.changes
              .flatMap(one => changeLines(words, one))
              .map(({ key, what, before, after }) => (
                <li key={key}>{t('catalogue.change', { field: what, before: after, after: before })}</li>
              ))}
          </ul>
        </Confirm>
      )}
    </Card>
  )
}
