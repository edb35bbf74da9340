import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exportConnector } from '../../../server/fulfilment/export/export-connector.ts'
import type { OrderToCarryOut } from '../../../server/orders/connector.ts'
import type { Mail, MailResult } from '../../../server/platform/mail.ts'
import { contextWith, failureOf, order, reachOf, right } from './carry.ts'

let exportsDir: string
let mails: Mail[]
let taken: MailResult
beforeEach(() => {
  exportsDir = mkdtempSync(join(tmpdir(), 'hjemmel-export-'))
  mails = []
  taken = { outcome: 'sent', error: null }
})
afterEach(() => rmSync(exportsDir, { recursive: true, force: true }))

const connector = () =>
  exportConnector(
    reachOf({
      exportsDir,
      mailer: {
        send: async mail => {
          mails.push(mail)
          return taken
        },
      },
    }),
  )
async function handOver(settings: object, orders: OrderToCarryOut[], id = 'batch-1') {
  const one = connector()
  if (one.mode !== 'batch') throw new Error('batch')
  const session = await one.open(one.settings.parse(settings), contextWith(''))
  return session.handOver({ id, orders })
}
const files = () => readdirSync(join(exportsDir, 'fagsystem'))
const rows = (name: string, delimiter = ';') =>
  parse(readFileSync(join(exportsDir, 'fagsystem', name)), { delimiter, bom: true }) as string[][]

test('a batch is one whole file that Danish Excel opens', async () => {
  const orders = [
    order('grant', { right: { ...right(), name: 'Læse; skrive', limits: { Enhed: ['Skolen', 'SFO'] } } }),
    order('revoke', { right: right(), person: { id: 'p', name: null } }),
  ]
  await handOver({ folder: 'fagsystem' }, orders)
  expect(files()).toEqual(['kitos-ad-batch-1.csv'])
  const text = readFileSync(join(exportsDir, 'fagsystem', files()[0]!), 'utf8')
  expect(text.startsWith('\uFEFFBestilling;Handling;Brugernavn;Navn;')).toBe(true)
  const [, ...lines] = rows(files()[0]!)
  const lineOf = (id: string) => lines.find(line => line[0] === id)
  expect(lineOf(orders[0]!.id)).toEqual([
    orders[0]!.id,
    'Giv',
    'anna1',
    'Anna Åse',
    'Læse; skrive',
    'ad/r',
    'Enhed: Skolen, SFO',
    '2030-01-01',
  ])
  expect(lineOf(orders[1]!.id)!.slice(1, 4)).toEqual(['Fjern', 'anna1', '(beskyttet)'])
  expect(mails).toEqual([])
})

test('what a spreadsheet would carry out is text', async () => {
  await handOver({ folder: 'fagsystem' }, [
    order('create', { account: { username: '=HYPERLINK("http://x")' }, person: { id: 'p', name: '@SUM(A1)' } }),
  ])
  expect(rows(files()[0]!)[1]!.slice(2, 4)).toEqual([`'=HYPERLINK("http://x")`, `'@SUM(A1)`])
})

test('handed over again it is the same file', async () => {
  const orders = [order('grant'), order('revoke')]
  await handOver({ folder: 'fagsystem' }, orders)
  const first = readFileSync(join(exportsDir, 'fagsystem', files()[0]!))
  await handOver({ folder: 'fagsystem' }, orders.toReversed())
  expect(files()).toHaveLength(1)
  expect(readFileSync(join(exportsDir, 'fagsystem', files()[0]!))).toEqual(first)
  await handOver({ folder: 'fagsystem' }, orders, 'batch-2')
  expect(files()).toHaveLength(2)
})

test('the mail says how many, and where; never who', async () => {
  const orders = [order('grant'), order('revoke')]
  await handOver({ mailTo: 'ejer@kommune.test' }, orders)
  const [mail] = mails
  expect(mail).toMatchObject({ to: 'ejer@kommune.test', id: 'orders-batch-1', subject: '2 bestillinger til Kataloget' })
  expect(mail!.text).toContain(`https://hjemmel.test/systems/${orders[0]!.system.id}/orders`)
  for (const secret of ['Anna', 'anna1', orders[0]!.person.id]) expect(JSON.stringify(mail)).not.toContain(secret)
  await handOver({ mailTo: 'ejer@kommune.test', language: 'en' }, [orders[0]!])
  expect(mails[1]!.subject).toBe('1 order for Kataloget')
  expect(readdirSync(exportsDir)).toEqual([])
})

test.each([
  ['later', 'retry'],
  ['never', 'refused'],
] as const)('a mail that the server takes %s is no handing over', async (outcome, why) => {
  taken = { outcome, error: 'no' }
  expect(await failureOf(handOver({ mailTo: 'e@kommune.test' }, [order('grant')]))).toMatchObject({ why })
})

test('a mail of which nobody knows is not sent twice', async () => {
  taken = { outcome: 'unsure', error: 'cut' }
  expect(await handOver({ mailTo: 'e@kommune.test' }, [order('grant')])).toMatchObject({
    receipt: expect.stringContaining('nobody knows'),
  })
})

test('nothing is written outside the folder', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'hjemmel-outside-'))
  try {
    symlinkSync(outside, join(exportsDir, 'fagsystem'))
    expect(await failureOf(handOver({ folder: 'fagsystem' }, [order('grant')]))).toMatchObject({ why: 'refused' })
    expect(await failureOf(handOver({ folder: 'fagsystem/below' }, [order('grant')]))).toMatchObject({ why: 'refused' })
    expect(readdirSync(outside)).toEqual([])
  } finally {
    rmSync(outside, { recursive: true })
  }
  const { settings } = connector()
  for (const folder of ['../x', '/etc', 'a/../../b', 'C:\\x', ''])
    expect(settings.safeParse({ folder }).success).toBe(false)
  expect(settings.safeParse({ folder: 'a/b..c' }).success).toBe(true)
})

test('a folder that cannot be written to says so when it is tried', async () => {
  writeFileSync(join(exportsDir, 'fil'), '')
  const one = connector()
  expect(await one.test({ folder: 'fil', language: 'da' }, contextWith(''))).toMatchObject({ ok: false })
  mkdirSync(join(exportsDir, 'fagsystem'))
  expect(await one.test({ folder: 'fagsystem', language: 'da' }, contextWith(''))).toMatchObject({ ok: true })
  expect(one.check!({})).not.toEqual([])
  expect(exportConnector(reachOf()).check!({ mailTo: 'e@kommune.test' })).not.toEqual([])
})
