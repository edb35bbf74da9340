import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Browser, Download } from 'playwright-core'
import readXlsxFile from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePackages } from '../../server/overview/packages/make-packages.ts'
import { packageWords } from '../../server/overview/packages/package-words.ts'
import { addDays } from '../../server/platform/civil-date.ts'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { openScreen } from '../support/screen.ts'
import { danish, english } from '../support/texts.ts'
import { unzip } from '../support/unzip.ts'

/* What an inspection is handed: chosen, looked at, made, fetched, and held against its own checksums. */
const town = demoTown()
let browser: Browser
let chosen: { unit: string; unitName: string; system: string; systemName: string; rights: number }

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
  // A unit and a system that go by names of their own, in which some people hold something.
  const [found] = (await town.house.db.source.query(
    `select u.unit_id as unit, u.name as "unitName", s.id as system, s.name as "systemName", count(*)::int as rights
     from org_unit_current u join affiliation_current ac on ac.unit_id = u.unit_id and ac.status = 'active'
     join assignment a on a.affiliation_id = ac.affiliation_id join entitlement e on e.id = a.entitlement_id
     join it_system s on s.id = e.system_id and s.gone_at is null and s.key <> 'hjemmel'
     where u.tree = 'admin' and u.active and not exists (select from org_unit_current b where b.parent_id = u.unit_id)
       and (select count(*) from org_unit_current o where o.name like u.name || '%') = 1
       and (select count(*) from it_system o where o.name like s.name || '%') = 1
     group by u.unit_id, u.key, u.name, s.id, s.key, s.name having count(*) between 3 and 60 order by u.key, s.key limit 1`,
  )) as (typeof chosen)[]
  if (!found) throw new Error('nobody in the demonstration holds anything that can be asked for')
  chosen = found
}, 300_000)
afterAll(() => browser?.close())

const bytesOf = async (download: Download) => readFile(await download.path())
const linesOf = async (file: Buffer) =>
  ((await readXlsxFile(file)) as unknown as { data: (string | null)[][] }[])[0]!.data
const hashOf = (file: Buffer) => createHash('sha256').update(file).digest('hex')
/** Rows below the head, which stands below an empty line. */
const rowsIn = (lines: readonly (string | null)[][]) =>
  lines.length - lines.findIndex(row => row.every(cell => cell === null)) - 2

