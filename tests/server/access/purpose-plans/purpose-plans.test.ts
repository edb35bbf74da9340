import { beforeEach, expect, it } from 'vitest'
import { lostBy, planEnding, restingOn } from '../../../../server/access/purpose-plans/on-ending.ts'
import { agreementEnded, decidePlan } from '../../../../server/access/purpose-plans/plan-service.ts'
import { purposePlansView } from '../../../../server/access/purpose-plans/plan-views.ts'
import { syncPurposes } from '../../../../server/access/purposes/purpose-findings.ts'
import { loadDraft } from '../../../../server/access/what-if/draft-store.ts'
import { approveDraft, workOut } from '../../../../server/access/what-if/drafts-service.ts'
import { controllerContent } from '../../../../server/contract/activity-content.ts'
import { keepActivity, retire } from '../../../../server/register/activities/activity-service.ts'
import type { Binding } from '../../../../server/register/bindings/binding.ts'
import * as bindings from '../../../../server/register/bindings/binding-service.ts'
import { addRecord, endRecord } from '../../../../server/register/records/record-service.ts'
import { AFTER_DECIDED } from '../../../../server/wiring.ts'
import { actor } from '../../../support/actors.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../../support/municipality.ts'
import { activityInForce } from '../../../support/register.ts'

const database = testDatabase()
const today = '2026-03-02'
const now = new Date('2026-03-02T09:00:00Z')
const when = { today, now }
const it_ = actor(['it'])
const second = { ...actor(['it']), userId: '00000000-0000-4000-8000-00000000cccc' }
let ids: Record<string, string>
let care: string
let cook: string

const RULES = `
rules:
  - key: nord
    name: Nord
    owner: HR
    state: active
    order: 10
    validFrom: '2020-01-01'
    conditions: { unitKey: '110' }
    entitlements: [a/basis, a/journal, b/mail]`

/** Two people with three rights in two systems: one for care alone, one for care and kitchen, one of which nothing is said. */
beforeEach(async () => {
  await database.reset()
  const town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'unit' }),
    unit('110', { name: 'Nord', unitKind: 'unit', parent: '100' }),
    position('ssa', { name: 'Assistent', category: 'care', titles: 'SSA' }),
    person('Ann'),
    person('Bo'),
    job('e-ann', 'Ann', { unit: '110', title: 'SSA' }),
    job('e-bo', 'Bo', { unit: '110', title: 'SSA' }),
  ])
  await town.feed('systems', [
    system('a', { name: 'A' }),
    system('b', { name: 'B' }),
    entitlement('a/basis', { name: 'Basis' }),
    entitlement('a/journal', { name: 'Journal', sensitivity: 'special' }),
    entitlement('b/mail', { name: 'Mail' }),
  ])
  await town.rules(RULES)
  ids = Object.fromEntries(
    (
      await read<{ key: string; id: string }>('select key, id from it_system union all select key, id from entitlement')
    ).map(row => [row.key, row.id]),
  )
  await database.db.transaction(async tx => {
    care = await activityInForce(tx, { ref: 'BA-1', name: 'Pleje' })
    cook = await activityInForce(tx, { ref: 'BA-2', name: 'Køkken' })
    const say = (object: Binding['object'], activityId: string) =>
      bindings.make(tx, it_, { object, terms: terms(activityId) }, when)
    await say({ level: 'entitlement', entitlementId: ids['a/journal']! }, care)
    await say({ level: 'entitlement', entitlementId: ids['a/basis']! }, care)
    await say({ level: 'entitlement', entitlementId: ids['a/basis']! }, cook)
  })
})

const terms = (activityId: string) => ({
  ...{ activityId, purposeKey: 'main', subjects: null, data: null, operations: [], scope: {}, until: null },
  ...{ necessity: 'Plejen skal kunne se og skrive i sagen.', reviewMonths: 12 },
})
const read = <Row>(sql: string, params: unknown[] = []) => database.db.snapshot(tx => tx.query<Row>(sql, params))
/** What people should hold, and what is ordered: neither may move by anything here. */
const access = () =>
  read(
    `select 'held ' || affiliation_id || entitlement_id as line from assignment
     union all select 'order ' || id from provisioning_order order by 1`,
  )
