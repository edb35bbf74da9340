import { isPostmaster, type Postmaster } from './postmaster.ts'

const LOOK_EVERY_MS = 500
/** A server that falls over this often is not helped by starting it again. */
const MOST_RESTARTS = 5
const WITHIN_MS = 10 * 60_000

/**
 * Look after a running server, also one that is not our child: when it ends without having been asked to (killed, out
 * of memory), it is started again on the same port, so that pools, which know only the address, find it back.
 */
export function superviseServer(
  first: Postmaster,
  data: string,
  act: {
    restart: (port: number) => Promise<Postmaster>
    restarted: (server: Postmaster) => void
    log: (line: string) => void
  },
): { current(): Postmaster; end(): Promise<Postmaster> } {
  let server = first
  let restarting: Promise<void> | null = null
  let restarts: number[] = []
  const restart = async () => {
    restarts = [...restarts.filter(at => Date.now() - at < WITHIN_MS), Date.now()]
    if (restarts.length > MOST_RESTARTS) {
      clearInterval(timer)
      act.log('The database keeps ending by itself and is not started again; see server.log in its folder.')
      return
    }
    act.log('The database ended by itself; starting it again.')
    try {
      server = await act.restart(server.port)
      act.restarted(server)
      act.log('The database is running again.')
    } catch (error) {
      act.log((error as Error).message)
    }
  }
  const timer = setInterval(() => {
    if (restarting || isPostmaster(server.pid, data)) return
    restarting = restart().finally(() => {
      restarting = null
    })
  }, LOOK_EVERY_MS)
  timer.unref()
  return {
    current: () => server,
    async end() {
      clearInterval(timer)
      await restarting
      return server
    },
  }
}
