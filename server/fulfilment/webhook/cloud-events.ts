import { createHmac } from 'node:crypto'
import type { OrderToCarryOut } from '../../orders/connector.ts'

/** What a webhook says. Pure. CloudEvents 1.0, signed as Standard Webhooks describes it (standardwebhooks.com). */
export type OrderEvent = {
  specversion: '1.0'
  id: string
  source: string
  type: string
  subject: string
  datacontenttype: 'application/json'
  data: Omit<OrderToCarryOut, 'id'>
}

/** The id is the order's own, however often it is sent: who has seen it has done it. */
export function eventOf(order: OrderToCarryOut, publicUrl: string): OrderEvent {
  const { id, ...data } = order
  return {
    specversion: '1.0',
    id,
    source: `${publicUrl.replace(/\/$/, '')}/systems/${order.system.id}`,
    type: `dk.hjemmel.order.${order.action}`,
    subject: order.person.id,
    datacontenttype: 'application/json',
    data,
  }
}

/** Headers that prove who sent the body, and when: HMAC-SHA256 over `id.timestamp.body`. `at`: seconds since 1970. */
export function signatureOf(id: string, at: number, body: string, secret: string): Record<string, string> {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
  const signed = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signed}` }
}
