import { beforeEach, expect, test } from 'vitest'
import { caseForm } from '../../../../server/contract/lifecycle-forms.ts'
import { caseValuesView } from '../../../../server/lifecycle/cases/case-values-view.ts'
import { matchesView } from '../../../../server/lifecycle/matching/matching-views.ts'
import { newId } from '../../../../server/platform/ids.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { municipality, unit } from '../../../support/municipality.ts'
import { actor } from '../../orders/order-actor.ts'
import { hired, hrHouse } from '../events/hr-house.ts'

const hr = hrHouse()
beforeEach(() => hr.reset())

test('each value of the employment of a report has its source, and what the report said where that is something else', async () => {
  await municipality(hr.house.db, undefined, undefined, hr.house).feed('org', [unit('100', { name: 'Skole' })])
  await hr.tell(hired('a1', 'p1', '2026-02-01', { title: 'Pædagog', fraction: 0.8, employeeNo: '77' }))
  const [row] = await hr.query<{ id: string; unit: string; name: string }>(
    'select affiliation_id as id, ac.unit_id as unit, u.name from affiliation_current ac join org_unit_current u on u.unit_id = ac.unit_id',
  )
  const form = caseForm.parse({
    kind: 'hire',
    affiliation: {
      unitId: row?.unit,
      title: 'Afdelingsleder',
      startsOn: '2026-02-01',
      endsOn: '2026-08-01',
      hours: 29.6,
    },
  })
  const of = (who: Actor) =>
    hr.house.db.snapshot(tx => caseValuesView(tx, who, { affiliationId: row?.id ?? null, form, statedAt: new Date() }))
  const { affiliationId, values } = await of(actor(['hr']))
  expect(affiliationId).toBe(row?.id)
  const shown = values.map(one => [one.attribute, one.now, one.reported, one.differs, one.source])
  expect(shown).toEqual([
    ['unit', row?.name, row?.name, false, 'hr-events'],
    ['title', 'Pædagog', 'Afdelingsleder', true, 'hr-events'],
    ['startsOn', '2026-02-01', '2026-02-01', false, 'hr-events'],
    // Nobody has said it of the employment that there is now.
    ['endsOn', null, '2026-08-01', true, null],
    ['fraction', '0.8', '0.8', false, 'hr-events'],
    ['employeeNo', '77', null, false, 'hr-events'],
  ])
  expect(values.every(one => (one.since === null) === (one.source === null))).toBe(true)
  // Who does not see the details of an employment does not see them here either.
  expect(await of(actor(['employee']))).toEqual({ affiliationId: null, values: [] })
  expect(await of(actor(['manager'], { units: [newId()] }))).toEqual({ affiliationId: null, values: [] })
  const nothing = await hr.house.db.snapshot(tx =>
    caseValuesView(tx, actor(['hr']), { affiliationId: null, form, statedAt: null }),
  )
  expect(nothing.values).toEqual([])
})

test('pairs of report and payroll are found by either employment, whatever was said of them', async () => {
  await hr.tell(hired('a1', 'p1', '2026-02-01'), hired('a2', 'p2', '2026-02-01'), hired('a3', 'p3', '2026-02-01'))
  const ids = await hr.query<{ id: string }>('select affiliation_id as id from affiliation_current order by 1')
  const [one, two, three] = ids.map(row => row.id)
  await hr.query(
    `insert into affiliation_match (id, report_id, payroll_id, evidence, confidence, since, state, decided_by, decided_at, reason)
     values ($1, $2, $3, 'same-person', 90, now(), 'different', 'x', now(), 'to ansættelser')`,
    [newId(), one, two],
  )
  const found = (affiliationId: string | undefined, state: 'open' | 'all') =>
    hr.house.db.snapshot(tx => matchesView(tx, actor(['hr']), { state, affiliationId, offset: 0, limit: 10 }))
  expect((await found(one, 'all')).rows).toHaveLength(1)
  expect((await found(two, 'all')).rows).toHaveLength(1)
  expect((await found(two, 'open')).rows).toHaveLength(0)
  expect((await found(three, 'all')).rows).toHaveLength(0)
})
