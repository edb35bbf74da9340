import { useState } from 'react'
import { decideProposals, undoBindings } from '#contract/bindings.ts'
import type { BodyInput } from '#contract/endpoint.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'

export type ProposalDecision = BodyInput<typeof decideProposals>['decisions'][number]

/** Deciding proposals, one or many, and taking the last decision back. */
export function useDecisions() {
  const { t } = useTexts()
  const [last, setLast] = useState<{ batchId: string; text: string } | null>(null)
  const decide = useCommand(decideProposals)
  const undo = useCommand(undoBindings)
  const error = decide.error ?? undo.error
  const code = error ? problemOf(error).code : null
  return {
    last,
    busy: decide.isPending || undo.isPending,
    problem: code === null ? null : code === 'conflict' ? t('bindings.stale') : t(`problem.${code}`),
    decide(decisions: ProposalDecision[], done?: () => void) {
      if (decide.isPending || decisions.length === 0) return
      undo.reset()
      decide.mutate(
        { body: { decisions } },
        {
          onSuccess(answer) {
            const text =
              answer.accepted > 0 ? t('bindings.accepted', { count: answer.accepted }) : t('bindings.rejected')
            setLast({ batchId: answer.batchId, text })
            announce(text)
            done?.()
          },
        },
      )
    },
    undo() {
      if (!last || undo.isPending) return
      decide.reset()
      undo.mutate(
        { params: { batchId: last.batchId }, body: {} },
        {
          onSuccess() {
            setLast(null)
            announce(t('bindings.undone'))
          },
        },
      )
    },
  }
}
