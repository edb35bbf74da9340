import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { accountTypeValues, saveConnector } from '#contract/account-types.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { circleOf } from './account-type.ts'
import { dependencies, dropAccountType, saveType, storeConnector, storeWrites } from './account-type-store.ts'
import type { Connector } from './connector.ts'
import { assumeAccounts, type MadeOrder, madeOf, openOf } from './delivery-store.ts'
import { connectorSettings } from './order-act-store.ts'
import { lockPlanning } from './order-plan-store.ts'
import { planOrdersOf } from './order-service.ts'
import { arrangeTasks } from './task-store.ts'

type When = { today: string; now: Date }

/** Saves which connector a system has. Throws `data-invalid` with each mistake at its setting. */
export async function keepConnector(
  tx: Tx,
  systemId: string,
  body: z.output<(typeof saveConnector)['body']>,
  connectors: readonly Connector[],
  { today, now }: When,
): Promise<number> {
  const connector = connectors.find(one => one.kind === body.kind)
  if (!connector)
    throw problem('data-invalid', { errors: [{ where: 'body/kind', what: 'There is no such connector' }] })
  const parsed = connector.settings.safeParse(body.settings)
  if (!parsed.success)
    throw problem('data-invalid', {
      errors: parsed.error.issues.map(issue => ({
        where: `body/settings/${issue.path.join('/')}`,
        what: issue.message,
      })),
    })
  const mistakes = connector.check?.(parsed.data) ?? []
  if (mistakes.length > 0)
    throw problem('data-invalid', { errors: mistakes.map(what => ({ where: 'body/settings', what })) })
  const version = await storeConnector(tx, systemId, {
    ...{ ...body, settings: parsed.data, actions: connector.actions },
    writes: connector.writes?.(parsed.data) ?? null,
  })
  if (version === null) throw problem('conflict')
  // What a connector now does is no longer anybody's task, and the other way round.
  await arrangeTasks(tx, 'all', now)
  // What it writes is also what accounts are compared with.
  await planOrdersOf(tx, 'all', { today, now })
  return version
}

/** What the connector of a system writes, where it was saved before that was noted. */
export async function noteWrites(tx: Tx, systemId: string, connectors: readonly Connector[]): Promise<void> {
  const row = await connectorSettings(tx, systemId)
  const connector = connectors.find(one => one.kind === row?.kind)
  const settings = connector?.settings.safeParse(row?.settings)
  if (connector && settings?.success) await storeWrites(tx, systemId, connector.writes?.(settings.data) ?? null)
}

/** A kind of accounts: new, or changed. Where the system is steered, orders follow at once. */
export async function keepAccountType(
  tx: Tx,
  systemId: string,
  body: { id: string | null; version: number | null; values: z.output<typeof accountTypeValues> },
  when: When,
): Promise<string> {
  const known = await dependencies(tx)
  const { dependsOn } = body.values
  if (dependsOn !== null && !known.has(dependsOn))
    throw problem('data-invalid', {
      errors: [{ where: 'body/values/dependsOn', what: 'There is no such kind of accounts' }],
    })
  if (body.id !== null && circleOf(body.id, dependsOn, known))
    throw problem('data-invalid', {
      errors: [{ where: 'body/values/dependsOn', what: 'Each would wait for the other: this makes a circle' }],
    })
  const id = await saveType(tx, systemId, body)
  if (id === null) throw problem('conflict')
  if (id === 'taken')
    throw problem('data-invalid', {
      errors: [{ where: 'body/values/key', what: 'There is one with this key already' }],
    })
  await assumeAccounts(tx, systemId, when)
  await planOrdersOf(tx, 'all', when)
  return id
}

/**
 * What saving a kind would order: it is saved, planned from and taken back, so that it cannot say anything else than what
 * saving does.
 */
export async function previewTypeOf(
  tx: Tx,
  systemId: string,
  body: Parameters<typeof keepAccountType>[2],
  when: When,
): Promise<{ made: MadeOrder[]; cancelled: number; held: number; hash: string }> {
  await tx.query('savepoint type_preview')
  await lockPlanning(tx)
  const before = await openOf(tx, systemId)
  await keepAccountType(tx, systemId, body, when)
  const made = await madeOf(tx, systemId, when.now)
  const after = await openOf(tx, systemId)
  await tx.query('rollback to savepoint type_preview')
  // The kind itself is new each time it is tried: what its orders are about says the same without it.
  const hash = createHash('sha256')
    .update(JSON.stringify([body.values, made.map(one => [one.action, one.personId, one.dueOn]).sort()]))
    .digest('hex')
  return { made, cancelled: before.orders + made.length - after.orders, held: after.held - before.held, hash }
}

export async function endAccountType(tx: Tx, id: string, version: number, when: When): Promise<void> {
  for (const [other, on] of await dependencies(tx))
    if (on === id && other !== id)
      throw problem('data-invalid', { detail: 'Another kind of accounts waits for this one.' })
  if (!(await dropAccountType(tx, id, version, when.now))) throw problem('conflict')
  await planOrdersOf(tx, 'all', when)
}
