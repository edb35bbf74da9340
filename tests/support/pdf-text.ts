import { inflateSync } from 'node:zlib'

/**
 * The text of a PDF that was set in standard fonts (WinAnsi), in the order in which it is drawn, a line for each run of
 * text. Enough to see what is in a file of ours; no reader of PDF.
 */
export function pdfText(file: Buffer): string {
  const raw = file.toString('latin1')
  const said: string[] = []
  for (const [, dictionary, content] of raw.matchAll(
    /<<([^>]*(?:>[^>][^>]*)*)>>\s*stream\r?\n([\s\S]*?)\r?\nendstream/g,
  )) {
    const bytes = Buffer.from(content ?? '', 'latin1')
    const drawn = dictionary?.includes('/FlateDecode') ? inflateSync(bytes).toString('latin1') : (content ?? '')
    for (const [, run] of drawn.matchAll(/\[([^\]]*)\]\s*TJ/g))
      said.push(
        [...(run ?? '').matchAll(/<([0-9a-fA-F]*)>/g)]
          .map(([, hex]) => windows(Buffer.from(hex ?? '', 'hex')))
          .join(''),
      )
  }
  return said.join('\n')
}
const windows = (bytes: Buffer): string => new TextDecoder('windows-1252').decode(bytes)
