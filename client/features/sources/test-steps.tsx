import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { testSource } from '#contract/source-trials.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Facts } from '../../ui/card.tsx'
import { SaidText } from '../../ui/said-text.tsx'
import classes from './sources.module.css'

type TestResult = ResponseOf<typeof testSource>
type TestStep = TestResult['steps'][number]

/** The steps of a connection; the one that failed says what to do, and the server's certificate is there to compare. */
export function TestSteps(props: { result: TestResult }) {
  const { t } = useTexts()
  const { ok, steps } = props.result
  const failed = steps.find(step => !step.ok)
  const stepText = useStepText()
  return (
    <div className="stack" role="status">
      <p style={{ fontWeight: 600 }}>
        {ok || !failed ? t('sources.testOk') : t('sources.testFailed', { step: stepText(failed.step) })}
      </p>
      <ol className={classes.steps}>
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same step is taken at every server, always in this order
          <Step key={index} step={step} />
        ))}
      </ol>
    </div>
  )
}

function Step(props: { step: TestStep }) {
  const { t } = useTexts()
  const stepText = useStepText()
  const { step } = props
  const Sign = step.ok ? IconCircleCheck : IconCircleX
  return (
    <li className={classes.step} data-ok={step.ok ? 'yes' : 'no'}>
      <Sign size={18} aria-hidden />
      <div className={classes.stepText}>
        <b>{stepText(step.step)}</b> {t(step.ok ? 'sources.testStepOk' : 'sources.testStepFailed')}
        {step.server && <span className="meta"> {step.server}</span>}
        {step.why && <div>{t(`trouble.${step.why}`)}</div>}
        <div className={step.ok || step.why ? 'meta' : undefined}>
          <SaidText said={step.said} detail={step.detail} />
        </div>
        {step.warning && (
          <div>
            <b>{t('sources.testWarning')}:</b> <SaidText said={step.warned} detail={step.warning} />
          </div>
        )}
        {step.empty && step.empty.length > 0 && (
          <div className="meta">{t('sources.emptyAttributes', { list: step.empty.join(', ') })}</div>
        )}
        {step.certificate && <Certificate certificate={step.certificate} open={!step.certificate.trusted} />}
      </div>
    </li>
  )
}

function Certificate(props: { certificate: NonNullable<TestStep['certificate']>; open: boolean }) {
  const { t, day } = useTexts()
  const { certificate: one } = props
  return (
    <details open={props.open}>
      <summary>{t('sources.certificate')}</summary>
      <Facts
        columns
        facts={[
          { label: t('sources.cert.subject'), value: one.subject },
          { label: t('sources.cert.issuer'), value: one.issuer },
          { label: t('sources.cert.names'), value: one.names.join(', ') || '–' },
          { label: t('sources.cert.valid'), value: `${day(one.validFrom)} – ${day(one.validTo)}` },
          { label: t('sources.cert.fingerprint'), value: <code>{one.fingerprint}</code> },
          {
            label: t('sources.cert.trusted'),
            value: t(one.trusted ? 'sources.certTrusted' : 'sources.certNotTrusted'),
          },
        ]}
      />
    </details>
  )
}

function useStepText(): (step: string) => string {
  const { t } = useTexts()
  return step => t(`sources.step.${step as 'name'}`, { defaultValue: step })
}
