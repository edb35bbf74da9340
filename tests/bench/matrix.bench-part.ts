import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getFlow, getMatrix } from '#contract/matrix.ts'
import { ensureClient } from '../../server/platform/client-build.ts'
import { civilDate } from '../../server/platform/clock.ts'
import { openDatabase } from '../../server/platform/database.ts'
import { launchBrowser } from '../support/chromium.ts'
import { also, atMost, type BenchRow, within } from './bench-row.ts'
import { addFiveYears } from './five-years.ts'
import { inTurn, p95 } from './measure.ts'
import type { Town } from './town.ts'
import { type ServedTown, serveTown } from './town-visitor.ts'

const ASKS = 20

/** Everybody by every system: the answer over HTTP, the same on a past day, and how the grid moves in Chromium. */
export async function benchMatrix(town: Town): Promise<BenchRow[]> {
  const db = await openDatabase(town.url, { poolSize: 1 })
  const manifest = JSON.parse(readFileSync(join(town.dataDir, 'demo/manifest.json'), 'utf8')) as {
    signIns: { role: string; username: string }[]
  }
  let served: ServedTown | undefined
  try {
    await addFiveYears(db, 6000 / town.people)
    await db.close()
    served = await serveTown(town, manifest.signIns.find(one => one.role === 'it')!.username)
    return [...(await answers(served)), await flow(served), ...(await frames(served))]
  } finally {
    await served?.stop()
  }
}

async function answers(served: ServedTown): Promise<BenchRow[]> {
  const { body } = await served.ours('/rights/matrix', {})
  const matrix = JSON.parse(body) as ResponseOf<typeof getMatrix>
  const cells = Buffer.from(matrix.cells.codes, 'base64').length
  const bare = (JSON.parse((await served.bare('/matrix')).body) as { cells: unknown[] }).cells.length
  if (cells !== bare) throw new Error(`the cells differ: ${cells} and ${bare}`)
  const [mine, theirs] = await inTurn([() => served.ours('/rights/matrix', {}), () => served.bare('/matrix')], ASKS, {
    warmUp: 3,
  })
  await served.statements()
  await served.ours('/rights/matrix', {})
  const sent = (await served.statements()).filter(text => !/^\s*(start|begin|commit|rollback)\b/i.test(text))
  const size = `${matrix.people.length.toLocaleString('en')} people × ${matrix.columns.length} systems`
  const kb = (bytes: number) => `${Math.round(bytes / 1000)} kB`
  const asked = atMost(3, {
    what: `Rights matrix, ${size}, ${cells.toLocaleString('en')} cells, p95`,
    ours: p95(mine!),
    theirs: p95(theirs!),
    other: 'bare Express route, hand-written SQL, the same cells as triples',
    unit: 'ms',
    note: `${kb(Buffer.byteLength(body))}, ${kb(gzipSync(body, { level: 2 }).length)} packed`,
  })
  const day = civilDate(new Date(Date.now() - 240 * 86_400_000))
  const past = { asOf: day, known: civilDate(new Date(Date.now() - 210 * 86_400_000)) }
  const then = JSON.parse((await served.ours('/rights/matrix', past)).body) as ResponseOf<typeof getMatrix>
  if (Buffer.from(then.cells.codes, 'base64').length === 0) throw new Error('nothing was known then')
  const [before, now] = await inTurn(
    [() => served.ours('/rights/matrix', past), () => served.ours('/rights/matrix', {})],
    ASKS / 2,
    { warmUp: 2 },
  )
  return [
    also(asked, '≤ 8 statements', sent.length <= 8, `${sent.length} statements with session, user and lookup log`),
    atMost(2, {
      what: `Rights matrix as of a day 8 months ago, as known 7 months ago, 5 years of history, p95`,
      ours: p95(before!),
      theirs: p95(now!),
      other: "today's matrix",
      unit: 'ms',
    }),
  ]
}

