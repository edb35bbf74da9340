import { expect, test } from 'vitest'
import { trouble } from '../../../client/texts/da/trouble.ts'
import { dropSaid } from '../../../server/contract/drop-said.ts'
import { say } from '../../../server/contract/said.ts'
import { reasonText } from '../../../server/feeds/drops/drop-reason.ts'

const said = Object.values(trouble).flatMap(part => Object.entries(part)) as [string, unknown][]

test('the words beside a file are those of the screen', () => {
  const codes = Object.keys(dropSaid) as (keyof typeof dropSaid)[]
  expect(codes.length).toBeGreaterThan(10)
  const onScreen = new Map<string, unknown>(
    said.flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : Object.entries(text as object))),
  )
  for (const code of codes) expect({ code, text: dropSaid[code] }).toEqual({ code, text: onScreen.get(code) })
})

test('what is wrong with a file stands in Danish first, with its values, and in English below', () => {
  const text = reasonText({
    ...{ name: 'personale.csv', at: '21-11-2026 12.00', code: 'source-invalid', guards: [], runId: 'r-1' },
    detail: 'The file personale.csv lacks columns: CPR.',
    said: say('columns-missing', { file: 'personale.csv', missing: 'CPR', columns: 'Nr, Navn' }),
  })
  const danish = text.indexOf('mangler kolonner: CPR. Den har: Nr, Navn')
  const english = text.indexOf('In English: The file personale.csv lacks columns: CPR.')
  expect(danish).toBeGreaterThan(0)
  expect(english).toBeGreaterThan(danish)
  expect(text).not.toMatch(/\{\{|Fejlen, som programmet/)
})

test('where there is no Danish sentence, the one there is stands with what it is', () => {
  const text = reasonText({
    ...{ name: 'x.csv', at: 'nu', code: 'unexpected', guards: [], runId: null, detail: 'Something else.' },
  })
  expect(text).toContain('Fejlen, som programmet skriver den: Something else.')
})
