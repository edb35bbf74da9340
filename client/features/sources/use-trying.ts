import { useState } from 'react'
import { previewSource, sampleSource, testSource } from '#contract/source-trials.ts'
import { type ProblemError, problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Declaration } from './declaration.ts'

type Wanted = 'test' | 'sample' | 'preview'

/**
 * Trying what is not saved. Where a secret would be sent to somebody new the server asks first; `asking` then names what
 * was wanted, and `confirm` does it.
 */
export function useTrying(declaration: () => Declaration, onRun: (runId: string) => void) {
  const { t } = useTexts()
  const [asking, setAsking] = useState<Wanted | null>(null)
  const test = useCommand(testSource)
  const sample = useCommand(sampleSource)
  const preview = useCommand(previewSource, answer => onRun(answer.runId))
  const go = (wanted: Wanted, confirmSecret: boolean) => {
    const onError = (error: ProblemError) => {
      if (problemOf(error).code === 'secret-unconfirmed') setAsking(wanted)
    }
    const body = { declaration: declaration(), confirmSecret }
    setAsking(null)
    if (wanted === 'test') test.mutate({ body }, { onError })
    else if (wanted === 'sample') sample.mutate({ body }, { onError })
    else preview.mutate({ body }, { onError })
  }
  const failed = [test, sample, preview].find(one => one.error && problemOf(one.error).code !== 'secret-unconfirmed')
  const problem = failed?.error ? problemOf(failed.error) : null
  return {
    test,
    sample,
    preview,
    asking,
    /** What is wrong with the declaration stands at its fields, in the language of the screen. */
    invalid: problem?.code === 'source-invalid',
    problem:
      problem && problem.code !== 'source-invalid'
        ? [t(`problem.${problem.code}`), problem.detail].filter(Boolean).join(' ')
        : null,
    go: (wanted: Wanted) => go(wanted, false),
    confirm: () => asking && go(asking, true),
    cancel: () => setAsking(null),
  }
}
