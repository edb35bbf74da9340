import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lookAtEveryScreen } from '../support/every-screen.ts'
import { SCREENS } from '../support/screens.ts'

test('every route of the client is looked at', () => {
  const folder = join(import.meta.dirname, '../../client/app')
  const router = readdirSync(folder)
    .filter(name => /^(router|routes?-.*)\.tsx$/.test(name))
    .map(name => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
  const routes = [...router.matchAll(/path: '([^']+)'/g)].map(match => match[1])
  expect(routes.length).toBeGreaterThan(15)
  expect(routes.filter(route => !SCREENS.some(one => one.route === route))).toEqual([])
})

lookAtEveryScreen('da')
