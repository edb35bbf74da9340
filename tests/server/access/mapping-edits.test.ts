import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MappingStep } from '#contract/mappings.ts'
import {
  changeMappings,
  previewMappings,
  undoMappingChange,
} from '../../../server/access/mappings/mapping-change-service.ts'
import { mappingChangesView } from '../../../server/access/mappings/mapping-views.ts'
import { patternView } from '../../../server/access/mappings/pattern-view.ts'
import { mapGroups } from '../../../server/systems/group-mapping.ts'
import { actor } from '../../support/actors.ts'
import { counted } from '../../support/counted.ts'
import { testDatabase } from '../../support/database.ts'
import { account, entitlement, group, municipality, person, system } from '../../support/municipality.ts'

const database = testDatabase()
const it1 = actor(['it'], { userId: '00000000-0000-4000-8000-0000000000a1' })
const names = ['GRP-one', 'GRP-two', 'GRP-inner', 'Other', 'APP_x']
const rights = ['a/read', 'a/write', 'b/x']
const dn = (name: string) => `CN=${name},DC=test`
const FILE = [
  ['GRP-*', 'a/read'],
  ['*-inner', 'a/write'],
  ['Other', 'b/x'],
] as const
const yaml = (lines: readonly (readonly [string, string])[]) =>
  `mappings:\n${lines.map(([cn, right]) => `  - { source: ad, match: { cn: '${cn}' }, entitlement: ${right} }`).join('\n')}`

let town: ReturnType<typeof municipality>
async function start() {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [person('p0')])
  await town.feed('systems', [
    system('a', { name: 'A' }),
    system('b', { name: 'B' }),
    ...rights.map(key => entitlement(key, { name: key })),
  ])
  await town.rules(yaml(FILE))
  await town.feed('ad', [
    account('k0', { username: 'k0', dn: dn('k0'), employeeNo: 'e0' }),
    ...names.map(name => group(name, { name, dn: dn(name), members: [dn('k0')] })),
  ])
}

type Mapping = { id: string; source: string; pattern: string; entitlement: string; origin: 'file' | 'screen' }
const ask = <T>(sql: string, params: unknown[] = []) => database.db.snapshot(tx => tx.query<T & object>(sql, params))
/** In the order in which they are asked. */
const mappings = () =>
  ask<Mapping>(
    'select id, source, pattern, entitlement, origin from group_mapping where off_at is null order by position, id',
  )
const inWords = async () => (await mappings()).map(one => `${one.pattern} ${one.entitlement} ${one.origin}`)
const given = () =>
  ask<{ name: string; key: string }>(
    `select g.name, e.key from group_entitlement ge join directory_group g on g.id = ge.group_id
     join entitlement e on e.id = ge.entitlement_id order by 1, 2`,
  )
const find = async (pattern: string) => (await mappings()).find(one => one.pattern === pattern)!.id
const who = (one = it1) => ({ actor: one, now: town.when.now, today: town.when.today })
const change = (steps: MappingStep[], one = it1) =>
  database.db.transaction(async tx => {
    const { hash } = await previewMappings(tx, steps, who(one))
    return changeMappings(tx, { steps, hash, reason: null }, who(one))
  })
const undo = (changeId: string) => database.db.transaction(tx => undoMappingChange(tx, changeId, who()))
const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    error => error as { problem: string; info: { errors?: { where: string; what: string }[] } },
  )
type Place = 'keep' | 'first' | 'last'
const becomes = (mapping: string, pattern: string, right: string, place: Place): MappingStep => ({
  ...{ do: 'change', mapping, source: 'ad', pattern, entitlement: right, place },
})

