import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapGroups } from '../../../server/systems/group-mapping.ts'
import { createMapper, describeMappings, issuesOf } from '../../../server/systems/mappings/describe-mappings.ts'
import {
  type Conversant,
  createProposer,
  type OpenGroup,
  type Overlap,
  type Right,
} from '../../../server/systems/mappings/propose-groups.ts'
import { likeOneOf, wordsOf } from '../../../server/systems/mappings/words.ts'

const right = (key: string, name: string, more: Partial<Right> = {}): Right => ({
  id: key,
  key,
  name,
  description: null,
  system: key.split('/')[0]!,
  systemName: key.split('/')[0]!.replaceAll('-', ' '),
  privileged: false,
  home: null,
  ...more,
})
const group = (name: string, more: Partial<OpenGroup> = {}): OpenGroup => ({
  id: name,
  name,
  description: null,
  people: 0,
  nestedIn: 0,
  unit: null,
  units: [],
  ...more,
})
const rights = [
  right('kmd-nexus/medicin', 'Medicin'),
  right('kmd-nexus/laes', 'Læseadgang'),
  right('kmd-nexus/administrator', 'Administrator', { privileged: true }),
  right('sbsys/laes', 'Læseadgang'),
  right('sbsys/sagsbehandler', 'Sagsbehandler'),
  right('opus-loen/loenkoersel', 'Lønkørsel'),
]
const propose = (one: OpenGroup, { overlaps = [], ...more }: Partial<Conversant & { overlaps: Overlap[] }> = {}) =>
  createProposer({ rights, mapped: [], aside: [], ...more })([one], overlaps)[0]!
const overlap = (groupId: string, rightId: string, shared: number, expected: number) => ({
  groupId,
  rightId,
  shared,
  expected,
})

describe('words of a name', () => {
  it('are the same however they are joined and whatever letters are written', () => {
    expect(wordsOf('GG-KMDNexus_Læs')).toEqual(['gg', 'kmd', 'nexus', 'laes'])
    expect(wordsOf('Opus Løn / kørsel')).toEqual(['opus', 'loen', 'koersel'])
    expect(wordsOf('Afde\u0301ling')).toEqual(['afdeling'])
  })
  it('are like one another when one is short for the other, and numbers only like themselves', () => {
    const like = likeOneOf(['sagsbehandler', '2024', 'medicin'])
    expect(like('sagsb').get('sagsbehandler')).toBeGreaterThanOrEqual(0.8)
    expect([...like('2023').keys()]).toEqual([])
    expect(like('medicin').get('medicin')).toBe(1)
    expect([...like('frokost').keys()]).toEqual([])
  })
})

