import { ActionIcon, Button, Menu } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconDots,
  IconPlayerPlay,
  IconTestPipe,
} from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { SourceRow } from '#contract/feeds.ts'
import { startRun } from '#contract/runs.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Status } from '../../ui/status.tsx'
import { runLook } from './run-state.tsx'
import classes from './source-card.module.css'

const health = {
  good: { tone: 'ok', icon: IconCircleCheck },
  delayed: { tone: 'wait', icon: IconClock },
  healing: { tone: 'wait', icon: IconClock },
  act: { tone: 'bad', icon: IconAlertTriangle },
  never: { tone: 'quiet', icon: IconClock },
} as const

/** A source: how fresh, how it fares, its last runs as a strip, and the two ways to read it. */
export function SourceCard(props: {
  source: SourceRow /** On its own screen, where its name stands above. */
  alone?: boolean
}) {
  const { t, language, ago } = useTexts()
  const may = useMay()
  const navigate = useNavigate()
  const { source } = props
  const start = useCommand(startRun, answer => {
    announce(t('sync.started'))
    if (answer.runId) void navigate({ to: '/sync/runs/$runId', params: { runId: answer.runId } })
  })
  const run = (dryRun: boolean) => start.mutate({ params: { sourceKey: source.key }, body: { dryRun } })
  const name = source.name[language]
  return (
    <article className={classes.card}>
      <div className={classes.head}>
        {!props.alone && (
          <h3 className={classes.name}>
            <Link to="/sync/sources/$sourceKey" params={{ sourceKey: source.key }} className="link">
              {name}
            </Link>
          </h3>
        )}
        <Status {...health[source.health]}>{t(`sync.health.${source.health}`)}</Status>
      </div>
      <p className="meta">
        {t(`sync.kind.${source.kind as 'csv'}`, { defaultValue: source.kind })} ·{' '}
        {source.readAt ? t('sync.lastRead', { when: ago(source.readAt) }) : t('sync.health.never')} ·{' '}
        {t('sync.records', { count: source.records })}
      </p>
      <p className="meta">
        {!source.declared ? t('sync.undeclared') : <Rhythm seconds={source.scheduleSeconds} />}
        {source.missing > 0 && ` · ${t('sync.missing', { count: source.missing })}`}
      </p>
      {start.error && <p className={classes.error}>{t(`problem.${problemOf(start.error).code}`)}</p>}
      <div className={classes.foot}>
        <RunStrip runs={source.lastRuns} />
        {may('run.start') && source.declared && (
          <span className={classes.actions}>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              loading={start.isPending}
              aria-label={`${t('sync.start')}: ${name}`}
              onClick={() => run(false)}
            >
              {t('sync.start')}
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon variant="default" size={30} aria-label={t('sync.actions', { name })}>
                  <IconDots size={16} aria-hidden />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<IconTestPipe size={16} aria-hidden />} onClick={() => run(true)}>
                  {t('sync.startDry')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </span>
        )}
      </div>
    </article>
  )
}

function Rhythm(props: { seconds: number | null }) {
  const { t } = useTexts()
  if (props.seconds === null) return <>{t('sync.manual')}</>
  const every =
    props.seconds >= 3600
      ? t('sync.hours', { count: Math.round(props.seconds / 3600) })
      : t('sync.minutes', { count: Math.round(props.seconds / 60) })
  return <>{t('sync.schedule', { every })}</>
}

function RunStrip(props: { runs: SourceRow['lastRuns'] }) {
  const { t, instant } = useTexts()
  if (props.runs.length === 0) return <span className="meta">{t('sync.noRuns')}</span>
  return (
    <ul className={classes.strip} aria-label={t('sync.lastRuns')}>
      {[...props.runs].reverse().map(run => {
        const Sign = runLook[run.state].icon
        const label = `${instant(run.startedAt)}: ${t(`sync.state.${run.state}`)}`
        return (
          <li key={run.id}>
            <Link
              to="/sync/runs/$runId"
              params={{ runId: run.id }}
              data-tone={runLook[run.state].tone}
              aria-label={label}
              title={label}
            >
              <Sign size={14} stroke={2.2} aria-hidden />
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