test.each([
  { language: 'da', theme: 'light', t: danish },
  { language: 'en', theme: 'dark', t: english },
] as const)(
  'a package is chosen, made and fetched ($language, $theme)',
  async ({ language, theme, t }) => {
    const today = town.manifest.today
    const { page, open, settled, complaints, context } = await openScreen(browser, town.url, {
      ...{ role: 'dpo', language, theme },
    })
    const accessible = (step: string) => expectNoAxeViolations(page, `${step}, ${language}, ${theme}`)
    const words = packageWords[language]
    await open('/packages')
    const preview = page.locator('#package-preview')

    await page.getByRole('searchbox', { name: t('packages.unit'), exact: true }).fill(chosen.unitName)
    const unit = page.getByRole('listitem').getByRole('button', { name: chosen.unitName })
    await unit.waitFor()
    await accessible('choosing an area')
    await unit.click()
    await page.getByRole('button', { name: t('packages.unitClear'), exact: true }).waitFor()
    await page.getByRole('searchbox', { name: t('packages.system'), exact: true }).fill(chosen.systemName)
    const system = page.getByRole('listitem').getByRole('button', { name: chosen.systemName, exact: true })
    await system.waitFor()
    await accessible('choosing a system')
    await system.click()
    await page.getByRole('button', { name: t('packages.systemClear', { name: chosen.systemName }) }).waitFor()

    // A day that has not come, and no word of who asks: nothing is made, and both fields are said.
    const day = page.getByLabel(t('packages.day'), { exact: true })
    await day.fill(addDays(today, 1))
    await preview.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: t('packages.make'), exact: true }).click()
    const wrong = page.getByRole('alert')
    for (const what of ['dayWrong', 'reasonShort'] as const)
      await wrong.getByRole('link', { name: t(`packages.${what}`) }).waitFor()
    await settled()
    await accessible('what is wrong')

    await day.fill(today)
    const rights = preview
      .locator('dt', { hasText: t('packages.items.rights') })
      .locator('xpath=following-sibling::dd[1]')
    await expect.poll(async () => Number(await rights.textContent())).toBeGreaterThan(0)
    await settled()
    await accessible('what the package would hold')
    const previewed = Number(await rights.textContent())
    expect(previewed).toBeGreaterThanOrEqual(chosen.rights)

    const reason = `Datatilsynet, sag 2026-${language}`
    await page.getByLabel(t('packages.reason'), { exact: true }).fill(reason)
    await page.getByRole('button', { name: t('packages.make'), exact: true }).click()
    const row = page.getByRole('row').filter({ hasText: reason })
    await row.waitFor()
    expect(await makePackages(town.house)).toBe(1)
    const about = `${chosen.unitName}, ${chosen.systemName}`
    const fetchIt = row.getByRole('button', { name: about })
    await fetchIt.waitFor()
    await settled()
    await accessible('a package that is made')
    const [download] = await Promise.all([page.waitForEvent('download'), fetchIt.click()])
    expect(download.suggestedFilename()).toMatch(new RegExp(`^${words.file.package}.*${today}.*\\.zip$`))
    const file = await bytesOf(download)
    await row.getByText(hashOf(file)).waitFor()

    // The manifest has every other file, with its checksum.
    const entries = await unzip(file)
    const manifest = JSON.parse(entries.get('manifest.json')!.toString()) as {
      scope: { day: string; unit: string; systems: string[] }
      files: { name: string; bytes: number; sha256: string }[]
    }
    expect(manifest.scope).toMatchObject({ day: today, unit: chosen.unit, systems: [chosen.system] })
    const inside = [...entries].filter(([name]) => name !== 'manifest.json')
    expect(manifest.files).toEqual(
      inside.map(([name, content]) => ({ name, bytes: content.length, sha256: hashOf(content) })),
    )
    expect(manifest.files.map(one => one.name)).toContain(words.file.cover)
    expect(rowsIn(await linesOf(entries.get(words.file.rights)!))).toBe(previewed)
    expect(complaints()).toEqual([])
    await context.close()
  },
  240_000,
)

test('users and rights of a system on a day are one click', async () => {
  const { page, open, complaints, context } = await openScreen(browser, town.url, { role: 'dpo' })
  const fetched = async () => {
    await page.getByRole('button', { name: danish('files.label'), exact: true }).click()
    const item = page.getByRole('menuitem', { name: danish('files.systemRights') })
    await item.waitFor()
    await expectNoAxeViolations(page, 'files of a system', { popupOpen: true })
    const [download] = await Promise.all([page.waitForEvent('download'), item.click()])
    await item.waitFor({ state: 'detached' })
    return { name: download.suggestedFilename(), rows: rowsIn(await linesOf(await bytesOf(download))) }
  }
  const today = town.manifest.today
  await open(`/systems/${chosen.system}`)
  const now = await fetched()
  expect(now.name).toMatch(new RegExp(`^${packageWords.da.file.systemRights}-.*-${today}\\.xlsx$`))
  expect(now.rows).toBeGreaterThanOrEqual(chosen.rights)
  // The day that is looked at is the day of the file: of a month ago nobody had read anything.
  const before = addDays(today, -30)
  await open(`/systems/${chosen.system}?asOf=${before}`)
  expect(await fetched()).toMatchObject({ name: expect.stringContaining(before), rows: 0 })
  expect(complaints()).toEqual([])
  await context.close()
}, 120_000)
