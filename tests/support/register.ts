import { randomUUID } from 'node:crypto'
import type { Tx } from '../../server/platform/unit-of-work.ts'

type Purpose = {
  key: string
  name: string
  art6?: string
  art9?: string[]
  provisions?: { law: string; section: string | null; checkedOn: string | null }[]
}

/** A processing activity that is in force, as rows: enough for whoever asks what rights are for. Answers its id. */
export async function activityInForce(
  tx: Tx,
  input: {
    ref: string
    name: string
    purposes?: Purpose[]
    rows?: { subject: string; data: string }[]
    kle?: string[]
    units?: string[]
    systems?: string[]
    from?: string
    to?: string | null
  },
): Promise<string> {
  const id = randomUUID()
  const version = randomUUID()
  const purposes = input.purposes ?? [{ key: 'main', name: input.name, art6: '6.1.e' }]
  await tx.query(
    `insert into activity (id, ref, kind, created_at, created_by) values ($1, $2, 'controller', now(), 'test')`,
    [id, input.ref],
  )
  await tx.query(
    `insert into activity_version (id, activity_id, number, state, content, author, made_at, changed_at)
     values ($1, $2, 1, 'in-force', $3, 'test', now(), now())`,
    [version, id, JSON.stringify({ kind: 'controller', name: input.name, area: 'Test' })],
  )
  await tx.query(
    `insert into activity_in_force (id, activity_id, version_id, valid, recorded)
     values ($1, $2, $3, daterange($4, $5), tstzrange('2020-01-01', null))`,
    [randomUUID(), id, version, input.from ?? '2020-01-01', input.to ?? null],
  )
  for (const [place, one] of purposes.entries())
    await tx.query(
      `insert into activity_purpose (version_id, key, place, name, art6, art9, provisions) values ($1, $2, $3, $4, $5, $6, $7)`,
      [version, one.key, place, one.name, one.art6 ?? null, one.art9 ?? [], JSON.stringify(one.provisions ?? [])],
    )
  for (const [place, one] of (input.rows ?? []).entries())
    await tx.query('insert into activity_row (version_id, place, subject, data) values ($1, $2, $3, $4)', [
      ...[version, place, one.subject, one.data],
    ])
  for (const kle of input.kle ?? []) await tx.query('insert into activity_kle values ($1, $2)', [version, kle])
  for (const unit of input.units ?? []) await tx.query('insert into activity_unit values ($1, $2)', [version, unit])
  for (const system of input.systems ?? [])
    await tx.query('insert into activity_system (version_id, system_id) values ($1, $2)', [version, system])
  return id
}
