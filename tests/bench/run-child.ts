import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

export type Started = { flags: string[]; environment: Record<string, string> }

/** How `npm start` runs the server: variables that are set for it, and options of Node. The bench runs what it measures the memory of in the same way. */
export function asStarted(): Started {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    scripts: { start: string }
  }
  const words = scripts.start.split(/\s+/)
  const node = words.indexOf('node')
  return {
    flags: words.slice(node + 1).filter(word => word.startsWith('--')),
    environment: Object.fromEntries(words.slice(0, node).map(word => word.split('=', 2) as [string, string])),
  }
}

/** Runs a script of ours and gives back its last line; throws with what it wrote when it fails. */
export function runChild(file: string, args: string[], { flags, environment }: Started): Promise<string> {
  const child = spawn(process.execPath, [...flags, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
  let output = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code =>
      code === 0
        ? resolve(output.trimEnd().split('\n').at(-1) ?? '')
        : reject(new Error(`${file} ended with ${code}: ${output}`)),
    )
  })
}
