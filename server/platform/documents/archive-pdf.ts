import { fileURLToPath } from 'node:url'
import PDFDocument from 'pdfkit'
import type { Language } from './document.ts'
import { xmlText } from './xml-text.ts'

/** Inter at two weights (fonts/OFL.txt), as tests/setup/paper-fonts.ts makes it. */
const FONTS = {
  plain: fileURLToPath(new URL('./fonts/paper-regular.ttf', import.meta.url)),
  bold: fileURLToPath(new URL('./fonts/paper-bold.ttf', import.meta.url)),
} as const
export type Weight = keyof typeof FONTS

const escaped = (text: string) =>
  xmlText(text).replace(/[<>&]/g, sign => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[sign] as string)

/**
 * An empty PDF that can be kept for as long as papers are kept (ISO 19005-2, PDF/A-2b): its fonts, its colours and what it is
 * about are in the file. `finished` has its bytes when `doc.end()` has been called. `size` in points.
 */
export function archivePdf(of: {
  title: string
  author: string
  language: Language
  madeAt: Date
  size: { width: number; height: number }
  margin: number
  compress: boolean
}): { doc: PDFKit.PDFDocument; use: (weight: Weight) => PDFKit.PDFDocument; finished: Promise<Buffer> } {
  const doc = new PDFDocument({
    ...{ size: [of.size.width, of.size.height], margin: of.margin, bufferPages: true, compress: of.compress },
    ...{ pdfVersion: '1.7', subset: 'PDF/A-2b', font: FONTS.plain },
    ...{ tagged: true, lang: of.language === 'en' ? 'en-GB' : 'da-DK', displayTitle: true },
    // Of these the library writes the metadata without escaping what is typed: title and author are written below instead.
    info: { CreationDate: of.madeAt },
  })
  doc.appendXML(`
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
            <dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escaped(of.title)}</rdf:li></rdf:Alt></dc:title>
            <dc:creator><rdf:Seq><rdf:li>${escaped(of.author)}</rdf:li></rdf:Seq></dc:creator>
        </rdf:Description>`)
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const finished = new Promise<Buffer>((resolve, reject) => {
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
  // By its file each time: under a name of its own a font that is there already would be read again at every change.
  return { doc, use: weight => doc.font(FONTS[weight]), finished }
}
