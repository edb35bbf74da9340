import process from 'node:process'
import { lostGround } from './platform/lost-ground.ts'
import { isProblem } from './platform/problem.ts'
import { startHjemmel } from './start.ts'

/** `npm start`, with `--only=web` or `--only=worker` to split the process and `--dev` for client reload. */
const roles = parseRoles(process.argv.slice(2))
try {
  const running = await startHjemmel({ roles, dev: process.argv.includes('--dev') })
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      running.stop().then(
        () => process.exit(0),
        error => fail(error),
      )
    })
} catch (error) {
  fail(error)
}

function parseRoles(args: string[]): ('web' | 'worker')[] {
  const only = args.find(arg => arg.startsWith('--only'))
  const unknown = args.filter(arg => arg !== '--dev' && arg !== only)
  const value = only?.split('=')[1]
  if (unknown.length > 0 || (only && value !== 'web' && value !== 'worker')) {
    process.stderr.write(`Unknown argument ${unknown[0] ?? only}. Use --only=web, --only=worker or --dev.\n`)
    process.exit(2)
  }
  return value === 'web' || value === 'worker' ? [value] : ['web', 'worker']
}

function fail(error: unknown): never {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}

/** One sentence that says what to do; only what nobody has foreseen is shown as it is. */
function explain(error: unknown): string {
  if (isProblem(error)) return error.message
  const lost = lostGround(error)
  if (lost) return lost
  const { code, message, stack } = error as { code?: string; message?: string; stack?: string }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return `A file or folder cannot be written to: ${message}. Give this user write access, or run from a checkout of its own.`
  return `Hjemmel stopped unexpectedly: ${stack ?? String(error)}`
}
