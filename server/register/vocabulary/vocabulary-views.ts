import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import { ADEQUACY_DAYS, type listVocabulary, type VocabularyKind, type VocabularyRow } from '#contract/vocabularies.ts'
import { containing, searchWords } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { TERM_COLUMNS } from './vocabulary-store.ts'

type Question = QueryOf<typeof listVocabulary> & { kind: VocabularyKind; today: string }

/** Versions that somebody works with: in force now or ahead, or open. */
const COUNTED = `select v.id, v.activity_id, v.content from activity_version v
  where v.state in ('draft', 'proposed')
     or exists (select from activity_in_force f where f.version_id = v.id and upper_inf(f.recorded)
          and (upper_inf(f.valid) or upper(f.valid) > $2::date))`

/** Which codes of the kind stand in which activity. Laws are named by title in the records. */
const USES: Record<VocabularyKind, string> = {
  basis6: 'select c.activity_id, p.art6 as code from counted c join activity_purpose p on p.version_id = c.id',
  basis9: 'select c.activity_id, unnest(p.art9) as code from counted c join activity_purpose p on p.version_id = c.id',
  national:
    'select c.activity_id, unnest(p.national) as code from counted c join activity_purpose p on p.version_id = c.id',
  law: `select c.activity_id, t.code from counted c join activity_purpose p on p.version_id = c.id
    cross join jsonb_array_elements(p.provisions) one
    join vocabulary_term t on t.kind = 'law' and one ->> 'law' in (t.da, t.en)`,
  'purpose-kind': `select c.activity_id, one ->> 'broader' as code from counted c
    cross join jsonb_array_elements(c.content -> 'purposes') one`,
  data: 'select c.activity_id, r.data as code from counted c join activity_row r on r.version_id = c.id',
  subject: 'select c.activity_id, r.subject as code from counted c join activity_row r on r.version_id = c.id',
  recipient: 'select c.activity_id, r.recipient as code from counted c join activity_row r on r.version_id = c.id',
  'transfer-ground': `select c.activity_id, one ->> 'ground' as code from counted c
    cross join jsonb_array_elements(c.content -> 'transfers') one`,
  adequacy: `select c.activity_id, one ->> 'country' as code from counted c
    cross join jsonb_array_elements(c.content -> 'transfers') one`,
  measure: `select c.activity_id, jsonb_array_elements_text(c.content -> 'measures') as code from counted c`,
  operation: `select b.activity_id, unnest(b.operations) as code from purpose_binding b
    where upper_inf(b.recorded) and (upper_inf(b.valid) or upper(b.valid) > $2::date)`,
}

/** One vocabulary with how much each term is used: one statement. */
export async function vocabularyPage(
  tx: Tx,
  question: Question,
): Promise<Omit<ResponseOf<typeof listVocabulary>, 'allowed'>> {
  const words = searchWords(question.search ?? '').map(containing)
  type Row = VocabularyRow & { total: number; staleAll: number }
  const rows = await tx.query<Row | { total: number; staleAll: number; code: null }>(
    `with counted as (${COUNTED}),
       uses as (select code, count(distinct activity_id)::int as activities from (${USES[question.kind]}) u group by code),
       terms as (select t.*, coalesce(u.activities, 0) as activities,
           t.kind = 'adequacy' and t.retired_at is null
             and (t.checked_on is null or t.checked_on + ${ADEQUACY_DAYS} < $2::date) as stale
         from vocabulary_term t left join uses u on u.code = t.code where t.kind = $1),
       chosen as (select t.* from terms t
         where search_fold(concat_ws(' ', t.code, t.da, t.en)) like all ($3::text[])
           and case $4::text when 'used' then t.activities > 0 when 'unused' then t.activities = 0
             when 'own' then t.origin = 'own' when 'retired' then t.retired_at is not null
             when 'stale' then t.stale else t.retired_at is null end)
     select ${TERM_COLUMNS}, t.activities, t.stale, n.total, n.stale as "staleAll"
     from (select (select count(*)::int from chosen) as total, (select count(*)::int from terms where stale) as stale) n
     left join lateral (select * from chosen c order by c.retired_at is not null, c.sort, c.da collate "da-x-icu"
       offset $5 limit $6) t on true`,
    [question.kind, question.today, words, question.state ?? null, question.offset, question.limit],
  )
  const { total = 0, staleAll = 0 } = rows[0] ?? {}
  return {
    rows: rows.filter((row): row is Row => row.code !== null),
    ...{ total, stale: staleAll },
  }
}
