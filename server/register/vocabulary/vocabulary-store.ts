import type { VocabularyKind } from '#contract/vocabularies.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { shippedTerms } from './read-terms.ts'
import { type Term, type Vocabularies, vocabulariesOf } from './vocabulary.ts'

export const TERM_COLUMNS = `t.kind, t.code, t.da, t.en, t.class, t.dpv, t.note_da as "noteDa", t.note_en as "noteEn", t.link,
  t.checked_on as "checkedOn", t.expires_on as "expiresOn", t.origin, t.retired_at is not null as retired`

/** All terms, in the order in which they are offered. */
export const loadTerms = (tx: Tx, kind?: VocabularyKind): Promise<Term[]> =>
  tx.query<Term>(
    `select ${TERM_COLUMNS} from vocabulary_term t where $1::text is null or t.kind = $1
     order by t.kind, t.sort, t.da collate "da-x-icu"`,
    [kind ?? null],
  )

export const loadVocabularies = async (tx: Tx): Promise<Vocabularies> => vocabulariesOf(await loadTerms(tx))

/**
 * What comes with Hjemmel, as this version of it says. Words of shipped terms follow the version; what a municipality has
 * said (own terms, what is retired, when something was looked up, when it runs out) stays as it is. Writes nothing that
 * stands there already, so that each start may ask for it. Answers how many terms are new or changed.
 */
export async function seedVocabularies(tx: Tx): Promise<number> {
  const rows = shippedTerms().map((term, place) => ({ ...term, id: newId(), sort: place }))
  const written = await tx.query(
    `insert into vocabulary_term as t (id, kind, code, da, en, class, dpv, note_da, note_en, link, origin, sort)
     select r.id, r.kind, r.code, r.da, r.en, r.class, r.dpv, r."noteDa", r."noteEn", r.link, 'shipped', r.sort
     from jsonb_to_recordset($1::jsonb) as r(id uuid, kind text, code text, da text, en text, class text, dpv text[],
       "noteDa" text, "noteEn" text, link text, sort int)
     on conflict (kind, code) do update set da = excluded.da, en = excluded.en, class = excluded.class, dpv = excluded.dpv,
       note_da = excluded.note_da, note_en = excluded.note_en, link = excluded.link, sort = excluded.sort
     -- A term that the municipality added before Hjemmel had it stays the municipality's.
     where t.origin = 'shipped' and (t.da, t.en, t.class, t.dpv, t.note_da, t.note_en, t.link, t.sort) is distinct from
       (excluded.da, excluded.en, excluded.class, excluded.dpv, excluded.note_da, excluded.note_en, excluded.link, excluded.sort)
     returning 1`,
    [JSON.stringify(rows)],
  )
  return written.length
}

/** The term, held against others who change it; null: there is none. */
export async function lockTerm(tx: Tx, kind: VocabularyKind, code: string): Promise<Term | null> {
  const [term] = await tx.query<Term>(
    `select ${TERM_COLUMNS} from vocabulary_term t where t.kind = $1 and t.code = $2 for update`,
    [kind, code],
  )
  return term ?? null
}

/** A term of the municipality's own, after those that came with Hjemmel; false: the code is taken. */
export async function insertTerm(tx: Tx, term: Term): Promise<boolean> {
  const made = await tx.query(
    `insert into vocabulary_term (id, kind, code, da, en, class, note_da, note_en, link, expires_on, origin, sort)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'own', 10000) on conflict (kind, code) do nothing returning 1`,
    [
      ...[newId(), term.kind, term.code, term.da, term.en, term.class],
      ...[term.noteDa, term.noteEn, term.link, term.expiresOn],
    ],
  )
  return made.length > 0
}

export async function updateTerm(tx: Tx, term: Term, now: Date): Promise<void> {
  await tx.query(
    `update vocabulary_term set da = $3, en = $4, class = $5, note_da = $6, note_en = $7, link = $8, checked_on = $9,
       expires_on = $10, retired_at = case when $11 then coalesce(retired_at, $12) end
     where kind = $1 and code = $2`,
    [
      ...[term.kind, term.code, term.da, term.en, term.class, term.noteDa, term.noteEn, term.link],
      ...[term.checkedOn, term.expiresOn, term.retired, now],
    ],
  )
}