describe('editing a mapping', () => {
  it('corrects its right where it stands, so that no other comes first', async () => {
    await start()
    const gives = async () => (await given()).filter(one => one.name === 'GRP-inner').map(one => one.key)
    expect(await gives()).toEqual(['a/read'])
    const done = await change([becomes(await find('GRP-*'), 'GRP-*', 'b/x', 'keep')])
    expect(await inWords()).toEqual(['GRP-* b/x screen', '*-inner a/write file', 'Other b/x file'])
    expect(await gives()).toEqual(['b/x'])
    await undo(done.changeId)
    expect(await inWords()).toEqual(FILE.map(one => `${one.join(' ')} file`))
    expect(await gives()).toEqual(['a/read'])
    // Moved to the end, another mapping does come first: that has to be asked for.
    await change([becomes(await find('GRP-*'), 'GRP-*', 'b/x', 'last')])
    expect(await gives()).toEqual(['a/write'])
  })

  it("may be of its place alone, and what a file declares is the screen's then", async () => {
    await start()
    const moved = await change([becomes(await find('*-inner'), '*-inner', 'a/write', 'first')])
    expect(moved).toMatchObject({ applied: true, groups: 1 })
    const now = ['*-inner a/write screen', 'GRP-* a/read file', 'Other b/x file']
    expect(await inWords()).toEqual(now)
    expect((await given()).find(one => one.name === 'GRP-inner')?.key).toBe('a/write')
    await town.rules(yaml(FILE))
    expect(await inWords()).toEqual(now)
    const [logged] = (await database.db.snapshot(tx => mappingChangesView(tx, it1))).rows
    expect(logged?.steps).toEqual([{ do: 'move', what: '*-inner', gives: 'a/write' }])
    await undo(moved.changeId)
    expect(await inWords()).toEqual(FILE.map(one => `${one.join(' ')} file`))
  })

  it('is not taken back over a later move', async () => {
    await start()
    const id = await find('*-inner')
    const first = await change([becomes(id, '*-inner', 'a/write', 'first')])
    await change([becomes(id, '*-inner', 'a/write', 'last')])
    expect((await problemOf(undo(first.changeId)))?.problem).toBe('conflict')
  })

  it('names the field that is wrong, and leaves everything as it was', async () => {
    await start()
    const before = [await inWords(), await given()]
    const id = await find('GRP-*')
    const wrong: [MappingStep, string, string][] = [
      [becomes(id, 'GRP-*', 'a/nothing', 'keep'), 'entitlement', 'entitlement-unknown'],
      [becomes(id, 'GRP-*', 'a/{2}', 'keep'), 'entitlement', 'mapping-unknown-star'],
      [becomes(id, 'GRP-*', 'A', 'keep'), 'entitlement', 'entitlement-key-invalid'],
      [becomes(id, 'Other', 'b/x', 'keep'), 'pattern', 'mapping-exists'],
      [becomes(id, 'GRP-*', 'a/read', 'keep'), 'pattern', 'mapping-unchanged'],
      [{ ...becomes(id, 'X', 'a/read', 'keep'), source: 'nowhere' } as MappingStep, 'source', 'source-unknown'],
      [{ do: 'add', source: 'ad', pattern: 'Other', entitlement: 'b/x', place: 'first' }, 'pattern', 'mapping-exists'],
    ]
    for (const [step, where, what] of wrong) {
      const found = await problemOf(change([step]))
      expect([what, found?.problem, found?.info.errors]).toEqual([what, 'mapping-invalid', [{ where, what }]])
    }
    expect([await inWords(), await given()]).toEqual(before)
    // Gone in the meantime: that is another's doing, and said as such.
    await change([{ do: 'remove', mapping: id }])
    expect((await problemOf(change([becomes(id, 'GRP-*', 'a/write', 'keep')])))?.problem).toBe('conflict')
  })

  it('is for IT, as every pattern is', async () => {
    await start()
    const [{ id: a } = { id: '' }] = await ask<{ id: string }>(`select id from it_system where key = 'a'`)
    const owner = actor(['systemowner'], { systems: [a] })
    for (const place of ['keep', 'first'] as const)
      expect((await problemOf(change([becomes(await find('GRP-*'), 'GRP-*', 'a/write', place)], owner)))?.problem).toBe(
        'not-allowed',
      )
  })

  it('takes out before it puts in: one that is removed and added in one change is moved', async () => {
    await start()
    await change([{ do: 'add', source: 'ad', pattern: 'APP_*', entitlement: 'a/read', place: 'last' }])
    const again = await change([
      { do: 'remove', mapping: await find('APP_*') },
      { do: 'add', source: 'ad', pattern: 'APP_*', entitlement: 'a/read', place: 'first' },
    ])
    expect((await inWords())[0]).toBe('APP_* a/read screen')
    await undo(again.changeId)
    expect((await inWords()).at(-1)).toBe('APP_* a/read screen')
  })

  /** What a list in memory would do. */
  type Edit = { at: number; pattern: string; right: string; place: Place; alone: boolean }
  const edit: fc.Arbitrary<Edit> = fc.record({
    at: fc.nat(3),
    pattern: fc.constantFrom('GRP-*', '*', '*-inner', 'other', 'APP_*'),
    right: fc.constantFrom(...rights),
    place: fc.constantFrom('keep' as const, 'first' as const, 'last' as const),
    alone: fc.boolean(),
  })
  it('does to the order what a list does, and taken back leaves the list of before', async () => {
    await start()
    const groups = await ask<{ id: string; source: string; name: string }>(
      'select id, source, name from directory_group',
    )
    let moved = 0
    await fc.assert(
      fc.asyncProperty(edit, fc.boolean(), async ({ at, pattern, right, place, alone }, keep) => {
        const before = await mappings()
        const old = before[at % before.length]!
        const next = alone ? old : { ...old, pattern, entitlement: right }
        const same = next.pattern === old.pattern && next.entitlement === old.entitlement
        const text = (one: { pattern: string; entitlement: string }) => `${one.pattern} ${one.entitlement}`
        const step = becomes(old.id, next.pattern, next.entitlement, place)
        const rest = before.filter(one => one !== old)
        if ((same && place === 'keep') || rest.some(one => text(one) === text(next))) {
          expect((await problemOf(change([step])))?.problem).toBe('mapping-invalid')
          expect(await mappings()).toEqual(before)
          return
        }
        const to = place === 'first' ? 0 : place === 'last' ? rest.length : before.indexOf(old)
        const wanted = rest.toSpliced(to, 0, next)
        const done = await change([step])
        if (same) moved++
        expect((await mappings()).map(text)).toEqual(wanted.map(text))
        const expected = mapGroups(groups, wanted).map(one => ({
          name: groups.find(other => other.id === one.groupId)!.name,
          key: one.entitlement,
        }))
        const inOrder = (rows: { name: string; key: string }[]) => rows.map(one => `${one.name} ${one.key}`).sort()
        expect(inOrder(await given())).toEqual([...new Set(inOrder(expected))])
        if (keep) return
        await undo(done.changeId)
        expect(await mappings()).toEqual(before)
      }),
      { numRuns: 60 },
    )
    expect(moved).toBeGreaterThan(3)
  }, 120_000)
})

