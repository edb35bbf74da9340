import { archivePdf } from './archive-pdf.ts'
import { type Block, hasContents, type PaperDocument, paperWords } from './document.ts'
import { FIXED_DAY } from './fixed-zip.ts'
import { printable } from './printable.ts'

const PAGE = { width: 595.28, height: 841.89 }
const MARGIN = 52
const LEFT = MARGIN
const WIDTH = PAGE.width - 2 * MARGIN
const TOP = MARGIN
const BOTTOM = PAGE.height - MARGIN - 16
const GREY = '#4c5860'
const LINE = '#c9d1d7'
const PAD = 4
const CONTENTS_LINE = 17

type Style = { size?: number; bold?: boolean; colour?: string }
type Element = PDFKit.PDFStructureElement

/**
 * The document as a tagged PDF that an archive takes (PDF/A-2b): a reader of the screen walks its headings, lists and tables; bookmarks and a list of contents
 * lead to each chapter. The same document gives the same bytes. `compress: false` is for those who look inside.
 */
export async function writePdf(paper: PaperDocument, { compress = true } = {}): Promise<Buffer> {
  const words = paperWords[paper.language]
  const { doc, use, finished } = archivePdf({
    ...{ title: paper.title, author: 'Hjemmel', language: paper.language, size: PAGE, margin: MARGIN, compress },
    // Its identity is made from this: an hour of making would be another file each time.
    madeAt: FIXED_DAY,
  })
  const body = doc.struct('Document')
  doc.addStructure(body)
  let y = TOP

  const styled = ({ size = 9.5, bold = false, colour = '#000' }: Style) =>
    use(bold ? 'bold' : 'plain')
      .fontSize(size)
      .fillColor(colour)
  const heightOf = (text: string, width: number, style: Style) =>
    styled(style).heightOfString(text === '' ? ' ' : text, { width, lineGap: 1.5 })
  const draw = (text: string, x: number, at: number, width: number, style: Style) =>
    styled(style).text(text, x, at, { width, lineGap: 1.5 })
  const nextPage = () => {
    doc.addPage()
    y = TOP
  }
  const room = (needed: number) => {
    if (y + needed > BOTTOM && y > TOP) nextPage()
  }
  const tagged = (into: Element, tag: string, work: () => void) => into.add(doc.struct(tag, {}, work))

  /** A text of any length: what does not fit on the page goes on on the next. */
  const flow = (into: Element, tag: 'H1' | 'H2' | 'H3' | 'P' | 'LBody', said: string, style: Style, indent = 0) => {
    for (const piece of piecesOf(printable(said), WIDTH - indent, style)) {
      const tall = heightOf(piece, WIDTH - indent, style)
      room(tag.startsWith('H') ? tall + 40 : tall)
      const at = y
      tagged(into, tag, () => draw(piece, LEFT + indent, at, WIDTH - indent, style))
      y += tall
    }
    y += 4
  }
  /** By lines, then by words, so that no piece is taller than a page. */
  const piecesOf = (text: string, width: number, style: Style): string[] => {
    const most = BOTTOM - TOP - 60
    if (heightOf(text, width, style) <= most) return [text]
    const cut = text.lastIndexOf('\n', text.length / 2) + 1 || text.lastIndexOf(' ', text.length / 2) + 1
    const half = cut > 0 ? cut : Math.ceil(text.length / 2)
    return [...piecesOf(text.slice(0, half), width, style), ...piecesOf(text.slice(half), width, style)]
  }
  /** A rule below a row is for the eye only. */
  const rule = () => {
    doc.markContent('Artifact', { type: 'Layout' })
    doc
      .moveTo(LEFT, y)
      .lineTo(LEFT + WIDTH, y)
      .lineWidth(0.4)
      .strokeColor(LINE)
      .stroke()
    doc.endMarkedContent()
  }
  const table = (head: readonly string[] | null, shares: readonly number[], rows: readonly (readonly string[])[]) => {
    const widths = shares.map(share => share * WIDTH)
    const places = widths.map((_, place) => LEFT + widths.slice(0, place).reduce((sum, one) => sum + one, 0))
    const element = doc.struct('Table')
    body.add(element)
    const heads = head?.map(printable)
    const cell = (place: number, text: string, at: number, style: Style) =>
      draw(text, places[place]!, at, widths[place]! - PAD, style)
    const styleOf = (top: boolean, place: number): Style =>
      top
        ? { size: 8.5, bold: true, colour: GREY }
        : head
          ? { size: 9 }
          : { size: 9, bold: place === 0, ...(place === 0 ? { colour: GREY } : {}) }
    const line = (texts: readonly string[], top: boolean) => {
      const tall =
        Math.max(...texts.map((text, place) => heightOf(text, widths[place]! - PAD, styleOf(top, place)))) + 5
      if (y + tall > BOTTOM && y > TOP) {
        nextPage()
        if (heads && !top) {
          // The head once more; for a reader it is one table, so this is no part of it.
          doc.markContent('Artifact', { type: 'Layout' })
          for (const [place, name] of heads.entries()) cell(place, name, y, styleOf(true, place))
          doc.endMarkedContent()
          y += Math.max(...heads.map((name, place) => heightOf(name, widths[place]! - PAD, styleOf(true, place)))) + 5
        }
      }
      const element_ = doc.struct('TR')
      element.add(element_)
      const at = y
      for (const [place, text] of texts.entries())
        tagged(element_, top || (!head && place === 0) ? 'TH' : 'TD', () =>
          cell(place, text, at + 2, styleOf(top, place)),
        )
      element_.end()
      y += tall
      rule()
    }
    if (heads) {
      room(50)
      line(heads, true)
    }
    for (const row of rows) for (const part of lowEnough(row.map(printable))) line(part, false)
    element.end()
    y += 8

    /** A row that is taller than a page becomes several. */
    function lowEnough(texts: string[]): string[][] {
      const most = BOTTOM - TOP - 80
      const split = texts.map((text, place) => {
        const width = widths[place]! - PAD
        return heightOf(text, width, styleOf(false, place)) <= most ? [text] : narrow(text, width, most, place)
      })
      return Array.from({ length: Math.max(...split.map(parts => parts.length)) }, (_, part) =>
        split.map(parts => parts[part] ?? ''),
      )
    }
    function narrow(text: string, width: number, most: number, place: number): string[] {
      if (text.length < 2 || heightOf(text, width, styleOf(false, place)) <= most) return [text]
      const middle = text.lastIndexOf(' ', text.length / 2) + 1 || Math.ceil(text.length / 2)
      return [...narrow(text.slice(0, middle), width, most, place), ...narrow(text.slice(middle), width, most, place)]
    }
  }
  const list = (items: readonly string[]) => {
    const element = doc.struct('L')
    body.add(element)
    for (const item of items) {
      const line = doc.struct('LI')
      element.add(line)
      flow(line, 'LBody', `\u2022 ${item}`, {}, 6)
      line.end()
    }
    element.end()
  }
  const put = (block: Block): void => {
    if (block.kind === 'heading') {
      y += 4
      flow(body, 'H3', block.text, { size: 10, bold: true })
    } else if (block.kind === 'text') flow(body, 'P', block.text, block.quiet ? { colour: GREY } : {})
    else if (block.kind === 'list') list(block.items)
    else if (block.kind === 'table') table(block.head, block.shares, block.rows)
    else if (block.facts.length > 0) table(null, [0.3, 0.7], block.facts)
  }

  flow(body, 'H1', paper.title, { size: 20, bold: true })
  y += 6
  put({ kind: 'facts', facts: paper.about })
  if (paper.note) put({ kind: 'text', text: paper.note, quiet: true })
  const several = hasContents(paper)
  /** Where each line of the list of contents stands; its page is known when the chapters have been written. */
  const waiting: { page: number; y: number }[] = []
  if (several) {
    y += 8
    flow(body, 'H2', words.contents, { size: 14, bold: true })
    for (const _ of paper.chapters) {
      room(CONTENTS_LINE)
      waiting.push({ page: pageNow(doc), y })
      y += CONTENTS_LINE
    }
  }
  const toc: { title: string; page: number }[] = []
  for (const chapter of paper.chapters) {
    if (several) nextPage()
    else y += 8
    const name = `chapter-${toc.length + 1}`
    doc.addNamedDestination(name, 'XYZ', 0, y, null)
    doc.outline.addItem(printable(chapter.title))
    toc.push({ title: printable(chapter.title), page: pageNow(doc) })
    flow(body, several ? 'H2' : 'H1', chapter.title, { size: 15, bold: true })
    if (chapter.lead) put({ kind: 'text', text: chapter.lead, quiet: true })
    for (const section of chapter.sections) {
      y += 6
      flow(body, several ? 'H3' : 'H2', section.title, { size: 11.5, bold: true })
      for (const block of section.blocks) put(block)
    }
  }
  for (const [place, { page, y: at }] of waiting.entries()) {
    const chapter = toc[place]!
    doc.switchToPage(page)
    const title = shortened(chapter.title)
    tagged(body, 'P', () => {
      styled({}).text(title, LEFT, at, { width: WIDTH - 40, lineBreak: false, goTo: `chapter-${place + 1}` })
      styled({}).text(String(chapter.page + 1), LEFT + WIDTH - 36, at, { width: 36, align: 'right', lineBreak: false })
    })
  }
  function shortened(title: string): string {
    if (styled({}).widthOfString(title) <= WIDTH - 50) return title
    let end = title.length
    while (end > 1 && styled({}).widthOfString(`${title.slice(0, end)}…`) > WIDTH - 50) end--
    return `${title.slice(0, end).trimEnd()}…`
  }
  body.end()
  const { count } = doc.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page)
    // The margin at the foot would begin a new page.
    doc.page.margins.bottom = 0
    doc.markContent('Artifact', { type: 'Pagination', attached: ['Bottom'] })
    const foot = `${paper.foot} · ${words.page} ${page + 1} ${words.of} ${count}`
    draw(printable(foot), LEFT, PAGE.height - MARGIN, WIDTH, { size: 8, colour: GREY })
    doc.endMarkedContent()
  }
  doc.end()
  return finished
}

const pageNow = (doc: PDFKit.PDFDocument): number => {
  const { start, count } = doc.bufferedPageRange()
  return start + count - 1
}
