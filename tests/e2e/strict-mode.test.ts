import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catchUp } from '../../server/access/access-store.ts'
import { addGrants } from '../../server/access/grants/grant-store.ts'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { dialogOpen, openScreen } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

const sql = async <Row>(text: string, params: unknown[] = []) =>
  (await town.house.db.source.query(text, params)) as Row[]

test('a system is made strict, what is new is held back, and emergency access lets it through, with the keyboard alone', async () => {
  const { db, clock } = town.house
  // A system of which nothing is said at all, with a right for emergencies that somebody in work does not have.
  const [found] = await sql<{ system: string; right: string; name: string; affiliation: string; person: string }>(
    `select s.id as system, e.id as right, e.name, ac.affiliation_id as affiliation, ac.person_id as person
     from it_system s join entitlement e on e.system_id = s.id and e.gone_at is null and e.emergency and not e.privileged
     join affiliation_current ac on ac.status = 'active' and ac.kind = 'employment'
     join person_current p on p.person_id = ac.person_id and p.kind = 'employee' and not p.protected
     where s.gone_at is null and s.key <> 'hjemmel' and not exists (select from strict_mode m where m.system_id = s.id)
       and not exists (select from purpose_binding b left join entitlement x on x.id = b.entitlement_id
         where b.system_id = s.id or x.system_id = s.id)
       and not exists (select from assignment a where a.affiliation_id = ac.affiliation_id and a.entitlement_id = e.id)
       and not exists (select from rights_rule r where r.inverted and upper_inf(r.recorded) and (
         s.key || '/*' = any(r.entitlements) or e.key = any(r.entitlements)))
     order by s.key, e.key, p.person_id limit 1`,
  )
  if (!found) throw new Error('every system of the demonstration has a purpose')
  const it = await openScreen(browser, town.url, { role: 'it' })
  await it.open(`/systems/${found.system}/duties`)
  const turnOn = it.page.getByRole('button', { name: danish('strict.turnOn') })
  await turnOn.waitFor()
  await expectNoAxeViolations(it.page, 'purpose and evidence of a system')
  await turnOn.focus()
  await it.page.keyboard.press('Enter')
  await dialogOpen(it.page)
  await it.page.keyboard.type('Intet nyt uden et formål')
  await it.page.keyboard.press('Tab')
  await it.page.keyboard.press('Enter')
  await it.page.getByRole('dialog').waitFor({ state: 'detached' })
  await it.page.getByRole('button', { name: danish('strict.turnOff') }).waitFor()

  const when = { today: clock.today(), now: clock.now(), cause: 'test' }
  await db.transaction(async tx => {
    const given = {
      affiliationId: found.affiliation,
      entitlementId: found.right,
      constraints: [],
      from: null,
      to: null,
    }
    const grant = { ...given, kind: 'report' as const, reason: 'ny opgave', caseId: null, by: 'test' }
    await addGrants(tx, [grant], { now: clock.now() })
    await catchUp(tx, when, [found.affiliation])
  })
  const held = () =>
    sql('select from assignment where affiliation_id = $1 and entitlement_id = $2', [found.affiliation, found.right])
  expect(await held()).toHaveLength(0)

  await it.open(`/people/${found.person}`)
  await it.page.getByText(danish('person.withheld.title')).waitFor()
  const give = it.page.getByRole('button', { name: `${danish('emergency.give')}: ${found.name}` })
  await give.focus()
  await it.page.keyboard.press('Enter')
  await dialogOpen(it.page)
  await expectNoAxeViolations(it.page, 'giving emergency access')
  await it.page.keyboard.press('Tab')
  await it.page.keyboard.type('Borgeren kan ikke vente')
  await it.page.keyboard.press('Tab')
  await it.page.keyboard.press('Enter')
  await it.page.getByRole('dialog').waitFor({ state: 'detached' })
  await give.waitFor({ state: 'detached' })
  expect(await held()).toHaveLength(1)

  // It waits for somebody else to look at it, and turning strict mode off gives what was held back.
  await it.open(`/systems/${found.system}/duties`)
  const turnOff = it.page.getByRole('button', { name: danish('strict.turnOff') })
  await turnOff.focus()
  await it.page.keyboard.press('Enter')
  await dialogOpen(it.page)
  await it.page.keyboard.type('Formålene er på plads')
  await it.page.keyboard.press('Tab')
  await it.page.keyboard.press('Enter')
  await it.page.getByRole('dialog').waitFor({ state: 'detached' })
  await turnOn.waitFor()
  expect(await held()).toHaveLength(1)
  expect(await sql('select from withheld_right where entitlement_id = $1', [found.right])).toHaveLength(0)
  expect(
    await sql(`select from right_grant where kind = 'emergency' and checked_at is null and entitlement_id = $1`, [
      found.right,
    ]),
  ).toHaveLength(1)
  expect(it.complaints()).toEqual([])
})
