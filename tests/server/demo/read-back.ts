import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'

/** The generator's files read by other means than those that wrote them. */
export const csv = (dir: string, path: string): Record<string, string>[] =>
  parse(readFileSync(join(dir, path)), { bom: true, delimiter: ';', columns: true })

export type Entry = { dn: string; get: (name: string) => string | undefined; all: (name: string) => string[] }

/** RFC 2849 content records, as small as it can be: folding, comments and base64. */
export function ldif(text: string): Entry[] {
  const unfolded = text.replaceAll(/\r?\n /g, '')
  return unfolded
    .split(/\n{2,}/)
    .map(block =>
      block.split('\n').filter(line => line !== '' && !line.startsWith('#') && !line.startsWith('version:')),
    )
    .filter(lines => lines.length > 0)
    .map(lines => {
      const values = new Map<string, string[]>()
      for (const line of lines) {
        const [, name, colons, value] = /^([^:]+)(::?) ?(.*)$/s.exec(line) as unknown as [
          string,
          string,
          string,
          string,
        ]
        const binary = name === 'objectGUID'
        const read = colons === '::' ? Buffer.from(value, 'base64').toString(binary ? 'hex' : 'utf8') : value
        values.set(name, [...(values.get(name) ?? []), read])
      }
      const all = (name: string) => values.get(name) ?? []
      return { dn: all('dn')[0] as string, get: name => all(name)[0], all }
    })
}

export const readLdif = (dir: string, path: string) => ldif(readFileSync(join(dir, path), 'utf8'))
