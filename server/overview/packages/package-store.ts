import type { PackageFile, PackageScope, PackageState } from '#contract/packages.ts'
import { addDays } from '../../platform/civil-date.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

/** Days after which the file goes; that it was made, and its hash, stay. */
export const KEPT_DAYS = 90
/** A process that has said nothing for so long has died, and another begins anew. */
const SILENT = '30 minutes'

export type AskedPackage = {
  id: string
  scope: PackageScope
  known: Date
  reason: string
  userId: string
  madeAs: string
}

export async function insertPackage(
  tx: Tx,
  asked: Omit<AskedPackage, 'id'>,
  { now, today }: { now: Date; today: string },
): Promise<string> {
  const id = newId(now.getTime())
  await tx.query(
    `insert into package (id, scope, known, reason, state, made_by, made_as, asked_at, expires_on)
     values ($1, $2, $3, $4, 'waiting', $5, $6, $7, $8)`,
    [
      ...[id, JSON.stringify(asked.scope), asked.known, asked.reason, asked.userId, asked.madeAs, now],
      addDays(today, KEPT_DAYS),
    ],
  )
  return id
}

/** Has a worker begin at once, where there is one; without, the next minute finds it. In the transaction of the request. */
export async function enqueuePackages(tx: Tx): Promise<void> {
  const [jobs] = await tx.query<{ there: boolean }>(
    `select to_regclass('graphile_worker._private_jobs') is not null as there`,
  )
  if (jobs?.there)
    await tx.query(`select graphile_worker.add_job('make-packages', job_key := 'make-packages', max_attempts := 1)`)
}

/** The next one that waits, taken; null: none does. */
export async function takePackage(tx: Tx, now: Date): Promise<AskedPackage | null> {
  const [row] = await tx.query<AskedPackage>(
    `update package set state = 'making', taken_at = $1 where id = (
       select id from package where state = 'waiting' or (state = 'making' and taken_at < $1::timestamptz - interval '${SILENT}')
       order by asked_at limit 1 for update skip locked)
     returning id, scope, known, reason, made_by as "userId", made_as as "madeAs"`,
    [now],
  )
  return row ?? null
}

export async function storePart(tx: Tx, packageId: string, place: number, content: Buffer): Promise<void> {
  await tx.query('insert into package_part (package_id, place, content) values ($1, $2, $3)', [
    ...[packageId, place, content],
  ])
}

export async function endPackage(
  tx: Tx,
  id: string,
  made: { now: Date; bytes: number; parts: number; sha256: string; files: readonly PackageFile[] },
): Promise<void> {
  await tx.query(
    `update package set state = 'made', made_at = $2, bytes = $3, parts = $4, sha256 = $5, files = $6 where id = $1`,
    [id, made.now, made.bytes, made.parts, made.sha256, JSON.stringify(made.files)],
  )
}

export async function failPackage(tx: Tx, id: string): Promise<void> {
  await tx.query(`update package set state = 'failed' where id = $1 and state = 'making'`, [id])
}

/** Files whose time is over; answers how many went. */
export async function forgetPackages(tx: Tx, today: string): Promise<number> {
  const gone = await tx.query(
    `update package set state = 'expired' where expires_on <= $1 and state in ('made', 'failed') returning id`,
    [today],
  )
  await tx.query(`delete from package_part p using package k where k.id = p.package_id and k.state = 'expired'`)
  return gone.length
}

export type PackageHead = { id: string; state: PackageState; parts: number | null }

/** A part of a file that is there; null: it is not (any more). `madeBy`: only of a package that this user asked for. */
export async function loadPart(
  tx: Tx,
  packageId: string,
  place: number,
  madeBy: string | null = null,
): Promise<Buffer | null> {
  const [row] = await tx.query<{ content: Buffer }>(
    `select p.content from package_part p join package k on k.id = p.package_id and k.state = 'made'
     where p.package_id = $1 and p.place = $2 and ($3::uuid is null or k.made_by = $3::uuid)`,
    [packageId, place, madeBy],
  )
  return row?.content ?? null
}
