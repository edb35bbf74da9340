import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

export type ListedSystem = { id: string; key: string; name: string; reading: string; version: number }

/** Throws `not-found`. */
export async function readListedSystem(tx: Tx, systemId: string): Promise<ListedSystem> {
  const [row] = await tx.query<ListedSystem>(
    'select id, key, name, reading, version from it_system where id = $1 and gone_at is null',
    [systemId],
  )
  if (!row) throw problem('not-found', { detail: 'There is no such system.' })
  return row
}

export type Upload = { id: string; systemId: string; name: string; bytes: number; sheet: boolean }

export async function noteUpload(tx: Tx, upload: Upload & { by: string; at: Date }): Promise<void> {
  await tx.query(
    `insert into user_list_upload (id, system_id, name, bytes, sheet, uploaded_by, uploaded_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [upload.id, upload.systemId, upload.name, upload.bytes, upload.sheet, upload.by, upload.at],
  )
}

/** Of this system; throws `not-found` where it has been let in or its day is over. */
export async function readUpload(tx: Tx, systemId: string, id: string): Promise<Upload> {
  const [row] = await tx.query<Upload>(
    `select id, system_id as "systemId", name, bytes, sheet from user_list_upload where id = $1 and system_id = $2`,
    [id, systemId],
  )
  if (!row)
    throw problem('not-found', { detail: 'The file has been let in or was sent in too long ago. Send it again.' })
  return row
}

/** Whoever removes it may go on with its file: nobody else has. */
export async function removeUpload(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.query('delete from user_list_upload where id = $1 returning 1', [id])
  return rows.length > 0
}

export async function oldUploads(tx: Tx, before: Date): Promise<{ id: string; key: string }[]> {
  return tx.query(
    `select u.id, s.key from user_list_upload u join it_system s on s.id = u.system_id where u.uploaded_at < $1`,
    [before],
  )
}

/** What a name in a list means, as a person says; null: it is no right. Answers whether the list has the name at all. */
export async function decideName(
  tx: Tx,
  source: string,
  nameKey: string,
  entitlementId: string | null,
): Promise<{ before: string | null } | null> {
  const [row] = await tx.query<{ before: string | null }>(
    `with was as (select entitlement_id from list_right where source = $1 and name_key = $2 for update)
     update list_right l set entitlement_id = $3, decided_by = 'person' from was
     where l.source = $1 and l.name_key = $2 returning was.entitlement_id as before`,
    [source, nameKey, entitlementId],
  )
  return row ?? null
}

export async function isRightOf(tx: Tx, systemId: string, entitlementId: string): Promise<boolean> {
  const rows = await tx.query('select 1 from entitlement where id = $1 and system_id = $2 and gone_at is null', [
    entitlementId,
    systemId,
  ])
  return rows.length > 0
}

/** The people behind accounts that a list names with one of these names. */
export async function peopleNamed(tx: Tx, source: string, nameKeys: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ person_id: string }>(
    `select distinct a.person_id from source_record r join account a on a.source = $1 and a.key = r.payload ->> 'account'
     where r.source = $1 and r.kind = 'held' and r.gone_at is null and split_part(r.key, E'\\t', 2) = any($2::text[])
       and a.person_id is not null`,
    [source, nameKeys],
  )
  return rows.map(row => row.person_id)
}
