import { z } from 'zod'
import {
  type Connector,
  type ConnectorContext,
  ConnectorFailure,
  type OrderAction,
  type Step,
  type Verified,
} from '../../orders/connector.ts'
import { checkHost, type Reach } from '../reach.ts'
import { sendHttp } from '../send-http.ts'
import { plainMistakes, seconds, secretRef, webAddress } from '../settings.ts'
import { eventOf, signatureOf } from './cloud-events.ts'

/**
 * Orders as signed CloudEvents to a program of the municipality's own: one order a request (`webhook`), or many in one
 * (`webhook-batch`). It can read nothing back, so it does not say that it has, unless the answer does.
 */
export const webhookSettings = z.strictObject({
  url: webAddress.meta({ title: 'url' }),
  secret: secretRef,
  allowPlain: z.boolean().default(false),
  timeoutSeconds: seconds,
})
type Settings = z.output<typeof webhookSettings>

const ACTIONS: readonly OrderAction[] = [
  'create',
  'enable',
  'disable',
  'rename',
  'move',
  'set',
  'grant',
  'revoke',
  'delete',
]

/** What a receiver may answer; an empty answer says that it has taken the order, and nothing else. */
const answered = z.object({
  state: z.enum(['done', 'accepted', 'refused']).default('accepted'),
  externalId: z.string().max(200).nullable().default(null),
  detail: z.string().max(300).default(''),
})

export function webhookConnector(reach: Reach): Connector {
  return {
    ...common(reach),
    kind: 'webhook',
    mode: 'each',
    async open(given, ctx) {
      const settings = given as Settings
      const post = await poster(settings, ctx, reach)
      const said = new Map<string, Verified>()
      return {
        read: async () => null,
        plan: (order): Step[] => [{ say: `POST ${order.action} to ${new URL(settings.url).host}`, change: order.id }],
        async apply(order) {
          const answer = answerOf(await post(order.id, eventOf(order, reach.publicUrl), 'application/cloudevents+json'))
          if (answer.state === 'refused') throw new ConnectorFailure('refused', answer.detail || 'The receiver refused')
          if (answer.state === 'done') said.set(order.id, 'as-wanted')
          return { externalId: answer.externalId }
        },
        verify: async order => said.get(order.id) ?? 'cannot-tell',
        close: async () => {},
      }
    },
  }
}

export function webhookBatchConnector(reach: Reach): Connector {
  return {
    ...common(reach),
    kind: 'webhook-batch',
    mode: 'batch',
    async open(given, ctx) {
      const post = await poster(given as Settings, ctx, reach)
      return {
        async handOver({ id, orders }) {
          const events = orders.map(order => eventOf(order, reach.publicUrl))
          const answer = answerOf(await post(id, events, 'application/cloudevents-batch+json'))
          if (answer.state === 'refused') throw new ConnectorFailure('refused', answer.detail || 'The receiver refused')
          return { receipt: `POST ${orders.length} orders, batch ${id}` }
        },
        close: async () => {},
      }
    },
  }
}

function common(reach: Reach) {
  return {
    settings: webhookSettings,
    actions: ACTIONS,
    check: (given: unknown) => plainMistakes(given as Settings),
    /** A ping is an event of its own type; a receiver that knows it not may answer what it likes, below 500. */
    async test(given: unknown, ctx: ConnectorContext) {
      const settings = given as Settings
      const at = new URL(settings.url).host
      try {
        const post = await poster(settings, ctx, reach)
        const id = `ping-${Date.now()}`
        const event = { specversion: '1.0', id, source: reach.publicUrl, type: 'dk.hjemmel.ping', data: {} }
        const { status } = await post(id, event, 'application/cloudevents+json')
        const ok = status < 400
        return { ok, steps: [{ say: `${at}: HTTP ${status}`, ok }] }
      } catch (error) {
        return { ok: false, steps: [{ say: (error as Error).message, ok: false }] }
      }
    },
  }
}

async function poster(settings: Settings, ctx: ConnectorContext, reach: Reach) {
  await checkHost(settings.url, reach)
  const secret = ctx.secretOf(settings.secret)
  return (id: string, content: unknown, type: string) => {
    const body = JSON.stringify(content)
    const signed = signatureOf(id, Math.floor(Date.now() / 1000), body, secret)
    return sendHttp({
      method: 'POST',
      url: settings.url,
      headers: { ...signed, 'content-type': `${type}; charset=utf-8`, 'idempotency-key': id },
      body,
      seconds: settings.timeoutSeconds,
      signal: ctx.signal,
    })
  }
}

function answerOf(answer: { status: number; body: string }) {
  const { status } = answer
  if (status >= 400) throw new ConnectorFailure('refused', `HTTP ${status}: ${answer.body.slice(0, 200)}`)
  // Whatever else a receiver writes, "OK" or nothing, it has taken the order.
  return answered.catch({ state: 'accepted', externalId: null, detail: '' }).parse(wordsOf(answer.body))
}

function wordsOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}