const plans = () => database.db.snapshot(tx => purposePlansView(tx, it_, {}, today))
const end = (by: typeof it_, rights?: number) =>
  database.db.transaction(async tx => {
    const ctx = { tx, actor: by, ...when }
    const resting = rights ?? (await restingOn(tx, care, today))
    const done = await retire(
      ctx,
      care,
      { from: today, reason: 'opgaven er flyttet' },
      { rights: resting, ending: planEnding },
    )
    await syncPurposes(tx, today)
    return done
  })

it('an activity that rights rest on is retired by two people; nobody loses anything, and the owner is asked', async () => {
  const before = await access()
  expect(await end(it_)).toEqual({ state: 'asked' })
  expect(await plans()).toEqual([])
  await expect(end(it_)).rejects.toMatchObject({ problem: 'second-person-needed' })
  expect(await end(second)).toEqual({ state: 'retired' })
  expect(await access()).toEqual(before)
  // What the kitchen needs as well keeps its purpose.
  expect(await plans()).toMatchObject([
    {
      ...{ cause: 'activity', system: { key: 'a' }, activity: { ref: 'BA-1' }, from: today, allowed: { decide: true } },
      rights: [{ entitlement: { key: 'a/journal' }, people: 2, choice: null, open: true }],
    },
  ])
  expect(
    await read(`select distinct code from finding where closed_at is null and code = 'purpose-ended'`),
  ).toHaveLength(1)
})

it('what somebody has asked for can be dropped by another', async () => {
  await end(it_)
  await database.db.transaction(tx => keepActivity({ tx, actor: second, ...when }, care))
  expect(await read('select 1 from activity_retirement')).toEqual([])
  expect(await end(it_)).toEqual({ state: 'asked' })
})

it('one that nothing rests on is retired at once', async () => {
  const idle = await database.db.transaction(tx => activityInForce(tx, { ref: 'BA-9', name: 'Ledig' }))
  expect(await database.db.snapshot(tx => restingOn(tx, idle, today))).toBe(0)
  const done = await database.db.transaction(tx =>
    retire(
      { tx, actor: it_, ...when },
      idle,
      { from: today, reason: 'opgaven er flyttet' },
      { rights: 0, ending: planEnding },
    ),
  )
  expect(done).toEqual({ state: 'retired' })
  expect(await plans()).toEqual([])
})

it('a right is bound anew or accepted until a day; on that day it waits again', async () => {
  await end(it_)
  await end(second)
  const [plan] = await plans()
  const journal = ids['a/journal']!
  const decide = (decisions: Parameters<typeof decidePlan>[3], by = it_) =>
    database.db.transaction(tx => decidePlan(tx, by, plan!.id, decisions, when))
  await expect(
    decide([{ choice: 'accept', entitlementId: ids['b/mail']!, until: '2026-04-01', reason: 'til ny aftale' }]),
  ).rejects.toMatchObject({ problem: 'data-invalid' })
  const owner = actor(['systemowner'], { systems: [ids.b!] })
  await expect(
    decide([{ choice: 'accept', entitlementId: journal, until: '2026-04-01', reason: 'til ny aftale' }], owner),
  ).rejects.toMatchObject({ problem: 'not-found' })
  await decide([{ choice: 'accept', entitlementId: journal, until: '2026-04-01', reason: 'til ny aftale' }])
  expect((await plans())[0]!.rights).toMatchObject([{ choice: 'accept', until: '2026-04-01', open: false }])
  const later = await database.db.snapshot(tx => purposePlansView(tx, it_, {}, '2026-04-01'))
  expect(later[0]!.rights).toMatchObject([{ open: true }])
  const words = 'Køkkenet skriver kosten i journalen.'
  await decide([{ choice: 'bind', entitlementId: journal, activityId: cook, purposeKey: 'main', necessity: words }])
  expect(
    await read(`select necessity from purpose_binding where necessity = $1 and upper_inf(recorded)`, [words]),
  ).toHaveLength(1)
  expect((await plans())[0]!.rights).toMatchObject([{ choice: 'bind', open: false }])
})

