import type { TextKind } from '#contract/compliance.ts'
import type { MadeFile } from '#contract/documents.ts'
import { retentionRow } from '#contract/retention-rows.ts'
import { type Clock, civilDate } from '../../platform/clock.ts'
import type { Language } from '../../platform/documents/document.ts'
import { paperFile } from '../../platform/documents/paper-file.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import { ownTexts } from '../notice/notice-store.ts'
import { keptRows } from '../retention/retention-store.ts'
import { textDocument } from './text-document.ts'
import { paperTextWords } from './text-words.ts'

type Asked = { kind: TextKind; format: 'docx' | 'pdf'; language: Language }
type Parts = { db: Db; clock: Clock; municipality: string }

/** A text as it counts now; the notice with the periods, since it says that they stand below it. */
export async function textFile({ db, clock, municipality }: Parts, asked: Asked): Promise<MadeFile> {
  const { kind, format, language } = asked
  const { text, kept } = await db.snapshot(async tx => ({
    text: (await ownTexts(tx, municipality, [kind]))[0],
    kept: kind === 'notice' ? await keptRows(tx) : [],
  }))
  if (!text) throw new Error(`There is no text ${kind}`)
  const paper = textDocument({
    ...{ kind, language, municipality, text: text[language], version: text.version },
    publishedOn: text.publishedAt && civilDate(text.publishedAt),
    periods: kept.filter(row => retentionRow(row.key).subject !== 'outside'),
  })
  return paperFile(paper, format, `${paperTextWords[language].file[kind]}-${clock.today()}`)
}
