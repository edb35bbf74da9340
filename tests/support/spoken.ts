import { expect } from 'vitest'
import { type Said, said } from '#contract/said.ts'
import { daSaid } from '../../client/texts/da-said.ts'
import { enSaid } from '../../client/texts/en-said.ts'
import { translator } from '../../client/texts/translate.ts'
import type { TestStep } from '../../server/feeds/reading/reader.ts'

/** What the screen says in each language. Fails where there is nothing to say, or a value is asked for and not sent. */
export function spoken(given: Said | null | undefined): { da: string; en: string } {
  const { code, params } = said.parse(given)
  // A plural takes its `count` as a number.
  const values = params as Record<string, string | number> & { count?: number }
  const texts = {
    da: translator('da-DK', daSaid)(`said.${code}`, { ...values, defaultValue: '' }),
    en: translator('en-GB', enSaid)(`said.${code}`, { ...values, defaultValue: '' }),
  }
  for (const text of Object.values(texts)) expect(text, code).not.toMatch(/^$|undefined|\{\{/)
  expect(texts.da, code).not.toBe(texts.en)
  for (const [name, value] of Object.entries(params)) expect(String(value), `${code}: ${name}`).not.toBe('')
  return texts
}

/** Every step, and every warning, is there for the screen too: none is left to its English sentence. */
export function expectSpoken(steps: readonly TestStep[]): void {
  expect(steps.length).toBeGreaterThan(0)
  for (const step of steps) {
    expect(step.said, step.detail).toBeDefined()
    spoken(step.said)
    expect(step.warned === undefined, step.warning).toBe(step.warning === undefined)
    if (step.warned) spoken(step.warned)
  }
}
