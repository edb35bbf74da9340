import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ProblemError } from './call.ts'

/**
 * Like `useCommand`, for what a shared screen does without knowing which endpoint it calls. `rereads`: what is on the
 * screen may be different after it, and is read again.
 */
export function useTask<In, Out>(
  task: (input: In) => Promise<Out>,
  { rereads, done }: { rereads: boolean; done?: (answer: Out, input: In) => void },
) {
  const client = useQueryClient()
  return useMutation<Out, ProblemError, In>({
    mutationFn: task,
    onSuccess: (answer, input) => {
      if (rereads) void client.invalidateQueries()
      done?.(answer, input)
    },
  })
}
