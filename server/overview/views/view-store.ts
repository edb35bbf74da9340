import type { z } from 'zod'
import type { savedView } from '#contract/views.ts'
import { DANISH } from '../../access/visible.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, sqlFor } from '../../policy/policy.ts'

export type StoredView = Omit<z.output<typeof savedView>, 'own' | 'owner' | 'opens'> & { ownerId: string }

const COLUMNS = `v.id, v.screen, v.name, v.search, v.shared_with as "sharedWith", v.owner_id::text as "ownerId"`
const visible = {
  ownerId: { sql: 'v.owner_id', type: 'uuid' },
  sharedWith: { sql: 'v.shared_with', type: 'text[]' },
} as const

/** Views of a screen (or of all) that the actor may see: the own ones first, then by name. */
export async function viewsFor(
  tx: Tx,
  actor: Actor,
  screen: string | undefined,
): Promise<(StoredView & { opens: boolean })[]> {
  const q = statement()
  const mine = q.bind(actor.userId, 'uuid')
  return tx.query<StoredView & { opens: boolean }>(
    `select ${COLUMNS}, d.user_id is not null as opens
     from saved_view v left join view_default d on d.view_id = v.id and d.user_id = ${mine}
     where ${q.use(startAt => sqlFor(actor, 'read', 'SavedView', visible, { startAt }))}
       and (${q.bind(screen ?? null, 'text')} is null or v.screen = ${q.bind(screen ?? null, 'text')})
     order by v.owner_id <> ${mine}, v.screen, v.name ${DANISH}, v.id`,
    q.params,
  )
}

/** The view, when the actor may change it; somebody else's is not found, shared or not. */
export async function ownView(tx: Tx, actor: Actor, id: string): Promise<StoredView> {
  const [view] = await tx.query<StoredView>(`select ${COLUMNS} from saved_view v where v.id = $1 for update`, [id])
  if (!view || !allows(actor, 'change', 'SavedView', view)) throw problem('not-found')
  return view
}

/** Writes it, new or changed. One name a screen and owner: `conflict` says that it is taken. */
export async function putView(tx: Tx, view: Omit<StoredView, 'id'> & { id?: string }): Promise<StoredView> {
  const [stored] = await tx.query<StoredView>(
    `with v as (
       insert into saved_view (id, screen, name, search, owner_id, shared_with)
       select $1, $2, $3, $4::jsonb, $5::uuid, $6::text[]
       where not exists (select from saved_view o where o.owner_id = $5::uuid and o.screen = $2 and o.name = $3 and o.id <> $1::uuid)
       on conflict (id) do update set name = excluded.name, search = excluded.search,
         shared_with = excluded.shared_with, changed_at = clock_timestamp()
       returning *)
     select ${COLUMNS} from v`,
    [view.id ?? newId(), view.screen, view.name, JSON.stringify(view.search), view.ownerId, view.sharedWith],
  )
  if (!stored) throw problem('conflict', { detail: 'You have a view with this name already. Choose another name.' })
  return stored
}

export async function dropView(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from saved_view where id = $1', [id])
}

/** The view, when the actor may see it. */
export async function seenView(tx: Tx, actor: Actor, id: string): Promise<StoredView> {
  const [view] = await tx.query<StoredView>(`select ${COLUMNS} from saved_view v where v.id = $1`, [id])
  if (!view || !allows(actor, 'read', 'SavedView', view)) throw problem('not-found')
  return view
}

/** With which view a list opens for the user; null: with everything. */
export async function putDefault(tx: Tx, userId: string, screen: string, viewId: string | null): Promise<void> {
  await tx.query('delete from view_default where user_id = $1 and screen = $2', [userId, screen])
  if (viewId !== null)
    await tx.query('insert into view_default (user_id, screen, view_id) values ($1, $2, $3)', [userId, screen, viewId])
}
