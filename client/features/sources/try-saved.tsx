import { Button } from '@mantine/core'
import { sampleSource, testSource } from '#contract/source-trials.ts'
import type { SourceDetail } from '#contract/sources.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { SaidText } from '../../ui/said-text.tsx'
import { Samples } from './samples.tsx'
import classes from './sources.module.css'
import { TestSteps } from './test-steps.tsx'

/** Trying a source as it is saved: its connection step by step, and ten live entries. */
export function TrySaved(props: { source: SourceDetail }) {
  const { t } = useTexts()
  const { source } = props
  const test = useCommand(testSource)
  const sample = useCommand(sampleSource)
  const error = test.error ?? sample.error
  if (source.blocked.test !== null) return null
  const body = { key: source.key }
  return (
    <>
      <div className={classes.actions}>
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate({ body })}>
          {t('sources.test')}
        </Button>
        <Button variant="default" loading={sample.isPending} onClick={() => sample.mutate({ body })}>
          {t('sources.sample')}
        </Button>
      </div>
      {error && (
        <p role="alert" className={classes.wrong}>
          {t(`problem.${problemOf(error).code}`)}{' '}
          <SaidText said={problemOf(error).said} detail={problemOf(error).detail} />
        </p>
      )}
      {test.data && (
        <Card title={t('sources.testTitle')}>
          <TestSteps result={test.data} />
        </Card>
      )}
      {sample.data && (
        <Card title={t('sources.sampleTitle')}>
          <Samples entries={sample.data.entries} />
        </Card>
      )}
    </>
  )
}
