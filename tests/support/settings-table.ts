import { SETTINGS } from '../../server/platform/config.ts'

/** The settings as the rows of the README's table; a test holds the two equal. */
export function settingsTable(): string {
  return Object.entries(SETTINGS)
    .map(([name, { text }]) => `| \`${name}\` | ${text} |`)
    .join('\n')
}