describe('what a group may give', () => {
  it('is said strongly by a name with the system and the right, and by members who should hold it', () => {
    const one = group('GRP-KMDNexus-Medicin', { people: 20 })
    const { level, candidates } = propose(one, { overlaps: [overlap(one.id, 'kmd-nexus/medicin', 19, 21)] })
    expect(candidates[0]?.rightId).toBe('kmd-nexus/medicin')
    expect(level).toBe('strong')
    expect(candidates[0]?.reasons.map(reason => reason.code)).toEqual(expect.arrayContaining(['name', 'members']))
  })

  it('is never said strongly by members alone', () => {
    const one = group('Torsdagsholdet', { people: 20 })
    const { level, candidates } = propose(one, { overlaps: [overlap(one.id, 'sbsys/laes', 20, 20)] })
    expect(candidates[0]?.rightId).toBe('sbsys/laes')
    expect(level).toBe('weak')
  })

  it('is never said strongly where it administers', () => {
    const one = group('KMD Nexus Administrator', { people: 6, description: 'KMD Nexus, administrator' })
    const { level, candidates } = propose(one, { overlaps: [overlap(one.id, 'kmd-nexus/administrator', 6, 6)] })
    expect(candidates[0]?.rightId).toBe('kmd-nexus/administrator')
    expect(level).toBe('possible')
    expect(candidates[0]?.reasons.map(reason => reason.code)).toContain('privileged')
  })

  it('is doubted where nearly nobody in it should hold it', () => {
    const named = propose(group('SBSYS sagsbehandler', { people: 2 })).candidates[0]!
    const foreign = propose(group('SBSYS sagsbehandler', { people: 40 })).candidates[0]!
    expect(foreign.confidence).toBeLessThan(named.confidence)
    expect(foreign.reasons.map(reason => reason.code)).toContain('few-members')
  })

  describe('by the units of its members', () => {
    const nord = (share: number) => ({ units: [{ id: 'nord', name: 'Hjemmeplejen Nord', share }] })
    const at = (by: 'holders' | 'system') =>
      rights.map(one => (one.id === 'kmd-nexus/medicin' ? { ...one, home: { unit: 'nord', by } } : one))
    const confidence = (one: OpenGroup, by?: 'holders' | 'system') =>
      propose(one, by ? { rights: at(by) } : {}).candidates.find(found => found.rightId === 'kmd-nexus/medicin')

    it('is told from others of its system before there is any rule, and said so; units alone propose nothing', () => {
      const [first, second] = propose(group('KMD Nexus', { people: 4, ...nord(1) }), {
        rights: at('holders'),
      }).candidates
      expect(first).toMatchObject({ rightId: 'kmd-nexus/medicin', level: 'weak' })
      expect(first?.reasons).toContainEqual({
        code: 'units-holders',
        values: { unit: 'Hjemmeplejen Nord', percent: 100 },
      })
      expect(second!.confidence).toBeLessThan(first!.confidence - 5)
      const half = confidence(group('KMD Nexus', { people: 4, ...nord(0.5) }), 'holders')
      expect(half).toEqual(confidence(group('KMD Nexus', { people: 4 })))
      const nameless = group('Torsdagsholdet', { people: 20, ...nord(1) })
      expect(propose(nameless, { rights: at('holders') }).candidates).toEqual([])
    })

    it('weighs more by those who hold the right than by the unit of its system, and less than a name', () => {
      const one = group('Nexus Medicin', { people: 4, ...nord(1) })
      const [none, system, holders] = [confidence(one), confidence(one, 'system'), confidence(one, 'holders')]
      expect(system!.confidence).toBeGreaterThan(none!.confidence)
      expect(holders!.confidence).toBeGreaterThan(system!.confidence)
      expect(system!.reasons.map(reason => reason.code)).toEqual(['name', 'units-system'])
      // The unit of a system has many systems: a name is not made certain by it.
      expect(confidence(group('KMD Nexus Medicin', { people: 4, ...nord(1) }), 'system')?.level).toBe('possible')
    })

    it('only ever speaks for a right, the more the more of them belong there, and never of a unit that is the group', () => {
      fc.assert(
        fc.property(
          fc.constantFrom('Torsdagsholdet', 'Nexus', 'KMD Nexus Medicin', 'SBSYS sagsbehandler'),
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.constantFrom('holders' as const, 'system' as const),
          (name, one, other, by) => {
            const [less, more] = one < other ? [one, other] : [other, one]
            const said = (share: number, own: Partial<OpenGroup> = {}) =>
              confidence(group(name, { people: 9, ...nord(share), ...own }), by)?.confidence ?? 0
            const silent = confidence(group(name, { people: 9 }))?.confidence ?? 0
            // What is close to it is doubted: compared without that.
            const alone = (share: number) =>
              createProposer({ rights: at(by).slice(0, 1), mapped: [], aside: [] })(
                [group(name, { people: 9, ...nord(share) })],
                [],
              )[0]!.candidates[0]?.confidence ?? 0
            expect(alone(more)).toBeGreaterThanOrEqual(alone(less))
            expect(alone(less)).toBeGreaterThanOrEqual(alone(0))
            expect(said(more, { unit: 'Hjemmeplejen Nord' })).toBe(silent)
          },
        ),
        { numRuns: 200 },
      )
    })
  })

  it('learns from mapped groups what this town calls a system and a right', () => {
    const mapped = ['a', 'b', 'c'].flatMap(letter => [
      { name: `SEC_NEX_RW_${letter}`, rightId: 'kmd-nexus/medicin' },
      { name: `SEC_NEX_RO_${letter}`, rightId: 'kmd-nexus/laes' },
      { name: `SEC_SB_RO_${letter}`, rightId: 'sbsys/laes' },
      { name: `SEC_OP_X_${letter}`, rightId: 'opus-loen/loenkoersel' },
    ])
    expect(propose(group('SEC_NEX_RO_d')).candidates[0]?.rightId).not.toBe('kmd-nexus/laes')
    const { candidates } = propose(group('SEC_NEX_RO_d'), { mapped })
    expect(candidates[0]?.rightId).toBe('kmd-nexus/laes')
    expect(candidates[0]?.reasons[0]?.code).toBe('convention')
  })

  it('is nothing for a group that is part of others or a unit, or begins as those that were set aside', () => {
    for (const more of [{ nestedIn: 2 }, { unit: 'Hjemmeplejen' }]) {
      const found = propose(group('Hjemmepleje nord', { people: 9, ...more }))
      expect(found).toMatchObject({ notRight: true, level: 'none' })
    }
    const aside = ['DL-a', 'DL-b', 'DL-c']
    expect(propose(group('DL-nye'), { aside }).notRightReasons[0]).toEqual({
      code: 'set-aside',
      values: { word: 'dl', groups: 3 },
    })
    // A word that groups with rights begin with too says nothing.
    const mapped = [{ name: 'DL-x', rightId: 'sbsys/laes' }]
    expect(propose(group('DL-nye'), { aside, mapped }).notRight).toBe(false)
    expect(propose(group('DL-nye'), { aside: aside.slice(1) }).notRight).toBe(false)
  })

  it('finds every right by its own name in every common way of writing it', () => {
    for (const one of rights.filter(other => !other.privileged))
      for (const name of [
        `GRP-${one.systemName.replaceAll(' ', '')}-${one.name}`,
        `${one.systemName} ${one.name}`,
        `SEC_${one.system.toUpperCase()}_${one.key.split('/')[1]}`,
      ])
        expect([name, propose(group(name)).candidates[0]?.rightId]).toEqual([name, one.id])
  })
})

