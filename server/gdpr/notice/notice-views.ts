import type { getNotice, getNoticeStanding, listComplianceTexts, listNotTold } from '#contract/compliance.ts'
import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import { retentionRow } from '#contract/retention-rows.ts'
import { personRefSql, visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { can } from '../../policy/policy.ts'
import { activitiesSql, mayActivity, SPEAKING } from '../../register/activities/activity-sql.ts'
import { keptRows } from '../retention/retention-store.ts'
import { noticeVersion, ownTexts } from './notice-store.ts'

type Names = (tx: Tx, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** Whom the notice is for: whoever works here, in whatever way; pupils are told by their school. */
const TOLD = `p.status = 'active' and p.kind <> 'pupil'`
const HAS_ACCOUNT = `exists (select from account a where a.person_id = p.person_id and a.gone_at is null and a.enabled and a.kind = 'personal')`

export async function textsView(
  tx: Tx,
  actor: Actor,
  { municipality, today, names }: { municipality: string; today: string; names: Names },
): Promise<ResponseOf<typeof listComplianceTexts>> {
  const texts = await ownTexts(tx, municipality)
  const known = await names(
    tx,
    texts.flatMap(text => text.publishedBy ?? []),
  )
  return {
    texts: texts.map(text => ({
      ...text,
      publishedAt: text.publishedAt?.toISOString() ?? null,
      publishedBy: text.publishedBy === null ? null : (known.get(text.publishedBy) ?? null),
    })),
    ownRecordId: await ownRecord(tx, actor, today),
    allowed: { change: can(actor, 'compliance.change') },
  }
}

/** What the catalogue calls the record that Hjemmel itself is. */
const OWN_RECORD = 'identity-rights'
async function ownRecord(tx: Tx, actor: Actor, today: string): Promise<string | null> {
  const q = statement()
  const day = q.bind(today, 'date')
  const [row] = await tx.query<{ id: string }>(
    `select g.id from ${activitiesSql(day)} g ${SPEAKING}
     where g.catalogue_key = ${q.bind(OWN_RECORD, 'text')} and g.standing <> 'retired' and ${mayActivity(actor, q, 'read')}
     order by g.standing = 'in-force' desc, g.ref, g.id limit 1`,
    q.params,
  )
  return row?.id ?? null
}

/** What the reader is told, with how long what is kept; nothing is due before somebody has published it. Four statements. */
export async function noticeView(tx: Tx, actor: Actor, municipality: string): Promise<ResponseOf<typeof getNotice>> {
  const [text] = await ownTexts(tx, municipality, ['notice'])
  const [seen] = await tx.query<{ at: Date }>('select at from notice_shown where person_id = $1 and version = $2', [
    actor.personId,
    text?.version ?? 0,
  ])
  const kept = await keptRows(tx)
  return {
    ...{ version: text?.version ?? 0, da: text?.da ?? '', en: text?.en ?? '' },
    due: (text?.version ?? 0) > 0 && actor.personId !== null && seen === undefined,
    publishedAt: text?.publishedAt?.toISOString() ?? null,
    seenAt: seen?.at.toISOString() ?? null,
    periods: kept
      .filter(row => retentionRow(row.key).subject !== 'outside')
      .map(({ key, amount, unit }) => ({ key, amount, unit, from: retentionRow(key).from })),
  }
}

export async function standingView(tx: Tx, actor: Actor): Promise<ResponseOf<typeof getNoticeStanding>> {
  const [row] = await tx.query<{
    version: number
    people: number
    screen: number
    paper: number
    withoutAccount: number
  }>(
    `with notice as (select coalesce(max(version), 0)::int as version from compliance_text where kind = 'notice')
     select n.version, count(p.person_id)::int as people, (count(s.person_id) filter (where s.how = 'screen'))::int as screen,
       (count(s.person_id) filter (where s.how = 'paper'))::int as paper,
       (count(p.person_id) filter (where s.person_id is null and not ${HAS_ACCOUNT}))::int as "withoutAccount"
     from notice n left join person_current p on ${TOLD}
     left join notice_shown s on s.person_id = p.person_id and s.version = n.version group by n.version`,
  )
  return {
    ...(row ?? { version: 0, people: 0, screen: 0, paper: 0, withoutAccount: 0 }),
    allowed: { list: can(actor, 'notice.follow-up'), record: can(actor, 'notice.record') },
  }
}

export async function notToldView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listNotTold>,
): Promise<ResponseOf<typeof listNotTold>> {
  const version = await noticeVersion(tx)
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<ResponseOf<typeof listNotTold>['rows'][number] & { total: number }>(
    `with left_out as materialized (
       select p.person_id, ${HAS_ACCOUNT} as account from person_current p
       where ${TOLD} and ${may.person('p')}
         and not exists (select from notice_shown s where s.person_id = p.person_id and s.version = ${q.bind(version, 'int')}))
     select ${personRefSql('p', may.name('p'))} as person,
       case when u.unit_id is not null then jsonb_build_object('id', u.unit_id, 'name', u.name) end as unit, l.account,
       (count(*) over ())::int as total
     from left_out l join person_current p on p.person_id = l.person_id left join org_unit_current u on u.unit_id = p.unit_id
     ${query.withoutAccount ? 'where not l.account' : ''}
     order by u.name, p.family_name, p.given_name, p.person_id
     offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 }
}
