import { beforeAll, describe, expect, test } from 'vitest'
import { syncPurposes } from '../../../server/access/purposes/purpose-findings.ts'
import { demoBindings } from '../../../server/setup/bindings.ts'
import { demoCompliance } from '../../../server/setup/compliance.ts'
import { liveFortnight } from '../../../server/setup/fortnight/fortnight.ts'
import { demoReach } from '../../../server/setup/reach.ts'
import { demoRecords } from '../../../server/setup/records.ts'
import { demoRegister } from '../../../server/setup/register.ts'
import { demoTown } from '../../support/demo-town.ts'

/* The fortnight of the demonstration: all of it came in by the doors that everybody uses. */
const town = demoTown()
const rows = async <Row>(sql: string, params: unknown[] = []): Promise<Row[]> =>
  (await town.house.db.source.query(sql, params)) as Row[]
const state = async () => ({
  cases: await rows<{ kind: string; door: string; state: string }>(
    `select kind, door, state, confidential, effective_on::text as "on", person_id is not null as person,
       (select count(distinct author)::int from lifecycle_case) as authors
     from lifecycle_case order by kind, door, state, effective_on, id`,
  ),
  events: await rows<{ subject: string; state: string; why: string | null }>(
    `select e.subject, e.type, s.state, s.why from hr_event e join hr_event_state s on s.event_id = e.id
     order by e.subject, e.type`,
  ),
  tasks: await rows<{ state: string; n: number }>('select state, count(*)::int as n from task group by 1 order by 1'),
  facts: await rows('select count(*)::int as n from fact'),
  locks: await rows('select released_at from person_lock'),
})
let made: Awaited<ReturnType<typeof state>>
const open = () => rows('select code, count(*)::int as n from finding where closed_at is null group by 1 order by 1')
let due: unknown[]
let found: { once: unknown[]; anew: unknown[] }

beforeAll(async () => {
  due = await rows('select from finding_due')
  const once = await open()
  await town.house.db.transaction(tx => syncPurposes(tx, town.house.clock.today()))
  found = { once, anew: await open() }
  await liveFortnight(town.house, town.manifest)
  made = await state()
}, 120_000)

describe('what follows from what is said before it', () => {
  test('findings of the register are worked out once, and working them out anew finds the same', () => {
    expect(found.once.length).toBeGreaterThan(10)
    expect(found.anew).toEqual(found.once)
  })

  test('nothing is left for the first job to look at', () => {
    expect(due).toEqual([])
  })
})

describe('the fortnight of the demonstration', () => {
  test('people come, change, are away and go; drafts, what is past and what is confidential are among it', () => {
    const sent = made.cases.filter(one => one.state === 'sent')
    expect(new Set(sent.map(one => one.kind))).toEqual(new Set(['hire', 'move', 'absence', 'end']))
    for (const door of ['withdraw', 'extend', 'emergency'])
      expect(
        sent.some(one => one.door === door),
        door,
      ).toBe(true)
    expect(new Set(made.cases.map(one => one.state))).toEqual(new Set(['sent', 'draft', 'prepared']))
    expect(made.cases).toContainEqual(expect.objectContaining({ kind: 'end', state: 'draft', confidential: true }))
    const { today } = town.manifest
    const on = (kind: string) =>
      made.cases.filter(one => one.kind === kind).map(one => (one as { on?: string }).on ?? '')
    for (const kind of ['hire', 'end']) {
      expect(on(kind).some(day => day !== '' && day < today)).toBe(true)
      expect(on(kind).some(day => day > today)).toBe(true)
    }
    expect(made.cases[0]).toMatchObject({ authors: 3 })
  })

  test('two substitutes came for a shift, and one of them still waits for a second person', async () => {
    expect(made.cases.filter(one => one.door === 'vikar')).toHaveLength(2)
    expect(await rows('select from shift_cover where confirmed_at is null')).toHaveLength(1)
  })

  test('rights beside the rules wait for whoever has to say yes', async () => {
    expect(await rows('select distinct state from lifecycle_approval')).toEqual([{ state: 'waiting' }])
  })

  test('a system hands its owner a file, with accounts that are made, opened, closed, deleted and put right', async () => {
    const kinds = await rows<{ action: string }>(
      `select distinct o.action from provisioning_order o join system_connector c on c.system_id = o.system_id and c.enabled
       where o.account_type_id is not null`,
    )
    expect(kinds.map(one => one.action)).toEqual(
      expect.arrayContaining(['create', 'enable', 'disable', 'delete', 'set']),
    )
    expect(await rows(`select from order_hold`)).toEqual([])
    // Few enough to be looked through.
    const [all] = await rows<{ n: number }>('select count(*)::int as n from provisioning_order')
    expect(all!.n).toBeLessThan(2000)
  })

  test('payroll tells a week late of somebody who was reported, and of somebody whom nobody reported', async () => {
    expect(await rows(`select state from feed_run where source = 'loen-senere'`)).toEqual([{ state: 'done' }])
    // By name and birth date nobody is sure: somebody decides, and until then nothing is lost.
    expect(await rows(`select evidence, state from affiliation_match`)).toEqual([
      { evidence: 'name-birth-date', state: 'open' },
    ])
    for (const [given, family, count] of [
      ['Karla', 'Nørremark', 2],
      ['Bodil', 'Vestervang', 1],
    ] as const)
      expect(
        await rows('select from person_current where given_name = $1 and family_name = $2', [given, family]),
      ).toHaveLength(count)
  })

  test('who starts later is ordered for ahead', async () => {
    const ahead = await rows(
      `select o.id from provisioning_order o join affiliation_current ac on ac.person_id = o.person_id and ac.status = 'future'
       where o.action = 'grant' and o.due_on > $1`,
      [town.manifest.today],
    )
    expect(ahead.length).toBeGreaterThan(0)
  })

  test('an event that came twice is one, one that overtook its hire is carried out, and one about nobody waits', () => {
    const of = (subject: string) => made.events.filter(one => one.subject === subject)
    expect(of('v-1001').filter(one => one.state === 'applied')).toHaveLength(2)
    expect(of('v-1003').map(one => one.state)).toEqual(['applied', 'applied'])
    expect(of('v-9999')).toMatchObject([{ state: 'waiting', why: 'affiliation-unknown' }])
    expect(made.events.filter(one => one.state === 'unknown-type')).toHaveLength(1)
  })

  test('owners have tasks, one of them said to be done and waiting for a second person; somebody is locked', () => {
    expect(made.tasks.find(one => one.state === 'open')?.n).toBeGreaterThan(0)
    expect(made.tasks.find(one => one.state === 'second')?.n).toBe(1)
    expect(made.locks).toEqual([{ released_at: null }])
  })

  test('a set-up that was cut off after it and begins again changes nothing', async () => {
    const written = () =>
      rows(`select (select count(*)::int from activity_version) as versions, (select count(*)::int from purpose_binding) as bindings,
        (select count(*)::int from dated_record) as dated, (select count(*)::int from compliance_text) as texts,
        (select count(*)::int from legal_hold) as holds, (select count(*)::int from reach_snapshot) as figures`)
    const before = await written()
    const { house, manifest } = town
    for (const step of [demoRegister, demoBindings, demoRecords, demoCompliance, demoReach, liveFortnight])
      await step(house, manifest)
    expect(await written()).toEqual(before)
    expect(await state()).toEqual(made)
  })
})
