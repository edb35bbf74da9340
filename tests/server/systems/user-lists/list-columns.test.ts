import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  missingColumns,
  proposeColumns,
  readDay,
  readEnabled,
} from '../../../../server/systems/user-lists/list-columns.ts'
import { fileName, listKey, lookAtRows } from '../../../../server/systems/user-lists/user-list.ts'

describe('which column says what', () => {
  test.each([
    [
      ['Brugernavn', 'Rolle', 'Navn', 'Sidste login'],
      { account: 'Brugernavn', right: 'Rolle', displayName: 'Navn', lastSignIn: 'Sidste login' },
    ],
    [
      ['User ID', 'Role', 'Full name', 'Last logon', 'Enabled'],
      { account: 'User ID', right: 'Role', displayName: 'Full name', lastSignIn: 'Last logon', enabled: 'Enabled' },
    ],
    [
      ['LOGIN', 'Brugerprofil', 'E-mail', 'Medarbejdernr.'],
      { account: 'LOGIN', right: 'Brugerprofil', email: 'E-mail', employeeNo: 'Medarbejdernr.' },
    ],
    [
      ['Rettighed', 'Konto', 'Dataafgrænsning', 'Sidst brugt', 'Status'],
      { account: 'Konto', right: 'Rettighed', limit: 'Dataafgrænsning', lastUsed: 'Sidst brugt', enabled: 'Status' },
    ],
    [['Dato', 'Beløb', 'Bilag'], {}],
  ])('%j', (headings, columns) => {
    expect(proposeColumns(headings)).toEqual(columns)
  })

  test('a column is proposed for one thing at most, and only headings that are there', () => {
    const word = fc.constantFrom(
      'Bruger',
      'Rolle',
      'Navn',
      'E-mail',
      'Sidste login',
      'Aktiv',
      'x',
      '',
      'Konto',
      'Profil',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), headings => {
        const names = Object.values(proposeColumns(headings))
        expect(missingColumns(proposeColumns(headings), headings)).toEqual([])
        expect(new Set(names).size).toBe(names.length)
      }),
    )
  })

  test('titles above the headings are passed over; remembered columns win where the file has them all', () => {
    const rows = [['Udtræk fra Nova'], ['', ''], ['Brugernavn', 'Rolle'], ['a', 'b']]
    expect(lookAtRows(rows, null)).toMatchObject({
      headings: ['Brugernavn', 'Rolle'],
      rows: [['a', 'b']],
      remembered: false,
    })
    expect(lookAtRows(rows, { account: 'rolle', right: 'BRUGERNAVN' })).toMatchObject({
      remembered: true,
      columns: { account: 'Rolle', right: 'Brugernavn' },
    })
    expect(lookAtRows(rows, { account: 'Konto', right: 'Rolle' })).toMatchObject({
      remembered: false,
      missing: ['Konto'],
    })
  })
})

test.each([
  ['2026-11-21', '2026-11-21'],
  ['21-11-2026', '2026-11-21'],
  ['21.11.26', '2026-11-21'],
  ['1/2-2026', '2026-02-01'],
  ['21. november 2026', '2026-11-21'],
  ['21-11-2026 14:30', '2026-11-21'],
  ['2026-11-21T14:30:00', '2026-11-21'],
  ['46347', '2026-11-21'],
  ['46347,5', '2026-11-21'],
  ['aldrig', null],
  ['', null],
  ['-', null],
  ['31-02-2026', 'invalid'],
  ['2026-13-01', 'invalid'],
  ['i går', 'invalid'],
])('the day %j is %j', (text, day) => {
  expect(readDay(text)).toBe(day)
})

test.each([
  ['Ja', 'Aktiv', true],
  ['nej', 'Aktiv', false],
  ['Ja', 'Spærret', false],
  ['0', 'Disabled', true],
  ['Spærret', 'Status', false],
  ['Aktiv', 'Status', true],
  ['', 'Status', null],
  ['måske', 'Status', 'invalid'],
])('%j under %j is %j', (text, heading, enabled) => {
  expect(readEnabled(text, heading)).toBe(enabled)
})

test('every key of a system gives a source and a folder that may be called so, and two keys two of them', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 60 }),
      fc.string({ minLength: 1, maxLength: 60 }),
      (one, other) => {
        const { source, folder } = listKey(one)
        expect(source).toMatch(/^[a-z][a-z0-9-]{0,49}$/)
        expect(folder).toMatch(/^[a-z0-9][a-z0-9-]*$/)
        fc.pre(one !== other)
        expect(listKey(other).source).not.toBe(source)
      },
    ),
  )
  expect(listKey('nova')).toEqual({ source: 'list-nova', folder: 'nova' })
})

test('a file stands in the folder under a name that leads nowhere else and is taken', () => {
  const at = new Date('2026-11-21T13:30:05Z')
  expect(fileName('Brugere.xlsx', at)).toBe('2026-11-21 14.30.05 Brugere.xlsx')
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), given => {
      const name = fileName(given, at)
      expect(name).not.toMatch(/[/\\\0:]/)
      expect(name).toMatch(/^2026-11-21 14\.30\.05 .+\.(csv|txt|xlsx|tsv)$/i)
    }),
  )
})
