import type { PackageDetail, PackageRow } from '#contract/packages.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { packageWords } from './package-words.ts'

const ROW = `k.id, k.state, k.reason, to_json(k.asked_at) #>> '{}' as "askedAt", k.bytes::float8 as bytes, k.sha256,
  k.expires_on::text as "expiresOn",
  (select coalesce(case when not p.protected then p.name end, u.display_name, u.username) from tool_user u
    left join person_current p on p.person_id = u.person_id where u.id = k.made_by) as by,
  k.scope || jsonb_build_object(
    'unit', (select jsonb_build_object('id', u.id, 'name', coalesce(c.name, u.key)) from org_unit u
      left join org_unit_current c on c.unit_id = u.id where u.id = (k.scope ->> 'unit')::uuid),
    'systems', coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) order by s.name)
      from it_system s where s.id in (select jsonb_array_elements_text(k.scope -> 'systems')::uuid)), '[]')) as scope`

/** Packages, the newest first. Two statements. */
export async function packagesView(
  tx: Tx,
  page: { offset: number; limit: number },
): Promise<{ rows: PackageRow[]; total: number }> {
  const rows = await tx.query<PackageRow>(
    `select ${ROW} from package k order by k.asked_at desc, k.id offset $1 limit $2`,
    [page.offset, page.limit],
  )
  const [count] = await tx.query<{ total: number }>('select count(*)::int as total from package')
  return { rows, total: count?.total ?? 0 }
}

export async function packageView(tx: Tx, id: string): Promise<PackageDetail | null> {
  const [row] = await tx.query<Omit<PackageDetail, 'fileName'>>(
    `select ${ROW}, to_json(k.known) #>> '{}' as known, to_json(k.made_at) #>> '{}' as "madeAt", k.parts, k.files
     from package k where k.id = $1`,
    [id],
  )
  if (!row) return null
  const { language, day } = row.scope
  return { ...row, fileName: `${packageWords[language].file.package}-${day}.zip` }
}
