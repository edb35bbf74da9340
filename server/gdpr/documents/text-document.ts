import type { TextKind } from '#contract/compliance.ts'
import { type RetentionKey, retentionRow } from '#contract/retention-rows.ts'
import type { Block, Language, PaperDocument, Section } from '../../platform/documents/document.ts'
import { paperTextWords } from './text-words.ts'

export type PaperText = {
  kind: TextKind
  language: Language
  /** Headings (`#`, `##`), points (`-`), paragraphs and `*words*` that stand out. */
  text: string
  municipality: string
  version: number
  /** Civil date; null: nobody has published it. */
  publishedOn: string | null
  /** How long what is kept, below the text; empty: not said. */
  periods: readonly { key: RetentionKey; amount: number; unit: 'days' | 'months' }[]
}

/** One of the product's own texts as a document: its headings are headings there too. */
export function textDocument(paper: PaperText): PaperDocument {
  const words = paperTextWords[paper.language]
  const { title, lead, sections } = partsOf(paper.text)
  const day = (date: string) =>
    new Date(`${date}T12:00:00Z`).toLocaleDateString(words.locale, { dateStyle: 'long', timeZone: 'UTC' })
  return {
    title: words.kind[paper.kind],
    language: paper.language,
    about: [
      [words.about.municipality, paper.municipality],
      [
        words.about.version,
        paper.publishedOn === null ? words.about.draft : words.about.number(paper.version, day(paper.publishedOn)),
      ],
    ],
    chapters: [
      {
        title: title ?? words.kind[paper.kind],
        ...(lead === '' ? {} : { lead }),
        sections: paper.periods.length === 0 ? sections : [...sections, periodsOf(paper)],
      },
    ],
    foot: `${paper.municipality} · ${words.foot}`,
  }
}

function partsOf(text: string): { title: string | null; lead: string; sections: Section[] } {
  let title: string | null = null
  const lead: string[] = []
  const sections: { title: string; blocks: Block[] }[] = []
  let points: string[] = []
  const put = (block: Block) => {
    const into = sections.at(-1)
    if (into) into.blocks.push(block)
    else if (block.kind === 'text') lead.push(block.text)
    else if (block.kind === 'list') lead.push(...block.items.map(item => `- ${item}`))
  }
  const closePoints = () => {
    if (points.length > 0) put({ kind: 'list', items: points })
    points = []
  }
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('- ')) {
      points.push(plain(line.slice(2)))
      continue
    }
    closePoints()
    if (line.startsWith('## ')) sections.push({ title: plain(line.slice(3)), blocks: [] })
    else if (line.startsWith('# ')) title ??= plain(line.slice(2))
    else if (line.trim() !== '') put({ kind: 'text', text: plain(line) })
  }
  closePoints()
  return { title, lead: lead.join('\n'), sections }
}

const plain = (line: string): string => line.replace(/\*([^*]+)\*/g, '$1').trim()

function periodsOf({ language, periods }: PaperText): Section {
  const words = paperTextWords[language]
  return {
    title: words.periods.title,
    blocks: [
      {
        kind: 'table',
        head: words.periods.head,
        shares: [0.55, 0.25, 0.2],
        rows: periods.map(({ key, amount, unit }) => {
          const whole = unit === 'months' && amount > 12 && amount % 12 === 0
          const count = whole ? amount / 12 : amount
          const [one, more] = words.period[whole ? 'years' : unit]
          return [words.row[key], words.from[retentionRow(key).from], `${count} ${count === 1 ? one : more}`]
        }),
      },
    ],
  }
}
