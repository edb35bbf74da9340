import { Alert, Button } from '@mantine/core'
import { IconCircleCheck, IconCloudOff, IconDeviceFloppy } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import classes from './lifecycle.module.css'
import { PlanPanel } from './plan-panel.tsx'
import type { Report } from './use-report.ts'

/** The page of any report: what is wrong on top, its fields, and beside them what will happen and the one button. */
export function ReportFrame(props: {
  report: Report
  onFinish: () => void
  onJump: (where: string) => void
  children: ReactNode
}) {
  const { t } = useTexts()
  const may = useMay()
  const { draft, tries, errors, busy, leaving } = props.report
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <ErrorSummary key={tries} errors={errors} />
        {draft.state === 'conflict' && (
          <Alert color="yellow" title={t('reports.conflictTitle')} role="alert">
            <p>{t('reports.conflictHelp')}</p>
            <Button variant="default" size="xs" mt={8} onClick={() => window.location.reload()}>
              {t('reports.conflictLoad')}
            </Button>
          </Alert>
        )}
        {draft.state === 'refused' && draft.problem && (
          <Alert color="red" role="alert" title={t(`problem.${draft.problem as 'case-about-self'}`)} />
        )}
        {props.children}
      </div>
      <div className={classes.standing}>
        <PlanPanel
          paused={leaving}
          caseId={draft.id}
          version={draft.version}
          missing={draft.missing}
          onJump={props.onJump}
        />
        <div className={`${classes.bar} ${classes.mobileBar}`} data-card="send">
          <Button onClick={props.onFinish} loading={busy}>
            {may('case.send') ? t('reports.send') : t('reports.prepare')}
          </Button>
          <span className={classes.state} role="status">
            <Kept report={props.report} />
          </span>
        </div>
      </div>
    </div>
  )
}

function Kept(props: { report: Report }) {
  const { t, time } = useTexts()
  const { state, saved } = props.report.draft
  if (state === 'failed')
    return (
      <>
        <IconCloudOff size={14} aria-hidden /> {t('reports.notSaved')}
      </>
    )
  if (state === 'saving' || state === 'waiting')
    return (
      <>
        <IconDeviceFloppy size={14} aria-hidden /> {t('reports.saving')}
      </>
    )
  return saved ? (
    <>
      <IconCircleCheck size={14} aria-hidden /> {t('reports.saved', { time: time(saved.updatedAt) })}
    </>
  ) : null
}
