import { expect, test } from 'vitest'
import { lostGround } from '../../../server/platform/lost-ground.ts'

const withCode = (code: string, message = '') => Object.assign(new Error(message), { code })

test.each([
  ['PostgreSQL says that the disk is full', withCode('53100')],
  ['a file cannot be written', withCode('ENOSPC')],
  ['the quota of the user is used up', withCode('EDQUOT')],
  ['the write-ahead log of the database found no room', new Error('could not write: No space left on device')],
])('%s: the sentence says to free space', (_what, error) => {
  expect(lostGround(error)).toMatch(/^The disk is full\. Free some space/)
})

test.each([
  ['it goes down', withCode('57P01', 'terminating connection due to administrator command')],
  ['it is not there', withCode('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432')],
  ['it panicked for want of disk and took the connection along', new Error('Connection terminated unexpectedly')],
])('the database went away: %s', (_what, error) => {
  expect(lostGround(error)).toMatch(/^The database went away \(.+\)\. Check that it runs/)
})

test.each([[new Error('a mistake of our own')], [withCode('23505', 'duplicate key')], [null], ['text']])(
  'anything else is no lost ground: %s',
  error => {
    expect(lostGround(error)).toBeNull()
  },
)