/** Everybody's rights through what gives them: the cells right by right, each with its ground, folded to one picture. */
async function flow(served: ServedTown): Promise<BenchRow> {
  const ask = () => served.ours('/rights/flow', {})
  const picture = JSON.parse((await ask()).body) as ResponseOf<typeof getFlow>
  if (picture.rights === 0 || picture.links.length === 0) throw new Error('nothing flows')
  const [mine, theirs] = await inTurn([ask, () => served.bare('/matrix')], ASKS / 2, { warmUp: 2 })
  await served.statements()
  await ask()
  const sent = (await served.statements()).filter(text => !/^\s*(start|begin|commit|rollback)\b/i.test(text))
  const count = (n: number) => n.toLocaleString('en')
  const row = atMost(3, {
    what: `Flow from units over roles and systems to data, ${count(picture.people)} people, ${count(picture.rights)} rights, p95`,
    ours: p95(mine!),
    theirs: p95(theirs!),
    other: 'bare Express route, hand-written SQL, the cells of the matrix by system as triples',
    unit: 'ms',
  })
  return also(row, '≤ 8 statements', sent.length <= 8, `${sent.length} statements with session, user and lookup log`)
}

/** Scrolls as fast as a wheel is spun, down and across, then walks with the keys. */
async function frames(served: ServedTown): Promise<BenchRow[]> {
  await ensureClient()
  const browser = await launchBrowser()
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: served.url })
    await context.addCookies(served.cookies().map(one => ({ ...one, url: served.url })))
    const page = await context.newPage()
    await page.goto('/rights?view=matrix')
    await page.locator('[role=grid] [role=gridcell]').first().waitFor({ timeout: 60_000 })
    await page.waitForTimeout(500)
    await scroll(page, 0, 120)
    const down = await scroll(page, 0, 120)
    const across = await scroll(page, 60, 0)
    const drawn = await page.evaluate(() => document.querySelectorAll('[role=grid] *').length)
    await page.locator('[role=grid] [tabindex="0"]').first().focus()
    const keys = await walk(page)
    return [
      {
        what: 'Frames while the matrix scrolls 120 pixels a frame (7,200 a second), Chromium, all people and systems',
        ours: 1000 / mean(down),
        other: '',
        theirs: null,
        ratio: null,
        bar: '≥ 50 frames/s',
        ok: 1000 / mean(down) >= 50,
        unit: 'frames/s',
        note: `p95 ${p95(down).toFixed(1)} ms a frame; across ${(1000 / mean(across)).toFixed(0)} frames/s, p95 ${p95(across).toFixed(1)} ms; ${drawn} elements`,
      },
      within(50, { what: 'Key to painted focus in the matrix, p95', ours: p95(keys), unit: 'ms' }),
    ]
  } finally {
    await browser.close()
  }
}

const mean = (times: readonly number[]) => times.reduce((sum, one) => sum + one, 0) / times.length

/** Milliseconds of each of 150 frames. */
const scroll = (page: Page, x: number, y: number): Promise<number[]> =>
  page.locator('[role=grid]').evaluate(
    (grid, [dx, dy]) =>
      new Promise<number[]>(resolve => {
        grid.scrollTo(0, 0)
        const times: number[] = []
        let before = 0
        const step = (now: number) => {
          if (before > 0) times.push(now - before)
          before = now
          grid.scrollBy(dx ?? 0, dy ?? 0)
          if (times.length < 150) requestAnimationFrame(step)
          else resolve(times)
        }
        requestAnimationFrame(step)
      }),
    [x, y],
  )

/** Milliseconds from each of sixty keys to the frame in which the next cell has the focus. */
async function walk(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = []
    Object.assign(window, { keyTimes: times })
    document.addEventListener('keydown', event =>
      requestAnimationFrame(() => requestAnimationFrame(() => times.push(performance.now() - event.timeStamp))),
    )
  })
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press(press % 3 === 2 ? 'ArrowRight' : 'ArrowDown')
    await page.waitForTimeout(30)
  }
  await page.waitForTimeout(100)
  return page.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes)
}
