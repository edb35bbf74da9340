import { extractText, getDocumentProxy } from 'unpdf'

/** The text of a PDF as a reader finds it, each page with single spaces between the words. */
export async function pdfText(file: Buffer): Promise<{ text: string; pages: number }> {
  const { text, totalPages } = await extractText(await getDocumentProxy(new Uint8Array(file)), { mergePages: true })
  return { text: text.replace(/\s+/g, ' '), pages: totalPages }
}
