import { useQuery } from '@tanstack/react-query'
import { getSession, type Session } from '#contract/auth.ts'
import type { Permission } from '#contract/permissions.ts'
import { call, wire } from './call.ts'
import { queryClient } from './query.ts'

const queryKey = [getSession.id, {}]

export async function loadSession(): Promise<Session> {
  return queryClient.ensureQueryData({ queryKey, queryFn: fetchSession, staleTime: 60_000 })
}

async function fetchSession(): Promise<Session> {
  const session = await call(getSession)
  wire.csrfToken = session.csrfToken
  return session
}

const forgetters = new Set<() => void>()
/** What else is kept of a session on this device: forgotten when somebody signs in or out. */
export const onAnotherSession = (forget: () => void): void => void forgetters.add(forget)

/** After signing in or out: another user's answers must not be left in memory. */
export function setSession(session: Session): void {
  wire.csrfToken = session.csrfToken
  queryClient.getMutationCache().clear()
  for (const forget of forgetters) forget()
  // The session's own query stays: the sign-in screen watches it, and the second step comes on the same address.
  queryClient.removeQueries({ predicate: query => query.queryKey[0] !== getSession.id })
  queryClient.setQueryData(queryKey, session)
}

wire.refresh = async () => {
  queryClient.setQueryData(queryKey, await fetchSession())
}

/** Inside the shell there always is a session; the router has seen to it. */
export function useSession(): Session {
  const { data } = useQuery({ queryKey, queryFn: fetchSession, staleTime: 300_000 })
  if (!data) throw new Error('The session is read before anything is shown')
  return data
}

/** For menus and buttons only: the server decides, on every request, about the record itself. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useSession()
  return permission => permissions.includes(permission)
}
