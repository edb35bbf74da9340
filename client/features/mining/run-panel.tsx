import { Alert, Button, Group, Progress, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import type { MiningRunPage } from '#contract/mining.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card, Facts } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/states.tsx'
import classes from './mining.module.css'

/** A search: how far it is, or what came of it and what stays outside. */
export function RunPanel(props: {
  page: MiningRunPage
  busy: boolean
  problem: string | null
  onStop: () => void
  onAgain: () => void
}) {
  const { t, ago } = useTexts()
  const { page } = props
  const { run, matrix, result, may } = page
  return (
    <Card
      title={t(`mining.state.${run.state}`)}
      aside={<span className="meta">{`${t('mining.by', { who: run.startedBy })}, ${ago(run.startedAt)}`}</span>}
    >
      <Stack gap={12}>
        {props.problem && (
          <p role="alert" className={classes.wrong}>
            {props.problem}
          </p>
        )}
        {run.state === 'running' && <Running page={page} />}
        {run.state === 'running' && matrix && (
          <p className="dim">
            {t('mining.about', { people: matrix.people, rights: matrix.rights, held: matrix.held })}
          </p>
        )}
        {(run.state === 'failed' || run.state === 'interrupted') && (
          <Alert color="yellow">{t(`mining.stateHelp.${run.state}`)}</Alert>
        )}
        {run.state === 'stopped' && !result && <Alert color="yellow">{t('mining.stateHelp.stoppedEarly')}</Alert>}
        {result && <Result page={page} result={result} />}
        {may.run && (
          <Group gap={8}>
            {run.state === 'running' ? (
              <Button variant="default" loading={props.busy} onClick={props.onStop}>
                {t('mining.stop')}
              </Button>
            ) : (
              <Button variant="default" size="xs" loading={props.busy} onClick={props.onAgain}>
                {t('mining.again')}
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Card>
  )
}

function Running({ page }: { page: MiningRunPage }) {
  const { t, percent } = useTexts()
  const { progress } = page
  if (!progress) return null
  return (
    <div>
      <p className={classes.phase}>{`${t(`mining.phase.${progress.phase}`)}: ${percent(progress.done)}`}</p>
      <Progress value={progress.done * 100} aria-label={t('mining.progress')} />
      {progress.roles !== null && progress.complexity !== null && (
        <p className="meta">{t('mining.soFar', { roles: progress.roles, complexity: progress.complexity })}</p>
      )}
    </div>
  )
}

type Result = NonNullable<MiningRunPage['result']>
type Left = Result['deviation'][number]

function Result({ page, result }: { page: MiningRunPage; result: Result }) {
  const { t, number } = useTexts()
  const { matrix } = page
  const facts: { label: string; value: ReactNode; note?: ReactNode }[] = [
    { label: t('mining.facts.roles'), value: number(result.roles) },
    {
      label: t('mining.facts.toKeep'),
      value: number(result.complexity),
      note: t('mining.facts.toKeepNote', { direct: result.direct }),
    },
    {
      label: t('mining.facts.left'),
      value: result.left === 0 ? t('mining.facts.leftNone') : t('mining.facts.leftSome', { count: result.left }),
    },
    ...(matrix
      ? [
          {
            label: t('mining.facts.held'),
            value: t('mining.facts.heldValue', { holders: matrix.holders, held: matrix.held, rights: matrix.rights }),
          },
        ]
      : []),
  ]
  const columns: Column<Left>[] = [
    { key: 'right', label: t('mining.columns.right'), cell: row => row.name },
    { key: 'system', label: t('mining.columns.system'), cell: row => row.system },
    { key: 'people', label: t('mining.columns.people'), number: true, cell: row => number(row.people) },
  ]
  return (
    <>
      {result.roles > 0 && <p className={classes.verdict}>{t(`mining.structure.${result.structure}`)}</p>}
      <Facts columns facts={facts} />
      {result.fewest && <p className="meta">{t('mining.fewest')}</p>}
      {result.rejectedBefore > 0 && (
        <p className="meta">{t('mining.rejectedBefore', { count: result.rejectedBefore })}</p>
      )}
      {result.deviation.length > 0 && (
        <details>
          <summary>{t('mining.deviation')}</summary>
          <DataTable
            caption={t('mining.deviationCaption')}
            columns={columns}
            rows={result.deviation}
            rowKey={row => row.entitlement}
            empty={<Empty title={t('mining.facts.leftNone')} />}
          />
        </details>
      )}
    </>
  )
}
