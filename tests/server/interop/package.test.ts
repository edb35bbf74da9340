import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { registerSettings } from '../../../server/contract/register-transfer.ts'
import { takeSent } from '../../../server/feeds/imports/read-sent.ts'
import type { Known } from '../../../server/interop/register/known-register.ts'
import { planRegister } from '../../../server/interop/register/plan-register.ts'
import { readRegister, TOO_LARGE } from '../../../server/interop/register/read-register.ts'
import { tellPackage, unknownFields } from '../../../server/interop/register/tell-package.ts'
import { shippedTerms } from '../../../server/register/vocabulary/read-terms.ts'
import { vocabulariesOf } from '../../../server/register/vocabulary/vocabulary.ts'
import { DEFECTS, GAPS, klPackage, type PackageRecord } from '../../support/kl-package.ts'

/* A package of records as municipalities get it, whole and with the defects that such packages have. */

const nothing: Known = {
  ...{ vocabularies: vocabulariesOf(shippedTerms()), records: [], units: [], systems: [], numbers: new Map() },
}
const settings = registerSettings.parse({ area: 'Fra pakken' })

async function bringIn(records: readonly unknown[]) {
  const content = await readRegister(Buffer.from(JSON.stringify(records), 'utf8'), 'pakke.json')
  if (content.kind !== 'package') throw new Error('no package')
  return planRegister(tellPackage(content.records), nothing, settings, '2026-03-02').rows
}

describe('a package', () => {
  it('of more than ninety records becomes as many drafts, each with its bases and KLE', async () => {
    const whole = klPackage()
    expect(whole.length).toBeGreaterThan(90)
    const rows = await bringIn(whole)
    expect(rows.map(row => [row.op, row.becomes, row.faults])).toEqual(whole.map(() => ['new', 'draft', []]))
    for (const [at, { content, remarks }] of rows.entries()) {
      const given = whole[at]!
      if (content?.kind !== 'controller') throw new Error('a package has records of controllers')
      expect(content.name).toBe(given.name.replace(/^\d+\. /, ''))
      expect(content.description).toBe(given.description)
      expect(content.area).toBe('Fra pakken')
      expect(content.kle).toEqual(given.kleGroups)
      const art6 = given.gdprChoices.flatMap(one => /p6-([a-f])$/.exec(one)?.[1] ?? [])
      expect(content.purposes.map(one => one.art6)).toEqual(art6.map(letter => `6.1.${letter}`))
      const special = given.gdprChoices.includes('register-gdpr-p7-f')
      for (const purpose of content.purposes) {
        expect(purpose.art9).toEqual(special ? ['9.2.f'] : [])
        expect(purpose.national).toContain('DBL11.1')
      }
      // A package says nothing of data, people and limits: what is missing is said, so that nobody takes it for done.
      expect(remarks.map(one => one.code)).toEqual(
        expect.arrayContaining(['no-rows', 'no-owner', 'no-units', 'no-measures']),
      )
      expect(remarks.some(one => one.code === 'consent-fallback')).toBe(art6.includes('a'))
    }
  })

  it.each(Object.entries(DEFECTS))('with %s: named, left out, and the rest are taken', async (_, { make, fault }) => {
    const [first, second, ...rest] = klPackage()
    const rows = await bringIn([first, make(second!), ...rest])
    const bad = rows.filter(row => row.op === 'bad')
    expect(bad).toHaveLength(1)
    expect(bad[0]?.faults).toEqual([{ sheet: null, line: 2, ...fault }])
    expect(rows.filter(row => row.op === 'new')).toHaveLength(rest.length + 1)
  })

  it.each(Object.entries(GAPS))('with %s: taken, and said', async (_, { make, note, remark }) => {
    const [first, second] = klPackage()
    const [row, other] = await bringIn([make(first!), second])
    expect(row?.op).toBe('new')
    expect(row?.notes.map(one => one.code)).toEqual([note])
    expect(row?.remarks.map(one => one.code)).toContain(remark)
    expect(other?.notes).toEqual([])
  })

  it('that has a title twice takes neither, and each names the other', async () => {
    const [first, second, third] = klPackage()
    const twin = { ...third!, name: second!.name.toUpperCase() }
    const rows = await bringIn([first, second, twin])
    expect(rows.map(row => row.op)).toEqual(['new', 'bad', 'bad'])
    expect(rows[1]?.faults).toMatchObject([{ code: 'title-twice', proposal: '3' }])
    expect(rows[2]?.faults).toMatchObject([{ code: 'title-twice', proposal: '2' }])
  })

  it('with entries that are no records names each', async () => {
    const [first] = klPackage()
    const rows = await bringIn([first, 'x', null, 7])
    expect(rows.map(row => row.faults.map(one => one.code))).toEqual([
      [],
      ['wrong-shape'],
      ['wrong-shape'],
      ['wrong-shape'],
    ])
  })

  it('from a page loses its tags and nothing else', async () => {
    const [first] = klPackage()
    const description = '<p>Formålet er at <b>hjælpe</b>.</p><p>A &amp; B, 3 < 4</p>'
    const [row] = await bringIn([{ ...first!, description } satisfies PackageRecord])
    expect(row?.content?.description).toBe('Formålet er at hjælpe.\nA & B, 3 < 4')
  })

  it('says which of its fields have no place', () => {
    const [first, second] = klPackage()
    const records = [
      { ...first, departments: ['A'], status: 'READY' },
      { ...second, status: 'READY', note: '' },
    ]
    expect(unknownFields(records)).toEqual([
      { path: 'status', count: 2 },
      { path: 'departments', count: 1 },
    ])
  })

  it.each(['{"a":1}', '[]', '[1,2]', '{', '[{"name":"x"}]'])('%s is none, and that is said', async text => {
    await expect(readRegister(Buffer.from(text), 'x.json')).rejects.toMatchObject({
      problem: 'source-invalid',
      info: { said: { code: 'json-no-package' } },
    })
  })

  it('is read whole, and no further than ten megabytes', async () => {
    const part = Buffer.alloc(1024 * 1024, 32)
    let given = 0
    async function* sent() {
      for (; given < 40; given++) yield part
    }
    await expect(takeSent(Readable.from(sent()), TOO_LARGE)).rejects.toMatchObject({ problem: 'payload-too-large' })
    expect(given).toBeLessThan(20)
    expect(await takeSent(Readable.from([Buffer.from('[1'), Buffer.from(']')]), TOO_LARGE)).toEqual(Buffer.from('[1]'))
  })
})
