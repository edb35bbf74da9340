import { TEXT_KINDS, type TextKind } from '#contract/compliance.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { loadDefaults } from '../../register/activities/attest-store.ts'
import { shippedText } from './own-texts.ts'

export type OwnText = {
  kind: TextKind
  /** 0: as it ships, published by nobody. */
  version: number
  da: string
  en: string
  publishedAt: Date | null
  publishedBy: string | null
  reason: string | null
}

/** Each text as it counts: the version published last, or as it ships. Two statements. */
export async function ownTexts(
  tx: Tx,
  municipality: string,
  kinds: readonly TextKind[] = TEXT_KINDS,
): Promise<OwnText[]> {
  const rows = await tx.query<OwnText>(
    `select distinct on (kind) kind, version, da, en, published_at as "publishedAt", published_by as "publishedBy", reason
     from compliance_text where kind = any($1) order by kind, version desc`,
    [kinds],
  )
  const { controller, dpo } = await loadDefaults(tx)
  const words = {
    municipality: controller?.name ?? municipality,
    dpo: [dpo?.name, dpo?.contact].filter(Boolean).join(', ') || '…',
    contact: controller?.contact ?? '…',
  }
  return kinds.map(
    kind =>
      rows.find(row => row.kind === kind) ?? {
        ...{ kind, version: 0, ...shippedText(kind, words) },
        ...{ publishedAt: null, publishedBy: null, reason: null },
      },
  )
}

/** The next version; null where somebody has published another one since `after`. */
export async function insertText(
  tx: Tx,
  text: { id: string; kind: TextKind; after: number; da: string; en: string; reason: string },
  by: { userId: string | null; now: Date },
): Promise<number | null> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel own texts'))`)
  const [row] = await tx.query<{ version: number }>(
    `insert into compliance_text (id, kind, version, da, en, reason, published_at, published_by)
     select $1, $2, $3::int + 1, $4, $5, $6, $7, $8
     where $3 = coalesce((select max(version) from compliance_text where kind = $2), 0) returning version`,
    [text.id, text.kind, text.after, text.da, text.en, text.reason, by.now, by.userId],
  )
  return row?.version ?? null
}

/** The version of the notice that is published; 0 where none is. */
export async function noticeVersion(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `select coalesce(max(version), 0)::int as version from compliance_text where kind = 'notice'`,
  )
  return row?.version ?? 0
}

/** Once a version: the first time counts. Answers how many are new. */
export async function noteShown(
  tx: Tx,
  people: readonly string[],
  shown: { version: number; how: 'screen' | 'paper'; by: string | null; now: Date },
): Promise<number> {
  const rows = await tx.query(
    `insert into notice_shown (person_id, version, how, at, by)
     select p.person_id, $2, $3, $4, $5 from person_current p where p.person_id = any($1::uuid[])
     on conflict (person_id, version) do nothing returning person_id`,
    [people, shown.version, shown.how, shown.now, shown.by],
  )
  return rows.length
}
