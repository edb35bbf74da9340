import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Endpoint } from '../../../server/contract/endpoint.ts'
import { GATED_CODES } from '../../../server/contract/findings.ts'
import { checkoutDir } from '../../../server/platform/data-dir.ts'

/** Words by which people would be measured or put in an order; none of them leaves the house. */
const MEASURES = /^(score|riskScore|risk|rank|ranking|rating|grade|performance|productivity|efficiency|speed)$/i

/** Names of all fields of a shape, however deep. */
function fieldsOf(schema: unknown, found = new Set<string>()): Set<string> {
  const walk = (part: unknown): void => {
    if (part === null || typeof part !== 'object') return
    if (Array.isArray(part)) return void part.forEach(walk)
    const { properties, ...rest } = part as { properties?: Record<string, unknown> }
    for (const [name, inner] of Object.entries(properties ?? {})) {
      found.add(name)
      walk(inner)
    }
    Object.values(rest).forEach(walk)
  }
  walk(z.toJSONSchema(schema as z.ZodType, { unrepresentable: 'any', io: 'output' }))
  return found
}

test('no answer of the house measures or ranks people: it is not what the data are there for', async () => {
  const endpoints: Endpoint[] = []
  for (const file of readdirSync(join(checkoutDir, 'server/contract'))) {
    const exported = (await import(join(checkoutDir, 'server/contract', file))) as Record<string, unknown>
    for (const one of Object.values(exported))
      if (one !== null && typeof one === 'object' && 'response' in one && 'permission' in one)
        endpoints.push(one as Endpoint)
  }
  expect(endpoints.length).toBeGreaterThan(300)
  const measured = endpoints.flatMap(one =>
    [...fieldsOf(one.response)].filter(name => MEASURES.test(name)).map(name => `${one.id}: ${name}`),
  )
  expect(measured).toEqual([])
  // What would be found, is found.
  expect(
    [...fieldsOf(z.object({ rows: z.array(z.object({ riskScore: z.number() })) }))].some(name => MEASURES.test(name)),
  ).toBe(true)
})

test('what compares people, or says when they last worked, is off until it has been discussed', () => {
  expect([...GATED_CODES].sort()).toEqual(['dormant', 'outlier'])
})
