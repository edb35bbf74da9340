import { expect, test } from 'vitest'
import * as z from 'zod'
import danish from 'zod/v4/locales/da.js'
import { inDanish } from '../../../../server/feeds/sources/danish-mistakes.ts'

/* What a schema finds wrong is said in Danish that a town hall speaks; held against the texts that zod gives today. */
const said = (schema: z.ZodType, value: unknown) =>
  inDanish(schema.safeParse(value, { error: danish().localeError }).error?.issues[0]?.message ?? '')

test.each([
  [z.number().min(50), 30, 'skal være mindst 50'],
  [z.number().max(100), 130, 'må højst være 100'],
  [z.string().min(1), '', 'mangler'],
  [z.string().min(2), 'a', 'skal have mindst 2 tegn'],
  [z.string().max(3), 'aaaa', 'må højst have 3 tegn'],
  [z.array(z.string()).min(1), [], 'skal have mindst 1'],
  [z.array(z.string()).max(1), ['a', 'b'], 'må højst have 1'],
  [z.string(), undefined, 'mangler'],
  [z.number(), 'x', 'skal være et tal'],
  [z.int(), 1.5, 'skal være et helt tal'],
  [z.enum(['ad', 'openldap']), 'x', 'skal være en af "ad", "openldap"'],
])('mistake %#', (schema, value, text) => {
  expect(said(schema, value)).toBe(text)
})
