import { Button, Group } from '@mantine/core'
import { IconCircleCheck, IconCircleOff, IconClock, IconHourglass } from '@tabler/icons-react'
import type { getRetention } from '#contract/compliance.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'

export type Run = ResponseOf<typeof getRetention>['runs'][number]
const SIGN = {
  waiting: { tone: 'wait', icon: IconClock },
  running: { tone: 'info', icon: IconHourglass },
  done: { tone: 'ok', icon: IconCircleCheck },
  refused: { tone: 'quiet', icon: IconCircleOff },
} as const

/** What was let go, when, by whom and why; what waits for a second person. */
export function RetentionRuns(props: { runs: readonly Run[]; onDecide: (what: 'agree' | 'refuse', run: Run) => void }) {
  const { t, number, instant } = useTexts()
  const columns: Column<Run>[] = [
    { key: 'at', label: t('compliance.runColumns.at'), cell: run => instant(run.askedAt) },
    {
      key: 'who',
      label: t('compliance.runColumns.who'),
      rank: 2,
      cell: run => (
        <div>
          {run.askedBy ?? t('compliance.night')}
          {run.reason && <div className="meta">{run.reason}</div>}
        </div>
      ),
    },
    {
      key: 'what',
      label: t('compliance.runColumns.what'),
      rank: 3,
      cell: run =>
        run.parts
          .filter(part => part.due > 0)
          .map(part => t(`compliance.row.${part.row}`))
          .join(', '),
    },
    {
      key: 'gone',
      label: t('compliance.runColumns.gone'),
      cell: run => t('compliance.goneOf', { gone: number(run.gone), due: number(run.due) }),
    },
    {
      key: 'state',
      label: t('compliance.runColumns.state'),
      cell: run => (
        <div>
          <Status {...SIGN[run.state]}>{t(`compliance.state.${run.state}`)}</Status>
          {run.decision && (
            <div className="meta">
              {run.decidedBy}: {run.decision}
            </div>
          )}
        </div>
      ),
    },
    ...(props.runs.some(run => run.allowed.refuse)
      ? [
          {
            key: 'act',
            label: t('compliance.runColumns.act'),
            cell: (run: Run) =>
              run.allowed.refuse && (
                <Group gap={8}>
                  {run.allowed.agree && (
                    <Button size="compact-sm" onClick={() => props.onDecide('agree', run)}>
                      {t('compliance.agree')}
                    </Button>
                  )}
                  <Button size="compact-sm" variant="default" onClick={() => props.onDecide('refuse', run)}>
                    {t('compliance.refuse')}
                  </Button>
                </Group>
              ),
          },
        ]
      : []),
  ]
  return (
    <DataTable
      caption={t('compliance.runs')}
      columns={columns}
      rows={props.runs}
      rowKey={run => run.id}
      empty={<Empty title={t('compliance.runsEmpty')} />}
      cards
    />
  )
}
