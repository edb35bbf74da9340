import pg from 'pg'
import { webhookConnector } from '../../server/fulfilment/webhook/webhook-connector.ts'
import { sendOrders } from '../../server/orders/dispatch-service.ts'
import { catchUpOrders } from '../../server/orders/order-service.ts'
import { civilDate } from '../../server/platform/clock.ts'
import { openHouse } from '../support/house.ts'
import { reachOfTests } from './town.ts'

/**
 * A worker of its own on a town: carries events out (inbox, facts, rights, orders), and orders after them. It is killed
 * (SIGKILL, no chance to tidy up) at the n-th statement that it sends, begin and commit included: before it is sent, or
 * once it is on its way. Says what it was doing then; where it lives to its end, how many it sent before orders went out,
 * and in all.
 */
const [url = '', dataDir = '', starts = '', at, when] = process.argv.slice(2)
let start = ''
let begun = Date.now()
const now = () => new Date(Date.parse(start) + Date.now() - begun)
const clock = { now, today: () => civilDate(now()) }
const house = await openHouse(url, dataDir, { HJEMMEL_POOL_SIZE: '4' }, { clock })
let sent = 0
let doing = 'inbox'
const die = () => process.kill(process.pid, 'SIGKILL')
const { query } = pg.Client.prototype
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  sent++
  const text = typeof args[0] === 'string' ? args[0] : String((args[0] as { text?: string } | undefined)?.text ?? '')
  if (/provisioning_order/.test(text) && doing === 'apply') doing = 'plan'
  else if (/affiliation_state|into fact/.test(text) && doing === 'inbox') doing = 'apply'
  if (sent === Number(at)) {
    // Written at once, before there is nobody to write.
    process.stdout.write(`${doing}\n`, () => (when === 'before' ? die() : setImmediate(die)))
    if (when === 'before') return new Promise(() => {})
  }
  return (query as (...all: unknown[]) => unknown).apply(this, args)
} as typeof query

let fulfilment = 0
// Several times, if need be: what a dead one had taken is free again when its lease has run out.
for (const time of starts.split(',')) {
  start = time
  begun = Date.now()
  await house.events.applyDue()
  await house.db.transaction(tx => catchUpOrders(tx, { today: clock.today(), now: now() }))
  doing = 'fulfilment'
  fulfilment ||= sent
  await sendOrders({
    ...{ db: house.db, clock, log: house.log, connectors: [webhookConnector(reachOfTests)] },
    ...{ secretOf: () => 'a secret of the tests', leaseSeconds: 60 },
  })
}
process.stdout.write(`${fulfilment} ${sent}\n`)
await house.db.close()
