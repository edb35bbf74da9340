import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CloudEvent } from 'cloudevents'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { webhookBatchConnector, webhookConnector } from '../../../server/fulfilment/webhook/webhook-connector.ts'
import type { OrderToCarryOut } from '../../../server/orders/connector.ts'
import { carry, contextWith, failureOf, order, reachOf, right } from './carry.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
type Seen = { headers: IncomingHttpHeaders; body: string }
type Answer = { status: number; body?: string; headers?: Record<string, string> }
let seen: Seen[]
let answer: Answer
let target: Awaited<ReturnType<typeof receiver>>

async function receiver() {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      seen.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') })
      response.writeHead(answer.status, answer.headers).end(answer.body ?? '')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`,
    close: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(resolve))
    },
  }
}
beforeEach(async () => {
  seen = []
  answer = { status: 200 }
  target = await receiver()
})
afterEach(() => target.close())

const each = webhookConnector(reachOf())
const settings = () => ({ url: target.url, secret: { env: 'HJEMMEL_SECRET_HOOK' }, allowPlain: true })
const doIt = (one: OrderToCarryOut) => carry(each, settings(), one, contextWith(SECRET))
/** As a receiver would check it, written from the description and not from our code. */
function genuine({ headers, body }: Seen): boolean {
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

describe('one order a request', () => {
  test('is a CloudEvent that proves whom it comes from', async () => {
    const one = order('grant', { right: right('CN=Kokke,DC=x') })
    expect(await doIt(one)).toMatchObject({ verified: 'cannot-tell' })
    const [first] = seen
    expect(genuine(first!)).toBe(true)
    expect(genuine({ ...first!, body: first!.body.replace('grant', 'revoke') })).toBe(false)
    const event = new CloudEvent(JSON.parse(first!.body) as Partial<CloudEvent<unknown>>, true)
    expect(event).toMatchObject({ id: one.id, type: 'dk.hjemmel.order.grant', subject: one.person.id })
    expect(event.data).toMatchObject({
      action: 'grant',
      account: { username: 'anna1' },
      right: { carriers: ['CN=Kokke,DC=x'] },
    })
    expect(first!.headers['webhook-id']).toBe(one.id)
    expect(Math.abs(Number(first!.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60)
  })

  test('sent twice it is the same order', async () => {
    const one = order('disable')
    answer = { status: 500 }
    expect(await failureOf(doIt(one))).toMatchObject({ why: 'lost' })
    answer = { status: 200 }
    await doIt(one)
    expect(seen.map(({ headers }) => headers['webhook-id'])).toEqual([one.id, one.id])
    expect(seen[0]!.body).toBe(seen[1]!.body)
  })

  test.each([
    [{ status: 200, body: 'OK' }, 'cannot-tell'],
    [{ status: 202, body: '{"state":"accepted"}' }, 'cannot-tell'],
    [{ status: 200, body: '{"state":"done","externalId":"x7"}' }, 'as-wanted'],
  ])('the answer %o says %s', async (given, verified) => {
    answer = given
    const carried = await doIt(order('create'))
    expect(carried.verified).toBe(verified)
    if (verified === 'as-wanted') expect(carried.externalId).toBe('x7')
  })

  test.each([
    [
      { status: 429, headers: { 'retry-after': '30' } },
      { why: 'retry', after: 30 },
    ],
    [{ status: 503 }, { why: 'retry', after: null }],
    [{ status: 422, body: 'no such place' }, { why: 'refused' }],
    [
      { status: 200, body: '{"state":"refused","detail":"Nej"}' },
      { why: 'refused', says: 'Nej' },
    ],
    [{ status: 307, headers: { location: 'http://127.0.0.1:1/' } }, { why: 'refused' }],
  ])('the answer %o is a failure', async (given, failure) => {
    answer = given
    expect(await failureOf(doIt(order('create')))).toMatchObject(failure)
  })
})

test('many orders in one request are all taken, or none', async () => {
  const batch = webhookBatchConnector(reachOf())
  if (batch.mode !== 'batch') throw new Error('batch')
  const session = await batch.open(batch.settings.parse(settings()), contextWith(SECRET))
  const orders = [order('grant'), order('revoke')]
  answer = { status: 500 }
  expect(await failureOf(session.handOver({ id: 'b1', orders }))).toMatchObject({ why: 'lost' })
  answer = { status: 200 }
  expect(await session.handOver({ id: 'b1', orders })).toMatchObject({ receipt: expect.stringContaining('b1') })
  expect(seen.map(({ headers }) => headers['webhook-id'])).toEqual(['b1', 'b1'])
  expect(seen.every(genuine)).toBe(true)
  expect((JSON.parse(seen[1]!.body) as { id: string }[]).map(one => one.id)).toEqual(orders.map(one => one.id))
})

test('settings that would give the secret away are mistakes', () => {
  const good = { url: 'https://x.kommune.test/h', secret: { env: 'HJEMMEL_SECRET_HOOK' } }
  expect(each.check!(each.settings.parse(good))).toEqual([])
  expect(each.check!(each.settings.parse({ ...good, url: 'http://x.kommune.test/h' }))).not.toEqual([])
  for (const more of [
    { secret: 'selve ordet' },
    { secret: { env: 'DATABASE_URL' } },
    { url: 'https://a:b@x.test/' },
    { url: 'file:///etc' },
  ])
    expect(each.settings.safeParse({ ...good, ...more }).success).toBe(false)
})

test('a try says what came back', async () => {
  const tried = () => each.test(each.settings.parse(settings()), contextWith(SECRET))
  expect(await tried()).toMatchObject({ ok: true })
  answer = { status: 404 }
  expect(await tried()).toMatchObject({ ok: false })
  expect(genuine(seen[0]!)).toBe(true)
})
