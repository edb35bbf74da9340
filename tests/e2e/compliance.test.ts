import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { daysAhead } from '../support/days.ts'
import { demoTown } from '../support/demo-town.ts'
import { dialogOpen, openScreen, takeFound } from '../support/screen.ts'
import { danish } from '../support/texts.ts'
import { signIn } from '../support/visitors.ts'

const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

test('what a report is about is kept, from where the report is read', async () => {
  const [one] = (await town.house.db.source.query(
    `select ac.affiliation_id as id from affiliation_current ac join person_current p on p.person_id = ac.person_id
     where ac.status = 'active' and ac.kind = 'employment' and ac.ends_on is null and not ac.on_leave and not p.protected
       and ac.position_key is not null and not exists (select from account a where a.person_id = p.person_id and a.username = any($1))
     order by ac.employee_no limit 1`,
    [town.manifest.signIns.map(signs => signs.username)],
  )) as { id: string }[]
  const writer = await signIn(town, 'hr')
  const form = { kind: 'absence', affiliationId: one!.id, absence: 'parental', from: daysAhead(5), to: daysAhead(100) }
  const draft = await writer.post<{ id: string; version: number; missing: [] }>('/lifecycle/cases', {
    form,
    door: 'plain',
  })
  expect(draft.body.missing, draft.text).toEqual([])
  const sent = await writer.post(`/lifecycle/cases/${draft.body.id}/send`, { version: draft.body.version })
  expect(sent.status, sent.text).toBe(200)
  const [owner] = (await town.house.db.source.query(
    `select name from person_current where status = 'active' and kind = 'employee' and not protected
     group by name having count(*) = 1 order by name limit 1`,
  )) as { name: string }[]
  const hr = await openScreen(browser, town.url, { role: 'hr' })
  const { page } = hr
  await hr.open(`/lifecycle/${draft.body.id}`)
  await page.getByRole('button', { name: danish('holds.here') }).click()
  await dialogOpen(page)
  await expectNoAxeViolations(page, 'placing a hold')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(danish('holds.owner')).fill(owner!.name)
  await takeFound(page, dialog.getByRole('button', { name: owner!.name }).first())
  await dialog.getByText(danish('holds.chosen', { name: owner!.name })).waitFor()
  await dialog.getByLabel(danish('holds.expires')).fill(daysAhead(200))
  await dialog.getByLabel(danish('askedReason.label')).fill('Sag i Ligebehandlingsnævnet om opsigelsen')
  await dialog.getByRole('button', { name: danish('holds.place') }).click()
  await dialog.waitFor({ state: 'detached' })
  await hr.open('/admin/compliance/holds')
  const row = page.getByRole('row', { name: 'Sag i Ligebehandlingsnævnet om opsigelsen' })
  await row.getByText(danish('holds.kind.case')).waitFor()
  const holds = (await town.house.db.source.query(`select kind from legal_hold where subject_id = $1`, [
    draft.body.id,
  ])) as { kind: string }[]
  expect(holds).toEqual([{ kind: 'case' }])
  expect(hr.complaints()).toEqual([])
}, 120_000)

test('a new notice is shown once; the adviser sees what would be deleted, and deletes it', async () => {
  const it = await openScreen(browser, town.url, { role: 'it' })
  await it.open('/admin/compliance/notice')
  await it.page.getByRole('button', { name: danish('notice.editOf', { kind: danish('notice.kind.notice') }) }).click()
  const editing = it.page.getByRole('dialog')
  await dialogOpen(it.page)
  await expectNoAxeViolations(it.page, 'publishing')
  await editing.getByLabel(danish('askedReason.label')).fill('Ny udgave efter høring')
  await editing.getByRole('button', { name: danish('notice.publish') }).click()
  // Whoever has published it is an employee too, and is shown it.
  const shown = it.page.getByRole('dialog', { name: danish('notice.dialogTitle') })
  await shown.waitFor()
  await expectNoAxeViolations(it.page, 'the notice')
  await shown.getByRole('button', { name: danish('notice.seen') }).click()
  await shown.waitFor({ state: 'detached' })

  const dpo = await openScreen(browser, town.url, { role: 'dpo' })
  await dpo.open('/admin/compliance')
  const first = dpo.page.getByRole('dialog', { name: danish('notice.dialogTitle') })
  await first.getByRole('button', { name: danish('notice.seen') }).click()
  await first.waitFor({ state: 'detached' })
  await dpo.open('/admin/compliance')
  await dpo.page.getByRole('button', { name: danish('compliance.preview') }).waitFor()
  await dpo.settled()
  // Twice is not once.
  expect(await dpo.page.getByRole('dialog').count()).toBe(0)

  await dpo.page.getByRole('button', { name: danish('compliance.preview') }).click()
  await dpo.page
    .locator('td', { hasText: danish('compliance.rowPreview.due', { count: 0, number: '0' }) })
    .first()
    .waitFor()
  await dpo.settled()
  await expectNoAxeViolations(dpo.page, 'what is due')
  await dpo.page.getByRole('button', { name: danish('compliance.run') }).click()
  await dialogOpen(dpo.page)
  await dpo.page.getByRole('dialog').getByLabel(danish('askedReason.label')).fill('Årlig oprydning')
  await dpo.page
    .getByRole('dialog')
    .getByRole('button', { name: danish('compliance.run') })
    .click()
  await dpo.page.getByRole('dialog').waitFor({ state: 'detached' })
  await dpo.page.getByText('Årlig oprydning').waitFor()
  const runs = (await town.house.db.source.query('select state from retention_run')) as { state: string }[]
  expect(runs).toHaveLength(1)
  expect([...it.complaints(), ...dpo.complaints()]).toEqual([])
}, 120_000)
