import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { inFocus, press, reach, tabTo, write } from '../support/keys.ts'
import { ask, holesIn, openScreen, type Screen, sideways } from '../support/screen.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { english as t } from '../support/texts.ts'

/* What somebody does who reads the screen in English and has no mouse: a source, the desk, a merged person, a part. */
vi.setConfig({ testTimeout: 240_000 })

const drops = temporaryFolder('drops-en')
const town = demoTown({ environment: { HJEMMEL_DROPS_DIR: drops } })
let browser: Browser
let it: Screen

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
  it = await openScreen(browser, town.url, { role: 'it', language: 'en' })
  mkdirSync(drops, { recursive: true })
  const entry = (uid: string, more: string) =>
    `dn: uid=${uid},ou=folk,dc=skole\nobjectClass: inetOrgPerson\nuid: ${uid}\n${more}\n`
  writeFileSync(
    join(drops, 'skole.ldif'),
    [
      entry('anna', 'employeeType: fast\n'),
      entry('bo', 'employeeType: vikar\n'),
      entry('x', 'employeeType: gaest\n'),
    ].join(''),
  )
}, 300_000)
afterAll(async () => {
  await browser?.close()
  rmSync(drops, { recursive: true, force: true })
})

async function looksRight({ page, settled }: Screen, name: string): Promise<void> {
  await settled()
  await page.evaluate(() => scrollTo(0, 0))
  await expectNoAxeViolations(page, name)
  expect(await holesIn(page), `${name}: raw keys or leaked values`).toEqual([])
  expect(await sideways(page), `${name}: pixels wider than the window`).toBe(0)
}

