import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { linkSituation } from '#contract/shapes.ts'
import { CORRELATION_ATTRIBUTES } from '../server/feeds/sources/correlation-settings.ts'
import { parseSources } from '../server/feeds/sources/read-sources.ts'
import { READERS } from '../server/wiring.ts'

const page = readFileSync(new URL('../docs/whose-account.md', import.meta.url), 'utf8')

test('the declaration on the page is one that Hjemmel takes', () => {
  const yaml = /```yaml\n([\s\S]*?)```/.exec(page)?.[1]
  const [source] = parseSources(yaml ?? '', { file: 'page', folder: '/', readers: READERS })
  expect(source?.correlation).toMatchObject({ realm: 'pupil', certain: 95, candidate: 50 })
  expect(source?.correlation?.by).toHaveLength(2)
})

test('the page names every situation and every attribute that there is', () => {
  const rows = [...page.matchAll(/^\| (\w+) \|/gm)].map(row => row[1]).filter(name => name !== 'Situation')
  expect(rows).toEqual([...linkSituation.options])
  for (const name of CORRELATION_ATTRIBUTES) expect(page).toContain(`\`${name}\``)
})
