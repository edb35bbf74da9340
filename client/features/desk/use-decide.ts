import { useState } from 'react'
import type { BodyInput } from '#contract/endpoint.ts'
import { decideLink, undoLinkDecision } from '#contract/links.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'

type Body = BodyInput<typeof decideLink>
export type Decision = Body extends infer One ? (One extends Body ? Omit<One, 'version'> : never) : never
type Last = { decisionId: string; accountId: string; text: string }

/** Deciding, and taking the last decision back. `onDone` gets the account that was decided about. */
export function useDecide(onDone: (accountId: string) => void) {
  const { t } = useTexts()
  const [last, setLast] = useState<Last | null>(null)
  const decide = useCommand(decideLink)
  const undo = useCommand(undoLinkDecision)
  const error = decide.error ?? undo.error
  const code = error ? problemOf(error).code : null
  return {
    last,
    busy: decide.isPending || undo.isPending,
    problem: code === null ? null : code === 'conflict' ? t('desk.conflict') : t(`problem.${code}`),
    decide(account: { id: string; username: string; version: string }, decision: Decision, name = '') {
      if (decide.isPending) return
      undo.reset()
      const { id, username, version } = account
      decide.mutate(
        { params: { accountId: id }, body: { ...decision, version } as Body },
        {
          onSuccess(answer) {
            const text = t(`desk.done.${decision.kind}`, { account: username, name })
            setLast({ decisionId: answer.decisionId, accountId: id, text })
            announce(text)
            onDone(id)
          },
        },
      )
    },
    undo(decisionId: string) {
      if (undo.isPending) return
      decide.reset()
      undo.mutate(
        { params: { decisionId } },
        {
          onSuccess() {
            setLast(null)
            announce(t('desk.undone'))
          },
        },
      )
    },
  }
}
