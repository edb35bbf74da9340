import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MOST_EVIDENCE_BYTES } from '../../../server/contract/tasks.ts'
import { evidenceFile, readBounded, safeName } from '../../../server/orders/evidence-file.ts'
import { ageingOf, daysBetween } from '../../../server/orders/task-ageing.ts'

describe('a file that shows something', () => {
  const bytes = (...values: number[]) => Buffer.from(values)
  test('is what its bytes say, whatever it is called', () => {
    expect(evidenceFile('../../kvittering.exe', Buffer.from('%PDF-1.7 …'))).toMatchObject({
      name: 'kvittering.pdf',
      media: 'application/pdf',
    })
    expect(evidenceFile('Skærmbillede.PNG', bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1)).name).toBe(
      'Skærmbillede.png',
    )
    expect(evidenceFile('a.jpg', bytes(0xff, 0xd8, 0xff, 0xe0)).media).toBe('image/jpeg')
    expect(evidenceFile('note.md', Buffer.from('Gjort, æøå\r\n\tnu')).media).toBe('text/plain')
    const sheet = Buffer.concat([bytes(0x50, 0x4b, 0x03, 0x04), Buffer.from('…xl/workbook.xml…')])
    expect(evidenceFile('liste.xlsx', sheet).name).toBe('liste.xlsx')
  })

  test('that a browser or a machine would run, and an empty one, is refused', () => {
    const bad = [
      Buffer.alloc(0),
      Buffer.from('<html><script>1</script>'),
      Buffer.from('\n<svg xmlns="http://www.w3.org/2000/svg">'),
      Buffer.concat([bytes(0x50, 0x4b, 0x03, 0x04), Buffer.from('classes.dex')]),
      bytes(0x4d, 0x5a, 0x90, 0x00, 0x03),
    ]
    for (const content of bad) {
      let said: unknown = null
      try {
        evidenceFile('bilag.pdf', content)
      } catch (error) {
        said = error
      }
      expect(said).toMatchObject({ problem: 'data-invalid' })
    }
  })

  test('is read no further than its limit', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 97)
    let sent = 0
    const endless = Readable.from(
      (function* () {
        for (;;) {
          sent += chunk.length
          yield chunk
        }
      })(),
    )
    await expect(readBounded(endless)).rejects.toMatchObject({ problem: 'payload-too-large' })
    expect(sent).toBeLessThan(MOST_EVIDENCE_BYTES + 20 * chunk.length)
  })

  test('has a name without folders or controls, however it is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), name => {
        const safe = safeName(name, 'pdf')
        expect(safe).toMatch(/\.pdf$/)
        expect(safe).not.toMatch(/[/\\"<>|:*?\p{Cc}]/u)
        expect(safe.length).toBeLessThanOrEqual(104)
        expect(safe.startsWith('.')).toBe(false)
      }),
    )
  })
})

describe('a task grows older', () => {
  const on = (dueOn: string, urgent = false) => ageingOf({ dueOn, urgent }, '2026-03-30')
  test('by its date alone, over a change of the clock too', () => {
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2)
    expect(
      ['2026-04-10', '2026-04-02', '2026-03-30', '2026-03-29', '2026-03-27', '2026-03-23'].map(one => on(one)),
    ).toEqual(['later', 'soon', 'due', 'late', 'deputy', 'it'])
  })
  test('at once where it is urgent', () => {
    expect([on('2026-03-31', true), on('2026-03-30', true), on('2026-03-29', true)]).toEqual(['soon', 'deputy', 'it'])
  })
  test('and never goes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40, max: 40 }), fc.boolean(), (days, urgent) => {
        const order = ['later', 'soon', 'due', 'late', 'deputy', 'it']
        const at = (n: number) => {
          const today = new Date(Date.UTC(2026, 2, 30, 12) + n * 86_400_000).toISOString().slice(0, 10)
          return order.indexOf(ageingOf({ dueOn: '2026-03-30', urgent }, today))
        }
        expect(at(days + 1)).toBeGreaterThanOrEqual(at(days))
      }),
    )
  })
})
