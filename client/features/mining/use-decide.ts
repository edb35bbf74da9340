import { useState } from 'react'
import type { BodyInput } from '#contract/endpoint.ts'
import { acceptProposal, rejectProposal, undoProposal } from '#contract/mining.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'

type At = { runId: string; nr: number }

/** Deciding about proposals, and taking the last decision back. */
export function useDecide() {
  const { t } = useTexts()
  const [last, setLast] = useState<(At & { text: string }) | null>(null)
  const accept = useCommand(acceptProposal)
  const reject = useCommand(rejectProposal)
  const undo = useCommand(undoProposal)
  const error = accept.error ?? reject.error ?? undo.error
  const code = error ? problemOf(error).code : null
  const busy = accept.isPending || reject.isPending || undo.isPending
  const clear = () => {
    for (const one of [accept, reject, undo]) one.reset()
  }
  const done = (at: At, text: string, after: () => void) => () => {
    setLast({ ...at, text })
    announce(text)
    after()
  }
  return {
    last,
    busy,
    clear,
    problem: code === null ? null : code === 'conflict' ? t('mining.conflict') : t(`problem.${code}`),
    accept(at: At, body: BodyInput<typeof acceptProposal>, after: () => void) {
      if (busy) return
      clear()
      accept.mutate({ params: at, body }, { onSuccess: done(at, t('mining.accepted', { name: body.name }), after) })
    },
    reject(at: At, reason: string, after: () => void) {
      if (busy) return
      clear()
      reject.mutate({ params: at, body: { reason } }, { onSuccess: done(at, t('mining.rejected'), after) })
    },
    undo({ runId, nr }: At, after: () => void) {
      if (busy) return
      clear()
      undo.mutate(
        { params: { runId, nr }, body: {} },
        {
          onSuccess() {
            setLast(null)
            announce(t('mining.undone'))
            after()
          },
        },
      )
    },
  }
}
