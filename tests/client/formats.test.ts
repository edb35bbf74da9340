import { describe, expect, it } from 'vitest'
import { dayOf, formatAgo, formatDate, formatInstant, formatNumber, lastDay } from '../../client/lib/formats.ts'

describe('formats', () => {
  it('write civil dates without moving them to another day', () => {
    expect(formatDate('da', '2026-01-01')).toBe('01.01.2026')
    expect(formatDate('en', '2026-01-01')).toBe('01/01/2026')
  })

  it('show instants in Copenhagen, whatever the computer thinks', () => {
    expect(formatInstant('da', '2026-06-30T22:30:00Z')).toBe('01.07.2026 00.30')
    expect(formatInstant('en', '2026-12-31T22:30:00Z')).toBe('31/12/2026 23:30')
    expect(dayOf('2026-12-31T23:30:00Z')).toBe('2027-01-01')
  })

  it('turn a closed-open end into the last day that counts', () => {
    expect(lastDay('2026-03-01')).toBe('2026-02-28')
    expect(lastDay('2028-03-01')).toBe('2028-02-29')
    expect(lastDay('2026-03-30')).toBe('2026-03-29')
  })

  it('group numbers as the language does', () => {
    expect(formatNumber('da', 3012)).toBe('3.012')
    expect(formatNumber('en', 3012)).toBe('3,012')
  })

  it('say how long ago in words', () => {
    const now = Date.parse('2026-11-21T12:00:00Z')
    expect(formatAgo('da', '2026-11-21T09:00:00Z', now)).toBe('for 3 timer siden')
    expect(formatAgo('en', '2026-11-20T06:00:00Z', now)).toBe('30 hours ago')
    expect(formatAgo('en', '2026-11-18T12:00:00Z', now)).toBe('3 days ago')
  })
})
