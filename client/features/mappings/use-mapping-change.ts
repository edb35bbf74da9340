import { useState } from 'react'
import type { BodyInput } from '#contract/endpoint.ts'
import { changeMappings, undoMappingChange } from '#contract/mappings.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'

export type Step = BodyInput<typeof changeMappings>['steps'][number]
type Last = { changeId: string; text: string }

/** Changing what groups give, and taking the last change back. A change that a guard holds is sent to somebody else. */
export function useMappingChange() {
  const { t } = useTexts()
  const [last, setLast] = useState<Last | null>(null)
  const change = useCommand(changeMappings)
  const undo = useCommand(undoMappingChange)
  const error = change.error ?? undo.error
  const code = error ? problemOf(error).code : null
  return {
    last,
    busy: change.isPending || undo.isPending,
    problem:
      code === null
        ? null
        : code === 'plan-stale'
          ? t('mapping.stale')
          : code === 'conflict'
            ? t('mapping.conflict')
            : t(`problem.${code}`),
    reset: () => {
      change.reset()
      undo.reset()
    },
    change(input: { steps: Step[]; hash: string | null; reason?: string }, text: string, done?: () => void) {
      if (change.isPending) return
      undo.reset()
      change.mutate(
        { body: input },
        {
          onSuccess(answer) {
            const reads = answer.reads ?? []
            const systems = reads.map(one => one.name).join(', ')
            const whole = reads.length > 0 ? `${text} ${t('mapping.reads', { systems })}` : text
            const said = answer.applied ? whole : t('mapping.sent')
            setLast(answer.applied ? { changeId: answer.changeId, text: whole } : null)
            announce(said)
            done?.()
          },
        },
      )
    },
    undo() {
      if (!last || undo.isPending) return
      change.reset()
      undo.mutate(
        { params: { changeId: last.changeId } },
        {
          onSuccess(answer) {
            setLast(null)
            announce(t(answer.applied ? 'mapping.undone' : 'mapping.sent'))
          },
        },
      )
    },
  }
}
export type MappingChange = ReturnType<typeof useMappingChange>
