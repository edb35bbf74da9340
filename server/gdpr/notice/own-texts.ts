import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TextKind } from '#contract/compliance.ts'

type Words = { municipality: string; dpo: string; contact: string }
const LANGUAGES = ['da', 'en'] as const
const FOLDER = join(import.meta.dirname, '..', 'texts')
const kept = new Map<string, string>()

/** A text as it ships; read once. Headings, paragraphs and lists in Markdown, nothing else. */
function shipped(kind: TextKind, language: (typeof LANGUAGES)[number]): string {
  const name = `${kind}.${language}.md`
  const text = kept.get(name) ?? readFileSync(join(FOLDER, name), 'utf8').trim()
  kept.set(name, text)
  return text
}

/** Both languages as they ship, with who the municipality is and whom to write to. */
export function shippedText(kind: TextKind, words: Words): { da: string; en: string } {
  const fill = (text: string) =>
    text
      .replaceAll('{municipality}', words.municipality)
      .replaceAll('{dpo}', words.dpo)
      .replaceAll('{contact}', words.contact)
  return { da: fill(shipped(kind, 'da')), en: fill(shipped(kind, 'en')) }
}
