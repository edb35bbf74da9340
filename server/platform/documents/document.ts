/*
 * A text for paper, whatever it is written as: plain headings, paragraphs, facts and tables. What makes it knows nothing of
 * Word or PDF; what writes it knows nothing of what it is about.
 */

export type Language = 'da' | 'en'

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string; quiet?: boolean }
  | { kind: 'list'; items: readonly string[] }
  /** Names and values below each other. */
  | { kind: 'facts'; facts: readonly (readonly [name: string, value: string])[] }
  /** `shares` of the width, as many as columns; together 1. */
  | { kind: 'table'; head: readonly string[]; shares: readonly number[]; rows: readonly (readonly string[])[] }

export type Section = { title: string; blocks: readonly Block[] }
/** Begins on a page of its own where there are several. */
export type Chapter = { title: string; lead?: string; sections: readonly Section[] }

export type PaperDocument = {
  title: string
  language: Language
  /** What it is about and as of when, above everything. */
  about: readonly (readonly [name: string, value: string])[]
  /** Said below that. */
  note?: string
  chapters: readonly Chapter[]
  /** Stands at the foot of each page beside its number. */
  foot: string
}

/** With more than one chapter there is a list of them in front. */
export const hasContents = (document: PaperDocument): boolean => document.chapters.length > 1

export const paperWords = {
  da: { contents: 'Indhold', page: 'Side', of: 'af', nothing: 'Ingen' },
  en: { contents: 'Contents', page: 'Page', of: 'of', nothing: 'None' },
} as const