describe('what a pattern catches, while one writes it', () => {
  type Ask = Parameters<typeof patternView>[1]
  const view = (body: Partial<Ask> & { pattern: string }) =>
    database.db.snapshot(tx => patternView(tx, { source: 'ad', place: 'last', offset: 0, limit: 50, ...body }))

  it('shows those that mappings disagree about first, then rights that no system has, and all of them by pages', async () => {
    await start()
    const many = Array.from({ length: 30 }, (_, n) => `GRP-a${String(n).padStart(2, '0')}`)
    await town.feed(
      'ad',
      many.map(name => group(name, { name, dn: dn(name), members: [] })),
    )
    // GRP-inner and GRP-* give rights of a: written first, this one takes them from the others.
    const asked = { pattern: 'GRP-*', entitlement: 'a/write', place: 'first' as const, replaces: await find('GRP-*') }
    const [first, second] = [await view({ ...asked, limit: 12 }), await view({ ...asked, limit: 12, offset: 12 })]
    expect(first).toMatchObject({ total: 33, conflicts: 0, given: 33 })
    expect(second.rows.map(row => row.name)).toEqual(many.slice(12, 24))
    // Inner is what "*-inner" would give another right of a: it would be the last of them by name.
    const wide = { pattern: '*', entitlement: 'a/read', place: 'first' as const, replaces: await find('GRP-*') }
    const planted = await view({ ...wide, limit: 12 })
    expect(planted).toMatchObject({ total: 35, conflicts: 1 })
    expect(planted.rows[0]).toMatchObject({ name: 'GRP-inner', conflict: true, taken: false, gives: 'a/read' })
    const all = [0, 12, 24].map(offset => view({ ...wide, limit: 12, offset }))
    expect(new Set((await Promise.all(all)).flatMap(page => page.rows.map(row => row.name))).size).toBe(35)
    // It loses as well as it wins: last, the same group is the other's.
    const last = await view({ ...wide, place: 'last' })
    expect(last.rows[0]).toMatchObject({ name: 'GRP-inner', conflict: true, taken: true, now: 'a/read' })
    // What no system has comes next.
    const unknown = await view({ pattern: '*', entitlement: 'b/{1}', place: 'first' })
    expect(unknown.rows[0]).toMatchObject({ name: 'Other', conflict: true, known: false })
    expect(unknown.rows[1]).toMatchObject({ conflict: false, known: false })
  })

  it('counts what a count by hand counts, of whatever mappings there are', async () => {
    await start()
    const groups = (
      await ask<{ id: string; source: string; name: string }>('select id, source, name from directory_group')
    ).sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    const one = fc.record({
      pattern: fc.constantFrom('GRP-*', '*', '*-inner', 'other', 'APP_*', 'GRP-*n*', 'G*-*'),
      entitlement: fc.constantFrom('a/read', 'a/write', 'b/x', 'b/none', 'a/{1}'),
    })
    let conflicts = 0
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(one, { maxLength: 5, selector: row => JSON.stringify(row) }),
        one,
        fc.constantFrom('keep' as const, 'first' as const, 'last' as const),
        fc.nat(5),
        async (stored, written, place, at) => {
          await database.db.transaction(async tx => {
            await tx.query('delete from group_entitlement')
            await tx.query('delete from group_mapping')
            await tx.query(
              `insert into group_mapping (source, pattern, entitlement, position)
               select 'ad', w.pattern, w.entitlement, w.n from rows from (jsonb_to_recordset($1::jsonb)
                 as (pattern text, entitlement text)) with ordinality as w (pattern, entitlement, n)`,
              [JSON.stringify(stored)],
            )
          })
          const before = await mappings()
          const replaced = before[at]
          const answer = await view({ ...written, place, ...(replaced ? { replaces: replaced.id } : {}) })

          // By hand: patterns as expressions, and each mapping asked alone.
          const fresh = { ...written, id: 'new', source: 'ad' }
          const others = before.filter(row => row !== replaced)
          const to = place === 'first' ? 0 : place === 'keep' && replaced ? before.indexOf(replaced) : others.length
          const list = others.toSpliced(to, 0, fresh as never)
          const fits = new RegExp(`^${written.pattern.replaceAll('*', '.*')}$`, 'i')
          const alone = (row: (typeof list)[number], of: (typeof groups)[number]) =>
            mapGroups([of], [row])[0]?.entitlement
          const system = (key: string) => key.split('/')[0]
          const known = new Set(rights)
          const rows = groups
            .filter(row => fits.test(row.name))
            .map(of => {
              const given = mapGroups([of], list)
              const keys = given.map(row => row.entitlement)
              const decides = given.some(row => row.mappingId === 'new')
              const own = alone(fresh as never, of)
              const sides = decides
                ? list
                    .filter(row => !given.some(other => other.mappingId === row.id))
                    .flatMap(row => alone(row, of) ?? [])
                    .filter(key => !keys.includes(key))
                : own !== undefined && !keys.includes(own)
                  ? keys
                  : []
              const conflict = own !== undefined && sides.some(key => system(key) === system(own))
              return {
                name: of.name,
                decides,
                taken: given.length > 0 && !decides,
                unknown: decides && !known.has(own!),
                conflict,
              }
            })
          const order = [
            ...rows.filter(row => row.conflict),
            ...rows.filter(row => !row.conflict && row.unknown),
            ...rows.filter(row => !row.conflict && !row.unknown),
          ]
          expect(answer).toMatchObject({
            total: rows.length,
            taken: rows.filter(row => row.taken).length,
            given: rows.filter(row => row.decides && !row.unknown).length,
            unknown: rows.filter(row => row.unknown).length,
            conflicts: rows.filter(row => row.conflict).length,
          })
          expect(answer.rows.map(row => row.name)).toEqual(order.map(row => row.name))
          expect(answer.rows.map(row => row.conflict)).toEqual(order.map(row => row.conflict))
          conflicts += answer.conflicts
        },
      ),
      { numRuns: 150 },
    )
    expect(conflicts).toBeGreaterThan(20)
  }, 120_000)

  it('takes four statements', async () => {
    await start()
    await database.db.snapshot(async tx => {
      const one = counted(tx)
      await patternView(one.tx, {
        source: 'ad',
        pattern: '*',
        entitlement: 'a/read',
        place: 'last',
        offset: 0,
        limit: 12,
      })
      expect(one.statements.length).toBe(4)
    })
  })
})