describe('what mappings catch', () => {
  const letter = fc.constantFrom('a', 'b', 'A', '-', '_')
  const name = fc.string({ unit: letter, minLength: 1, maxLength: 5 })
  const pattern = fc.string({ unit: fc.oneof(letter, fc.constant('*')), minLength: 1, maxLength: 5 })
  const target = fc.constantFrom('sys/x', 'sys/{1}', 'other/y', 'sys/', '{1}/{2}')
  const mappings = fc.array(fc.record({ source: fc.constantFrom('ad', 'b'), pattern, entitlement: target }), {
    maxLength: 8,
  })

  it('is what they give: the one that describes and the one that maps answer the same', () => {
    fc.assert(
      fc.property(mappings, fc.array(name, { maxLength: 6 }), (list, names) => {
        const all = list.map((one, place) => ({ ...one, id: String(place) }))
        const groups = names.map((one, place) => ({ id: String(place), source: 'ad', name: one }))
        const mapper = createMapper(all)
        const described = groups.flatMap(one =>
          mapper(one).deciding.map(fit => ({
            groupId: one.id,
            entitlement: fit.entitlement,
            mappingId: fit.mapping.id,
          })),
        )
        expect(described).toEqual(mapGroups(groups, all))
      }),
      { numRuns: 500 },
    )
  })

  it('names a mapping that catches nothing, one that others come before, and two that disagree', () => {
    const groups = ['APP_x_laes', 'APP_x_skriv'].map(one => ({ id: one, source: 'ad', name: one }))
    const mapping = (id: string, text: string, entitlement: string) => ({
      id,
      source: 'ad',
      pattern: text,
      entitlement,
    })
    const { facts, conflicts } = describeMappings(
      groups,
      [
        mapping('wide', 'APP_x_*', 'x/{1}'),
        mapping('shadowed', 'APP_x_laes', 'x/laes'),
        mapping('other', 'APP_x_skriv', 'x/alt'),
        mapping('nothing', 'GRP_*', 'x/{1}'),
        mapping('elsewhere', 'app_X_laes', 'y/laes'),
      ],
      new Set(['x/laes', 'x/skriv', 'x/alt', 'y/laes']),
    )
    const issues = Object.fromEntries([...facts].map(([id, one]) => [id, issuesOf(one)]))
    expect(issues).toEqual({
      wide: [],
      shadowed: ['shadowed'],
      other: ['conflict', 'shadowed'],
      nothing: ['catches-nothing'],
      elsewhere: ['shadowed'],
    })
    expect(conflicts.map(one => [one.group.name, one.wins.entitlement, one.loses.entitlement])).toEqual([
      ['APP_x_skriv', 'x/skriv', 'x/alt'],
    ])
  })
})
