import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { RunDetail } from '#contract/feeds.ts'
import { retryRun } from '#contract/runs.ts'
import { directoryTrouble } from '#contract/source-trials.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { SaidText } from '../../ui/said-text.tsx'

/** Why a run did not come to its end, whether that passes by itself, and trying once more. */
export function RunEnding(props: { run: RunDetail }) {
  const { t, instant } = useTexts()
  const { run } = props
  if (!run.error) return null
  const heals = run.ends === 'heals'
  const trouble = directoryTrouble.safeParse(run.error.why).data
  return (
    <Alert
      color={heals ? 'yellow' : 'red'}
      icon={heals ? <IconRefresh size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
      title={t(heals ? 'sync.incompleteTitle' : 'sync.failedTitle')}
    >
      <div className="stack">
        <p>
          {t(heals ? 'sync.incompleteHelp' : 'sync.failedHelp')}{' '}
          {heals &&
            run.retry?.at &&
            t('sync.retryAt', { when: instant(run.retry.at), n: run.retry.failures, most: run.retry.most })}
        </p>
        {trouble && <p>{t(`trouble.${trouble}`)}</p>}
        <p>
          <SaidText said={run.error.said} detail={run.error.detail} />
        </p>
        <RetryRun run={run} />
      </div>
    </Alert>
  )
}

export function RetryRun(props: { run: RunDetail }) {
  const { t } = useTexts()
  const may = useMay()
  const navigate = useNavigate()
  const retry = useCommand(retryRun, answer => {
    announce(t('sources.retried'))
    void navigate({ to: '/sync/runs/$runId', params: { runId: answer.runId } })
  })
  if (!props.run.mayRetry || !may('run.start')) return null
  return (
    <div>
      <Button
        variant="default"
        size="xs"
        loading={retry.isPending}
        onClick={() => retry.mutate({ params: { runId: props.run.id } })}
      >
        {t('sources.retry')}
      </Button>
      {retry.error && <p role="alert">{t(`problem.${problemOf(retry.error).code}`)}</p>}
    </div>
  )
}
