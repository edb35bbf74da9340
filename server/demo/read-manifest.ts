import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoManifest } from './manifest.ts'

/** Invented, like everybody in it. Known before its files are made: the sign-in page shows it. */
export const DEMO_MUNICIPALITY = 'Lindevang Kommune'

const cache = new Map<string, DemoManifest>()

/** The demonstration as its files describe it; null where they have not been made. */
export function demoManifest(demoDir: string): DemoManifest | null {
  const known = cache.get(demoDir)
  if (known) return known
  const file = join(demoDir, 'manifest.json')
  if (!existsSync(file)) return null
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as DemoManifest
  cache.set(demoDir, manifest)
  return manifest
}

/** The sign-ins of the sign-in page, in its words. */
export function demoSignIns(demoDir: string) {
  return (demoManifest(demoDir)?.signIns ?? []).map(one => ({
    username: one.username,
    role: one.role,
    name: one.name,
    title: one.title.da,
    lookAt: one.firstLook,
  }))
}
