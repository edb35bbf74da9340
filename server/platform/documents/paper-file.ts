import type { MadeFile } from '#contract/documents.ts'
import type { PaperDocument } from './document.ts'
import { writeDocx } from './write-docx.ts'
import { writePdf } from './write-pdf.ts'

const TYPES = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
} as const

/** A document as the file that was asked for. Outside of any transaction: writing takes its time. */
export async function paperFile(paper: PaperDocument, format: 'docx' | 'pdf', name: string): Promise<MadeFile> {
  const content = format === 'docx' ? await writeDocx(paper) : await writePdf(paper)
  return { fileName: `${name}.${format}`, contentType: TYPES[format], content: content.toString('base64') }
}