it('taking away is a what-if that somebody else approves: until then nothing moves', async () => {
  await end(it_)
  await end(second)
  const before = await access()
  const [plan] = await plans()
  const { draftId } = await database.db.transaction(tx =>
    decidePlan(
      tx,
      it_,
      plan!.id,
      [{ choice: 'take-away', entitlementId: ids['a/journal']!, reason: 'opgaven er slut' }],
      when,
    ),
  )
  expect(await access()).toEqual(before)
  const draft = (await database.db.snapshot(tx => loadDraft(tx, draftId!)))!
  expect(draft).toMatchObject({ onDate: today, changes: [{ kind: 'entitlement-retire', entitlement: 'a/journal' }] })
  const worked = await database.db.snapshot(tx => workOut(tx, draft, 'same-date', when))
  // Two people lose one right each, and nothing else changes.
  expect(worked.computed.differences).toHaveLength(2)
  const approve = { hash: worked.computed.hash, by: second.userId }
  await database.db.transaction(tx => approveDraft(tx, draft, approve, { ...when, after: AFTER_DECIDED }))
})

it('a right that others have for another purpose is not taken away from a plan', async () => {
  const ended = { cause: 'retention' as const, activityId: care, recordId: null, keys: ['sag'], from: today }
  await database.db.transaction(async tx => {
    const before = controllerContent.parse({
      ...{ kind: 'controller', name: 'Pleje', area: 'Omsorg' },
      retention: [{ key: 'sag', startEvent: 'Sagen er afsluttet', period: 'P5Y' }],
    })
    const after = { ...before, retention: [] }
    expect(lostBy(before, after)).toEqual({ purposes: [], bases: [], retention: ['sag'] })
    await planEnding(tx, { activityId: care, before, after, from: today }, { actor: it_, ...when })
  })
  const [plan] = await plans()
  expect(plan).toMatchObject({ cause: ended.cause, rights: [{ people: 2 }, { people: 2 }] })
  await expect(
    database.db.transaction(tx =>
      decidePlan(
        tx,
        it_,
        plan!.id,
        [{ choice: 'take-away', entitlementId: ids['a/basis']!, reason: 'opgaven er slut' }],
        when,
      ),
    ),
  ).rejects.toMatchObject({ problem: 'data-invalid' })
})

it('a purpose and a basis that a new version no longer has are told apart', () => {
  const content = (purposes: { key: string; name: string; art6: string | null }[]) =>
    controllerContent.parse({ kind: 'controller', name: 'Pleje', area: 'Omsorg', purposes })
  const before = content([
    { key: 'main', name: 'Pleje', art6: '6.1.e' },
    { key: 'bill', name: 'Regning', art6: '6.1.c' },
    { key: 'news', name: 'Nyt', art6: null },
  ])
  const after = content([
    { key: 'bill', name: 'Regning', art6: null },
    { key: 'news', name: 'Nyt', art6: null },
  ])
  expect(lostBy(before, after)).toEqual({ purposes: ['main'], bases: ['bill'], retention: [] })
  expect(lostBy(null, after)).toEqual({ purposes: [], bases: [], retention: [] })
})

it('an agreement that ends with no other in its place asks the owner about all that people hold of the system', async () => {
  const before = await access()
  const ctx = (tx: Parameters<typeof addRecord>[0]['tx']) => ({ tx, actor: it_, ...when })
  const written = {
    kind: 'processor-agreement' as const,
    onDay: '2025-01-01',
    nextDue: null,
    reference: 'Sag 1',
    note: null,
  }
  const about = { systemId: ids.a! }
  const [first, other] = await database.db.transaction(async tx => [
    await addRecord(ctx(tx), about, written),
    await addRecord(ctx(tx), about, { ...written, reference: 'Sag 2' }),
  ])
  const finish = (id: string) =>
    database.db.transaction(tx =>
      endRecord(ctx(tx), about, { id, on: today, reason: 'opsagt af os' }, [agreementEnded]),
    )
  await finish(first!.id)
  expect(await plans()).toEqual([])
  await finish(other!.id)
  expect(await plans()).toMatchObject([
    { cause: 'processor-agreement', system: { key: 'a' }, rights: [{ people: 2 }, { people: 2 }] },
  ])
  expect(await access()).toEqual(before)
})
