import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { COPIED_FROM, emptyWords, isCircular } from '../../../../server/register/bindings/empty-words.ts'
import { testDatabase } from '../../../support/database.ts'
import { detailOf, findingsTown, forgetRegister, foundNow } from './findings-town.ts'

/*
 * What records and bindings lack or say in vain: one case that is found and one beside it that is not, kind by kind.
 */

const database = await testDatabase()
let town: Awaited<ReturnType<typeof findingsTown>>
beforeAll(async () => {
  town = await findingsTown(database.db)
})
beforeEach(() => database.db.transaction(forgetRegister))

const LAW = [{ law: 'ældreloven', section: '§ 9', checkedOn: '2026-01-10' }]
const sound = { key: 'main', name: 'Pleje', art6: '6.1.e', art9: ['9.2.h'], provisions: LAW }
const inForce = (over: Parameters<typeof town.activity>[1] = {}) =>
  database.db.transaction(tx => town.activity(tx, { purposes: [sound], ...over }))
const found = (...codes: string[]) => foundNow(database.db, codes)

describe('systems and the register', () => {
  it('F01: rights to personal data in a system that no record names; nothing before the register is begun', async () => {
    expect(await found('not-in-register', 'no-purpose')).toEqual([])
    await inForce({ systems: [town.systems.sbsys!] })
    expect(await found('not-in-register')).toEqual(['not-in-register kmd'])
    await inForce({ systems: [town.systems.kmd!] })
    expect(await found('not-in-register')).toEqual([])
  })

  it('F02: nothing is said of a right; F12: what was said has ended, or its purpose has', async () => {
    const activityId = await inForce()
    expect(await found('no-purpose')).toEqual(['no-purpose kmd', 'no-purpose sbsys'])
    await database.db.transaction(async tx => {
      await town.bind(tx, { level: 'system', systemId: town.systems.sbsys! }, { activityId })
      await town.bind(tx, { level: 'system', systemId: town.systems.kmd! }, { activityId, until: '2026-02-20' })
    })
    expect(await found('no-purpose', 'purpose-ended')).toEqual([
      'no-purpose kmd',
      expect.stringMatching(/^purpose-ended /),
    ])
    expect(await found('purpose-ended')).toHaveLength(1)
    await database.db.transaction(tx => tx.query(`update activity_purpose set key = 'other'`))
    expect(await found('purpose-ended')).toHaveLength(2)
  })
})

describe('a record in force', () => {
  it('F03: a purpose without basis, or without the law that 6(1)(c) and (e) rest on', async () => {
    await inForce()
    await inForce({ purposes: [{ ...sound, art6: '6.1.b', provisions: [] }] })
    expect(await found('no-legal-basis')).toEqual([])
    await inForce({ ref: 'BA-90', purposes: [sound, { key: 'pay', name: 'Betaling', provisions: LAW }] })
    await inForce({ ref: 'BA-91', purposes: [{ ...sound, provisions: [] }] })
    await inForce({ ref: 'BA-92', purposes: [] })
    expect(await found('no-legal-basis')).toEqual(['BA-90', 'BA-91', 'BA-92'].map(ref => `no-legal-basis ${ref}`))
  })

  it('F04: special categories without Art. 9, offences without § 8; each called what it is, and CPR neither', async () => {
    const rows = (...data: string[]) => data.map(one => ({ subject: 'ELD', data: one }))
    const bare = { ...sound, art9: [] }
    await inForce({ rows: rows('HEA', 'CPR') })
    await inForce({ purposes: [bare], rows: rows('CON', 'CPR', 'ECO') })
    expect(await found('no-condition')).toEqual([])
    await inForce({ ref: 'BA-90', purposes: [bare], rows: rows('HEA') })
    expect(await found('no-condition')).toEqual(['no-condition BA-90'])
    expect(await detailOf(database.db, 'no-condition')).toMatchObject({ why: 'special', terms: [{ code: 'HEA' }] })
    await database.db.transaction(forgetRegister)
    await inForce({ ref: 'BA-91', rows: rows('CRI', 'HEA') })
    expect(await found('no-condition')).toEqual(['no-condition BA-91'])
    expect(await detailOf(database.db, 'no-condition')).toMatchObject({ why: 'criminal', terms: [{ code: 'CRI' }] })
    await database.db.transaction(tx => tx.query(`update activity_purpose set national = '{DBL8.1}'`))
    expect(await found('no-condition')).toEqual([])
  })

  it('F22: says that another number of people has access than has it; what says no number says nothing wrong', async () => {
    const activityId = await inForce({ ref: 'BA-90', systems: [town.systems.sbsys!] })
    await database.db.transaction(tx =>
      town.bind(tx, { level: 'system', systemId: town.systems.sbsys! }, { activityId }),
    )
    const says = (band: string | null) =>
      database.db.transaction(tx =>
        tx.query(`update activity_version set content = content || jsonb_build_object('peopleWithAccess', $1::text)`, [
          band,
        ]),
      )
    expect(await found('reach-differs')).toEqual([])
    await says('1-10')
    expect(await found('reach-differs')).toEqual([])
    await says('100-1000')
    expect(await found('reach-differs')).toEqual(['reach-differs BA-90'])
    expect(await detailOf(database.db, 'reach-differs')).toMatchObject({
      stated: '100-1000',
      holders: expect.any(Number),
    })
    await says(null)
    expect(await found('reach-differs')).toEqual([])
  })
})

describe('words that say nothing (F20)', () => {
  it('are those that only say that there is a need, or repeat what they are about', () => {
    const about = ['KMD Nexus', 'Hjemmepleje']
    for (const words of [
      'Arbejdsmæssigt behov',
      'Nødvendig for opgaven.',
      'Bruges i arbejdet',
      'Medarbejderen skal have adgang til KMD Nexus for at løse opgaven i hjemmepleje',
      'Work need',
      'Has to use the system to perform their duties',
    ])
      expect(isCircular(words, about), words).toBe(true)
    for (const words of [
      'Sygeplejersken dokumenterer medicin og sår under besøget',
      'Visitator læser funktionsvurderingen, før hun bevilger hjælp',
      'Sees the referral before the first visit',
    ])
      expect(isCircular(words, about), words).toBe(false)
  })

  it('are found on more bindings than a few with the same words, whatever case and punctuation', () => {
    const said = (n: number) =>
      Array.from({ length: n }, (_, place) => ({
        id: String(place),
        necessity: place % 2 ? 'Læser journalen før besøg.' : 'læser JOURNALEN, før besøg',
        about: [],
      }))
    expect(emptyWords(said(COPIED_FROM))).toEqual([])
    const copied = emptyWords(said(COPIED_FROM + 1))
    expect(copied).toHaveLength(COPIED_FROM + 1)
    expect(new Set(copied.map(one => `${one.why} ${one.key} ${one.count}`))).toEqual(
      new Set([`copied laeser journalen foer besoeg ${COPIED_FROM + 1}`]),
    )
  })

  it('are a finding of the binding, and what is said in own words is none', async () => {
    const activityId = await inForce()
    await database.db.transaction(async tx => {
      await town.bind(
        tx,
        { level: 'system', systemId: town.systems.sbsys! },
        { activityId, necessity: 'Arbejdsmæssigt behov' },
      )
      await town.bind(tx, { level: 'system', systemId: town.systems.kmd! }, { activityId })
    })
    expect(await found('empty-words')).toHaveLength(1)
    expect(await detailOf(database.db, 'empty-words')).toEqual({ why: 'circular', words: 'Arbejdsmæssigt behov' })
  })
})
