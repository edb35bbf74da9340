import { useQuery } from '@tanstack/react-query'
import { getSession, type Session } from '#contract/auth.ts'
import type { Permission } from '#contract/permissions.ts'
import { call, wire } from '../lib/call.ts'
import { queryClient } from '../lib/query.ts'

const queryKey = [getSession.id, {}]

export async function loadSession(): Promise<Session> {
  return queryClient.ensureQueryData({ queryKey, queryFn: fetchSession, staleTime: 60_000 })
}

async function fetchSession(): Promise<Session> {
  const session = await call(getSession)
  wire.csrfToken = session.csrfToken
  return session
}

/** After signing in or out: another user's answers must not be left in memory. */
export function setSession(session: Session): void {
  wire.csrfToken = session.csrfToken
  queryClient.clear()
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
