import {
  AlignmentType,
  Document,
  Footer,
  HeadingLevel,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableOfContents,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import { type Block, hasContents, type PaperDocument, paperWords } from './document.ts'
import { repacked } from './fixed-zip.ts'
import { xmlText } from './xml-text.ts'

/** Twentieths of a point: the text of an A4 page with margins of two centimetres. */
const TEXT_WIDTH = 9638
const MARGIN = 1134

/** Lines of a text stay lines. */
const runs = (text: string, more: { bold?: boolean; color?: string } = {}): TextRun[] =>
  xmlText(text)
    .split(/\r?\n/)
    .map((line, place) => new TextRun({ text: line, ...more, ...(place > 0 ? { break: 1 } : {}) }))

/**
 * The document as Word reads it, with real headings, table heads that repeat, and a table of contents that Word can bring up
 * to date. The same document gives the same bytes: no hour stands in it.
 */
export async function writeDocx(paper: PaperDocument): Promise<Buffer> {
  const words = paperWords[paper.language]
  const several = hasContents(paper)
  const children = [
    new Paragraph({ heading: HeadingLevel.TITLE, children: runs(paper.title) }),
    ...blockOf({ kind: 'facts', facts: paper.about }),
    ...(paper.note ? blockOf({ kind: 'text', text: paper.note, quiet: true }) : []),
    ...(several
      ? [
          new Paragraph({ style: 'ContentsTitle', children: runs(words.contents) }),
          new TableOfContents(words.contents, { hyperlink: true, headingStyleRange: '1-1', beginDirty: false }),
        ]
      : []),
    ...paper.chapters.flatMap(chapter => [
      new Paragraph({ heading: HeadingLevel.HEADING_1, pageBreakBefore: several, children: runs(chapter.title) }),
      ...(chapter.lead ? blockOf({ kind: 'text', text: chapter.lead, quiet: true }) : []),
      ...chapter.sections.flatMap(section => [
        new Paragraph({ heading: HeadingLevel.HEADING_2, keepNext: true, children: runs(section.title) }),
        ...section.blocks.flatMap(blockOf),
      ]),
    ]),
  ]
  const font = 'Calibri'
  const heading = (size: number, before: number) => ({
    run: { font, size, bold: true, color: '1f2933' },
    paragraph: { spacing: { before, after: 80 } },
  })
  const file = new Document({
    title: xmlText(paper.title),
    creator: 'Hjemmel',
    lastModifiedBy: 'Hjemmel',
    description: xmlText(paper.foot),
    styles: {
      default: {
        document: {
          run: { font, size: 21, language: { value: paper.language === 'da' ? 'da-DK' : 'en-GB' } },
          paragraph: { spacing: { after: 100 } },
        },
        title: heading(40, 0),
        heading1: heading(30, 0),
        heading2: heading(24, 260),
        heading3: heading(21, 180),
      },
      paragraphStyles: [
        { id: 'ContentsTitle', name: 'Contents title', basedOn: 'Normal', next: 'Normal', ...heading(30, 300) },
      ],
    },
    sections: [
      {
        properties: { page: { size: { width: 11906, height: 16838 }, margin: margins } },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                alignment: AlignmentType.LEFT,
                children: [
                  ...runs(`${paper.foot} · ${words.page} `, { color: '5b6770' }),
                  new TextRun({
                    color: '5b6770',
                    children: [PageNumber.CURRENT, ` ${words.of} `, PageNumber.TOTAL_PAGES],
                  }),
                ],
              }),
            ],
          }),
        },
        children,
      },
    ],
  })
  const core = CORE(xmlText(paper.title), paper.language)
  const packed = await Packer.toBuffer(file, undefined, [{ path: 'docProps/core.xml', data: core }])
  return repacked(packed, (name, content) =>
    name === 'word/document.xml' ? Buffer.from(renumbered(content.toString('utf8'))) : content,
  )
}

/** The library numbers bookmarks through the life of the process; here each file begins at one. */
function renumbered(xml: string): string {
  const numbers = new Map<string, number>()
  const numberOf = (old: string) => {
    const known = numbers.get(old) ?? numbers.size + 1
    numbers.set(old, known)
    return known
  }
  return xml
    .replace(/\b_Toc(\d+)/g, (_, old: string) => `_Toc${numberOf(`toc ${old}`)}`)
    .replace(
      /(<w:bookmark(?:Start|End)\b[^>]*w:id=")(\d+)"/g,
      (_, before: string, old: string) => `${before}${numberOf(old)}"`,
    )
}

const margins = { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN }

/** The library would say when it was written. */
const CORE = (title: string, language: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${escaped(title)}</dc:title><dc:creator>Hjemmel</dc:creator><dc:language>${language}</dc:language></cp:coreProperties>`
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function blockOf(block: Block): (Paragraph | Table)[] {
  switch (block.kind) {
    case 'heading':
      return [new Paragraph({ heading: HeadingLevel.HEADING_3, keepNext: true, children: runs(block.text) })]
    case 'text':
      return [new Paragraph({ children: runs(block.text, block.quiet ? { color: '5b6770' } : {}) })]
    case 'list':
      return block.items.map(item => new Paragraph({ bullet: { level: 0 }, children: runs(item) }))
    case 'facts':
      return block.facts.length === 0
        ? []
        : [
            table(
              [0.3, 0.7],
              block.facts.map(([name, value]) => row([name, value], [0.3, 0.7], { firstBold: true })),
            ),
            gap(),
          ]
    case 'table':
      return [
        table(block.shares, [
          row(block.head, block.shares, { head: true }),
          ...block.rows.map(cells => row(cells, block.shares)),
        ]),
        gap(),
      ]
  }
}

/** Two tables that touch would be one. */
const gap = () => new Paragraph({ spacing: { before: 0, after: 60 }, children: [] })
const widthOf = (share: number) => Math.round(share * TEXT_WIDTH)

const table = (shares: readonly number[], rows: TableRow[]) =>
  new Table({
    layout: TableLayoutType.FIXED,
    width: { size: TEXT_WIDTH, type: WidthType.DXA },
    columnWidths: shares.map(widthOf),
    rows,
  })

function row(
  cells: readonly string[],
  shares: readonly number[],
  { head = false, firstBold = false }: { head?: boolean; firstBold?: boolean } = {},
): TableRow {
  return new TableRow({
    tableHeader: head,
    cantSplit: true,
    children: shares.map(
      (share, place) =>
        new TableCell({
          width: { size: widthOf(share), type: WidthType.DXA },
          margins: { top: 40, bottom: 40, left: 80, right: 80 },
          ...(head ? { shading: { fill: 'e8ecef' } } : {}),
          children: [
            new Paragraph({
              spacing: { after: 0 },
              children: runs(cells[place] ?? '', { bold: head || (firstBold && place === 0) }),
            }),
          ],
        }),
    ),
  })
}
