import { demoManifest } from '../demo/read-manifest.ts'
import type { House } from '../wiring.ts'

/** What the terminal says when everything stands: where to go, and how to sign in. */
export async function announce(house: House, url: string | null): Promise<string> {
  if (url === null) return 'Hjemmel: the worker is running. Ctrl-C stops it.\n'
  const lines = ['', `  Hjemmel: ${url}`, '']
  const manifest = house.demo ? demoManifest(house.demoDir) : null
  if (manifest) {
    lines.push('  Demonstration sign-ins (one click each on the sign-in page, no password):', '')
    const width = Math.max(...manifest.signIns.map(one => one.username.length))
    for (const one of manifest.signIns)
      lines.push(`    ${one.role.padEnd(12)} ${one.username.padEnd(width)}  ${one.firstLook.en}`)
    lines.push('')
  }
  const link = house.demo ? null : await house.auth.firstAdministratorLink()
  if (link)
    lines.push(
      '  No administrator yet. Open this link once, within 24 hours, to become the first:',
      '',
      `    ${link.url}`,
      '',
    )
  lines.push('  Ctrl-C stops everything. Start over with empty data: npm run start-over', '', '')
  return lines.join('\n')
}