test('a source of its own conditions, exceptions and comparisons is declared, looked at and saved', async () => {
  const { page, open, settled, context } = it
  await open('/sync/new-source')
  await tabTo(page, 'main select')
  await page.keyboard.type('LDIF')
  await page.locator('fieldset').first().waitFor()
  const label = (text: string) => page.locator('main').getByLabel(text, { exact: true })
  await write(page, label(t('sources.nameDa')), 'Elever')
  await write(page, label(t('sources.key')), 'elever')
  await write(page, label(t('sources.path')), 'skole.ldif')
  const match = page.locator('fieldset', { has: page.locator('legend', { hasText: t('sources.match') }) }).last()
  await write(page, match.getByLabel(t('sources.matchValue')), 'inetOrgPerson')
  await press(page, t('sources.addMatch'), 'main')
  await write(page, match.getByLabel(t('sources.matchAttribute')).nth(1), 'employeeType')
  await write(page, match.getByLabel(t('sources.matchValue')).nth(1), 'fast | vikar')
  await press(page, t('sources.addUnless'), 'main')
  const unless = page.locator('fieldset', { has: page.locator('legend', { hasText: t('sources.unless') }) }).last()
  await write(page, unless.getByLabel(t('sources.matchAttribute')), 'uid')
  await write(page, unless.getByLabel(t('sources.matchValue')), 'test')
  await write(page, label(t('sources.keyAttribute')), 'uid')
  await press(page, t('sources.addField'), 'main')
  await write(page, page.locator('fieldset table tbody tr').last().locator('input').first(), 'uid')

  await press(page, t('sources.addBy'), 'main')
  const by = page
    .locator('fieldset', { has: page.locator('legend', { hasText: t('sources.byTitle', { n: 1 }) }) })
    .last()
  await reach(page, by.getByLabel(t('sources.byAttribute.unit')))
  await page.keyboard.press('Space')
  await write(page, by.getByLabel(t('sources.byConfidence')), '80')
  await write(page, label(t('sources.leftOutNames')), 'x*')
  await write(page, label(t('sources.leftOutBelow')), 'ou=eksterne,dc=skole')
  await page.getByText(t('sources.noMistakes')).waitFor()
  await looksRight(it, 'new source in English')

  await press(page, t('sources.sample'), 'aside')
  await page.locator('aside article').first().waitFor()
  const samples = await page.locator('aside article').allTextContents()
  expect(samples.join(' ')).toContain('anna')
  expect(samples.join(' ')).toContain('bo')
  await press(page, t('sources.save'), 'aside')
  await page.waitForURL(/\/sync\/sources\/elever$/)
  await settled()
  const saved = await ask<{ declaration: Record<string, unknown> }>(context, '/sources/elever')
  expect(saved.declaration).toMatchObject({
    records: [
      {
        match: { objectClass: 'inetOrgPerson', employeeType: ['fast', 'vikar'] },
        unless: { uid: 'test' },
        key: 'uid',
        map: { username: 'uid' },
      },
    ],
    correlation: {
      by: [{ attributes: ['name', 'birthDate'], confidence: 80 }],
      outOfScope: { usernames: ['x*'], below: ['ou=eksterne,dc=skole'] },
    },
  })
  // What it says of itself: read, the one with neither type is no account.
  await press(page, t('sync.start'), 'main')
  await page.waitForURL(/\/sync\/runs\//)
  const names = async () =>
    (
      await ask<{ rows: { username: string }[] }>(context, '/correlation/accounts/search', {
        source: 'elever',
        limit: 50,
      })
    ).rows.map(row => row.username)
  await expect.poll(names, { timeout: 20_000 }).toEqual(expect.arrayContaining(['anna', 'bo']))
  expect(await names()).not.toContain('x')
})

test('the desk in English: j and k move, a number chooses, Enter links, u takes it back', async () => {
  const { page, open, settled, context } = it
  const list = await ask<{ rows: { id: string; username: string; candidates: number }[] }>(
    context,
    '/correlation/accounts/search',
    { open: true, limit: 200 },
  )
  const wanted = list.rows.find(row => row.candidates > 0)
  if (!wanted) throw new Error('no account of the demonstration has a candidate')
  await open(`/desk?case=${JSON.stringify(wanted.id)}`)
  await page.locator('h2', { hasText: wanted.username }).waitFor()
  await looksRight(it, 'desk in English')
  await tabTo(page, `[data-case="${wanted.id}"]`, 400)
  await page.keyboard.press('j')
  await page.waitForFunction(id => (document.activeElement as HTMLElement).dataset.case !== id, wanted.id)
  await page.keyboard.press('k')
  await page.waitForFunction(id => (document.activeElement as HTMLElement).dataset.case === id, wanted.id)
  await settled()
  await page.keyboard.press('1')
  await page.locator('input[type=radio]:checked').waitFor()
  await page.keyboard.press('Enter')
  await page
    .locator('main button', { hasText: t('desk.undo') })
    .first()
    .waitFor()
  const state = () => ask<{ situation: string }>(context, `/correlation/accounts/${wanted.id}`)
  expect((await state()).situation).toBe('linked')
  // The one that was settled leaves the list, and the focus goes to the next: keys act only on the desk.
  await page.waitForFunction(
    id => ![undefined, id].includes((document.activeElement as HTMLElement).dataset.case),
    wanted.id,
  )
  await page.keyboard.press('u')
  // It is open again and explained again; in the list it stands with the youngest, perhaps on another page.
  await page.waitForURL(url => url.searchParams.get('case')?.includes(wanted.id) === true)
  await expect.poll(async () => (await state()).situation, { timeout: 20_000 }).not.toBe('linked')
  await page.locator('h2', { hasText: wanted.username }).waitFor()
})

test('the page of a person who was merged leads to the one they are now, and says whose it is', async () => {
  const hr = await openScreen(browser, town.url, { role: 'hr', language: 'en' })
  const { page, context, open, settled } = hr
  const pairs = await town.house.db.transaction(tx =>
    tx.query<{ survivorId: string; absorbedId: string; name: string }>(
      `select a.person_id as "survivorId", b.person_id as "absorbedId", a.name
       from person_current a join person p on p.id = a.person_id
       join person q on q.realm = p.realm join person_current b on b.person_id = q.id
       where p.realm = 'staff' and a.status = 'active' and b.status = 'active' and not a.protected and not b.protected
         and a.person_id < b.person_id and a.birth_date = b.birth_date order by a.name limit 1`,
    ),
  )
  const pair = pairs[0]
  if (!pair) throw new Error('the demonstration has no two people of one birthday')
  const { survivorId, absorbedId, name } = pair
  const before = await ask<{ hash: string }>(context, '/correlation/merges/preview', { survivorId, absorbedId })
  await ask(context, '/correlation/merges', { survivorId, absorbedId, hash: before.hash, reason: 'The same person' })
  await open(`/people/${absorbedId}`)
  await page.waitForURL(url => url.pathname === `/people/${survivorId}`)
  await settled()
  expect(await page.locator('h1').textContent()).toContain(name)
  await looksRight(hr, 'a merged person')
  // Back does not lead into a circle.
  await open('/people')
  await page.goto(`${town.url}/people/${absorbedId}`)
  await page.waitForURL(url => url.pathname === `/people/${survivorId}`)
  await page.goBack()
  await page.waitForURL(url => url.pathname === '/people')
  await hr.context.close()
})

test('a unit that a change is expected in is found by its name with the keyboard; the focus stays, and a key can be typed', async () => {
  const { page, open, context } = it
  const { rows } = await ask<{ rows: { key: string }[] }>(context, '/sources')
  expect(rows.map(row => row.key)).toContain('hr')
  await open('/sync/expected/new')
  await tabTo(page, 'select[name=source]')
  await page.locator('select[name=source]').selectOption('hr')
  const part = page.getByLabel(t('expected.part'), { exact: true })
  const [unit] = await town.house.db.transaction(tx =>
    tx.query<{ part: string; name: string }>(
      `select r.part, u.name from source_record r join org_unit_current u on u.key = r.part
       where r.source = 'hr' and r.kind = 'affiliation' and r.gone_at is null and length(u.name) > 8
       group by r.part, u.name order by count(*) desc, r.part limit 1`,
    ),
  )
  if (!unit) throw new Error('payroll has no units')
  const kind = page.getByLabel(t('expected.kind'), { exact: true })
  await reach(page, kind)
  await kind.selectOption('affiliation')
  await write(page, part, unit.name)
  const hit = page.locator('main li button', { hasText: unit.part }).first()
  await hit.waitFor()
  await reach(page, hit)
  await page.keyboard.press('Enter')
  expect(await part.inputValue()).toBe(unit.name)
  expect(await inFocus(page, `#${CSS_ID(await part.getAttribute('id'))}`), 'the focus stays in the field').toBe(true)
  await page.getByText(t('expected.partKey', { key: unit.part })).waitFor()
  await looksRight(it, 'a part that was picked')
  await press(page, t('expected.partOther'), 'main')
  await write(page, part, 'enhed-der-kommer')
  await page.getByText(t('expected.partNone')).waitFor()
  expect(await part.inputValue()).toBe('enhed-der-kommer')
})

/** Ids of React hold colons, which a selector must not take for something else. */
const CSS_ID = (id: string | null): string => (id ?? '').replace(/[^\w-]/g, '\\$&')
