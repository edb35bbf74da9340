/**
 * A process that owns an embedded PostgreSQL, to be killed by tests: starts it on the folder in argv[2], says so in one
 * line of JSON, and stops it when its standard input says so. argv[3] is the major version, argv[4] the user id to
 * become first (then everything is loaded as that user).
 */
import process from 'node:process'

const [, , dataDir = '', version = '18', uid = ''] = process.argv
if (uid !== '') {
  process.setgroups?.([])
  process.setgid?.(Number(uid))
  process.setuid?.(Number(uid))
}

const say = (message: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(message)}\n`)
const { startPostgres } = await import('../../../server/platform/postgres/start.ts')
const { isProblem } = await import('../../../server/platform/problem.ts')
try {
  const running = await startPostgres({ dataDir, version: version === '16' ? 16 : 18 })
  say({ url: running.url, adminUrl: running.adminUrl, pid: running.pid, adopted: running.adopted })
  process.stdin.once('data', async () => {
    await running.stop()
    process.exit(0)
  })
} catch (error) {
  if (!isProblem(error)) throw error
  say({ problem: error.problem, reason: error.info.params?.reason, sentence: error.message })
  process.exit(1)
}
