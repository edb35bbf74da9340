// The entry of `npm test`: real servers first, then vitest, then one line with the counts. Arguments go to vitest,
// for example `npm test -- tests/server/people -t cycle`.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { ensureSystemPackages } from './system-packages.ts'
import { type JsonReport, judge } from './test-counts.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const say = (line: string) => process.stdout.write(`${line}\n`)

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  try {
    ensureSystemPackages(say)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    say('0 passed, 0 failed')
    return 1
  }
  const folder = mkdtempSync(join(tmpdir(), 'hjemmel-test-run-'))
  try {
    const reportFile = join(folder, 'report.json')
    const exitCode = await runVitest([
      ...args,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
    ])
    if (!existsSync(reportFile)) {
      process.stderr.write(`vitest ended with exit code ${exitCode} before it could report; see above.\n`)
      say('0 passed, 0 failed')
      return 1
    }
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as JsonReport
    const filtered = args.some(arg => arg === '-t' || arg.startsWith('--testNamePattern'))
    const verdict = judge(report, exitCode, filtered)
    for (const remark of verdict.remarks) process.stderr.write(`${remark}\n`)
    say(`${verdict.passed} passed, ${verdict.failed} failed`)
    return verdict.exitCode
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runVitest(args: string[]): Promise<number> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', '--root', root, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  // Ctrl-C reaches the whole group by itself; a SIGTERM (CI time limit) reaches only us and is passed on.
  const passOn = () => child.kill('SIGTERM')
  process.on('SIGINT', () => {})
  process.on('SIGTERM', passOn)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (signal) process.stderr.write(`vitest was ended by ${signal}.\n`)
      resolve(code ?? 1)
    })
  })
}
