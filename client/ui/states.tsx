import { Button, Skeleton, Stack } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconInbox, IconLock, IconPlugConnectedX } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type ProblemError, problemOf } from '../lib/call.ts'
import { useTexts } from '../texts/i18n.ts'
import classes from './states.module.css'

/** Says why there is nothing, and one thing to do. */
export function Empty(props: { title: string; help?: string; good?: boolean; action?: ReactNode }) {
  const Sign = props.good ? IconCircleCheck : IconInbox
  return (
    <div className={classes.state} data-good={props.good || undefined}>
      <Sign size={28} stroke={1.5} aria-hidden />
      <p className={classes.title}>{props.title}</p>
      {props.help && <p className={classes.help}>{props.help}</p>}
      {props.action}
    </div>
  )
}

export function Failure(props: { error: unknown; retry?: () => void }) {
  const { t } = useTexts()
  const problem = problemOf(props.error)
  const offline = problem.status === 0
  const denied = problem.code === 'not-allowed'
  const Sign = offline ? IconPlugConnectedX : denied ? IconLock : IconAlertTriangle
  const title = offline
    ? t('error.offline')
    : denied
      ? t('error.notAllowedTitle')
      : problem.code === 'not-found'
        ? t('error.notFoundTitle')
        : t('error.title')
  const help = offline
    ? t('error.offlineHelp')
    : denied
      ? t('error.notAllowedHelp')
      : problem.code === 'not-found'
        ? t('error.notFoundHelp')
        : t(`problem.${problem.code}`)
  const final = denied || problem.code === 'not-found'
  return (
    <div className={classes.state} role="alert">
      <Sign size={28} stroke={1.5} aria-hidden />
      <p className={classes.title}>{title}</p>
      <p className={classes.help}>{help}</p>
      {final ? (
        <Button component={Link} to="/" variant="default">
          {t('error.home')}
        </Button>
      ) : (
        props.retry && (
          <Button variant="default" onClick={props.retry}>
            {t('do.retry')}
          </Button>
        )
      )}
    </div>
  )
}

/** Shaped like a page of cards; appears only when something takes a while. */
export function Waiting(props: { rows?: number; height?: number }) {
  const { t } = useTexts()
  return (
    <Stack gap={12} aria-busy="true" className={classes.waiting}>
      <span className={classes.hidden}>{t('app.loading')}</span>
      {Array.from({ length: props.rows ?? 4 }, (_, row) => (
        <Skeleton key={`row-${row.toString()}`} height={props.height ?? 72} radius={10} />
      ))}
    </Stack>
  )
}

/** Waiting, failed or there: every screen shows its answer through this. */
export function Answer<T>(props: {
  query: UseQueryResult<T, ProblemError>
  waiting?: ReactNode
  children: (data: T) => ReactNode
}) {
  const { query } = props
  if (query.data !== undefined) return props.children(query.data)
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  return props.waiting ?? <Waiting />
}
