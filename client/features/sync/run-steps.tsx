import { IconCheck, IconHandStop, IconLoader2, IconX } from '@tabler/icons-react'
import type { RunDetail } from '#contract/feeds.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from './run-steps.module.css'
import { type RunStep, stepsOf } from './steps.ts'

/** Hent → Sammenlign → Plan → Godkend → Udfør → Efterkontrol, each with its state, time and number. */
export function RunSteps(props: { run: RunDetail }) {
  const { t } = useTexts()
  return (
    <ol className={classes.steps} aria-label={t('sync.steps')}>
      {stepsOf(props.run).map((step, index) => (
        <Step key={step.step} step={step} place={index + 1} />
      ))}
    </ol>
  )
}

function Step(props: { step: RunStep; place: number }) {
  const { t, duration } = useTexts()
  const { step } = props
  const state = step.skipped ? t('sync.notNeeded') : t(`sync.stepState.${step.state}`)
  return (
    <li className={classes.step} data-state={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
      <span className={classes.dot}>
        {step.state === 'done' ? (
          <IconCheck size={14} stroke={2.6} aria-hidden />
        ) : step.state === 'held' ? (
          <IconHandStop size={14} aria-hidden />
        ) : step.state === 'stopped' ? (
          <IconX size={14} stroke={2.6} aria-hidden />
        ) : step.state === 'now' ? (
          <IconLoader2 size={14} aria-hidden />
        ) : (
          <span aria-hidden>{props.place}</span>
        )}
      </span>
      <span className={classes.text}>
        <span className={classes.name}>{t(`sync.step.${step.step}`)}</span>
        <span className="meta">
          {state}
          {step.milliseconds !== null && `, ${duration(step.milliseconds)}`}
        </span>
      </span>
    </li>
  )
}
