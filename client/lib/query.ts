import {
  keepPreviousData,
  QueryClient,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import type { Endpoint, ResponseOf } from '#contract/endpoint.ts'
import { type CallInput, call, isProblem, type ProblemError } from './call.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      // An answer that names a problem will be the same a second later; only silence is worth another try.
      retry: (count, error) =>
        count < 2 && isProblem(error) && (error.problem.status === 0 || error.problem.status >= 502),
    },
  },
})

type Options<Data> = {
  enabled?: boolean
  /** Keep showing the rows of the last filter while the next ones are on their way. */
  keep?: boolean
  /** Milliseconds between reads, or false; may depend on what was read last. */
  every?: number | false | ((data: Data | undefined) => number | false)
}

export function useCall<E extends Endpoint>(
  endpoint: E,
  input: Omit<CallInput<E>, 'signal'> = {},
  options: Options<ResponseOf<E>> = {},
): UseQueryResult<ResponseOf<E>, ProblemError> {
  return useQuery<ResponseOf<E>, ProblemError>({
    queryKey: [endpoint.id, input],
    queryFn: ({ signal }) => call(endpoint, { ...input, signal } as CallInput<E>),
    enabled: options.enabled ?? true,
    refetchInterval:
      typeof options.every === 'function'
        ? query => (options.every as (data: ResponseOf<E> | undefined) => number | false)(query.state.data)
        : (options.every ?? false),
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
  })
}

/** A command. Everything on the screen is read again after it: a right may follow from anything. */
export function useCommand<E extends Endpoint>(
  endpoint: E,
  done?: (answer: ResponseOf<E>, input: Omit<CallInput<E>, 'signal'>) => void,
) {
  const client = useQueryClient()
  return useMutation<ResponseOf<E>, ProblemError, Omit<CallInput<E>, 'signal'>>({
    mutationFn: input => call(endpoint, input as CallInput<E>),
    onSuccess: (answer, input) => {
      if (endpoint.kind === 'command') void client.invalidateQueries()
      done?.(answer, input)
    },
  })
}
