import { expect, test } from 'vitest'
import { addDays } from '../../../../server/platform/civil-date.ts'
import { shippedTerms } from '../../../../server/register/vocabulary/read-terms.ts'
import { isStale, type Term } from '../../../../server/register/vocabulary/vocabulary.ts'
import {
  insertTerm,
  loadTerms,
  lockTerm,
  seedVocabularies,
  updateTerm,
} from '../../../../server/register/vocabulary/vocabulary-store.ts'
import { vocabularyPage } from '../../../../server/register/vocabulary/vocabulary-views.ts'
import { testDatabase } from '../../../support/database.ts'

const at = testDatabase()
const today = '2026-03-02'
const now = new Date('2026-03-02T09:00:00Z')
const own = { kind: 'data', code: 'DRONE', da: 'Droneoptagelser', en: 'Drone recordings', class: 'ordinary' } as const
const page = { offset: 0, limit: 200, today }

test('seeding again writes nothing; a newer version changes its own words and nobody else’s', () =>
  at.db.transaction(async tx => {
    expect(await seedVocabularies(tx)).toBe(shippedTerms().length)
    expect(await seedVocabularies(tx)).toBe(0)
    const term: Term = {
      ...{ ...own, dpv: [], noteDa: null, noteEn: null, link: null, checkedOn: null, expiresOn: null },
      ...{ origin: 'own', retired: false },
    }
    expect(await insertTerm(tx, term)).toBe(true)
    expect(await insertTerm(tx, { ...term, code: 'HEA' })).toBe(false)
    // The town retires a shipped term and looks a decision up; an earlier version had other words for a third.
    const [sex, swiss] = [await lockTerm(tx, 'data', 'SEX'), await lockTerm(tx, 'adequacy', 'CH')]
    await updateTerm(tx, { ...sex!, retired: true }, now)
    await updateTerm(tx, { ...swiss!, checkedOn: today, expiresOn: '2030-01-01' }, now)
    await tx.query(`update vocabulary_term set da = 'Sygdom' where kind = 'data' and code = 'HEA'`)
    expect(await seedVocabularies(tx)).toBe(1)
    const terms = new Map((await loadTerms(tx)).map(one => [`${one.kind} ${one.code}`, one]))
    expect(terms.get('data HEA')?.da).toMatch(/^Helbred/)
    expect(terms.get('data SEX')?.retired).toBe(true)
    expect(terms.get('adequacy CH')).toMatchObject({ checkedOn: today, expiresOn: '2030-01-01' })
    expect(terms.get('data DRONE')).toMatchObject({ da: own.da, origin: 'own' })
  }))

test('a page finds by words, leaves retired terms out and says what should be looked up again', () =>
  at.db.transaction(async tx => {
    const found = await vocabularyPage(tx, { ...page, kind: 'data', search: 'medicin FUNKTION' })
    expect(found.rows.map(row => row.code)).toEqual(['HEA'])
    const data = await vocabularyPage(tx, { ...page, kind: 'data' })
    expect(data.rows.map(row => row.code)).not.toContain('SEX')
    expect(data.rows.at(-1)?.code).toBe('DRONE')
    expect((await vocabularyPage(tx, { ...page, kind: 'data', state: 'retired' })).rows.map(row => row.code)).toEqual([
      'SEX',
    ])
    expect((await vocabularyPage(tx, { ...page, kind: 'data', state: 'own' })).total).toBe(1)
    const adequacy = await vocabularyPage(tx, { ...page, kind: 'adequacy' })
    expect(adequacy.stale).toBe(adequacy.total - 1)
    expect(adequacy.rows.find(row => row.code === 'CH')?.stale).toBe(false)
    // The words on the screen and the rule that remarks go by are the same.
    for (const row of adequacy.rows) expect(isStale(row, today)).toBe(row.stale)
    for (const days of [180, 181]) {
      const later = addDays(today, days)
      const [swiss] = (await vocabularyPage(tx, { ...page, kind: 'adequacy', search: 'schweiz', today: later })).rows
      expect(swiss?.stale).toBe(days > 180)
      expect(isStale(swiss!, later)).toBe(days > 180)
    }
    const none = await vocabularyPage(tx, { ...page, kind: 'data', search: 'findes-ikke' })
    expect(none).toMatchObject({ rows: [], total: 0 })
  }))

test('counts each activity once, however many of its rows use the term', () =>
  at.db.transaction(async tx => {
    await tx.query(
      `insert into activity (id, ref, kind, created_at, created_by)
       values ('00000000-0000-4000-8000-000000000001', 'BA-001', 'controller', now(), 'test')`,
    )
    const content = {
      ...{ transfers: [{ ground: '45', country: 'CH' }], measures: ['A01'] },
      // Two of one kind, and one from before there were kinds.
      purposes: [{ broader: 'treatment' }, { broader: 'treatment' }, { key: 'a' }],
    }
    for (const [number, state] of ['draft', 'rejected'].entries())
      await tx.query(
        `insert into activity_version (id, activity_id, number, state, content, author, made_at, changed_at)
         values ($1, '00000000-0000-4000-8000-000000000001', $2, $3, $4, 'test', now(), now())`,
        [`00000000-0000-4000-8000-00000000001${number}`, number + 1, state, JSON.stringify(content)],
      )
    await tx.query(
      `insert into activity_row (version_id, place, subject, data, recipient)
       values ('00000000-0000-4000-8000-000000000010', 1, 'PAT', 'HEA', null),
         ('00000000-0000-4000-8000-000000000010', 2, 'ELD', 'HEA', 'R-GP'),
         ('00000000-0000-4000-8000-000000000011', 1, 'PAT', 'CPR', null)`,
    )
    await tx.query(
      `insert into activity_purpose (version_id, key, place, name, art6, art9, national, provisions)
       values ('00000000-0000-4000-8000-000000000010', 'a', 1, 'A', '6.1.e', '{9.2.h}', '{DBL11.1}', $1)`,
      [JSON.stringify([{ law: 'Sundhedsloven' }])],
    )
    const used = async (kind: Parameters<typeof vocabularyPage>[1]['kind']) =>
      (await vocabularyPage(tx, { ...page, kind, state: 'used' })).rows.map(row => `${row.code} ${row.activities}`)
    expect(await used('data')).toEqual(['HEA 1'])
    expect(await used('subject')).toEqual(['ELD 1', 'PAT 1'])
    expect(await used('recipient')).toEqual(['R-GP 1'])
    expect(await used('basis6')).toEqual(['6.1.e 1'])
    expect(await used('basis9')).toEqual(['9.2.h 1'])
    expect(await used('national')).toEqual(['DBL11.1 1'])
    expect(await used('law')).toEqual(['sundhed 1'])
    expect(await used('purpose-kind')).toEqual(['treatment 1'])
    expect(await used('transfer-ground')).toEqual(['45 1'])
    expect(await used('adequacy')).toEqual(['CH 1'])
    expect(await used('measure')).toEqual(['A01 1'])
    expect(await used('operation')).toEqual([])
  }))
