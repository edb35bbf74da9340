import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import type { PaperDocument } from '../../../../server/platform/documents/document.ts'
import { printable } from '../../../../server/platform/documents/printable.ts'
import { writePdf } from '../../../../server/platform/documents/write-pdf.ts'
import { pdfText } from '../../../support/pdf-text.ts'

const paper = (title: string, said: string): PaperDocument => ({
  ...{ title, language: 'da', about: [['Dag', '2. marts 2026']], foot: 'Fod' },
  chapters: ['Første', 'Anden'].map(chapter => ({
    title: chapter,
    sections: [
      {
        title: 'Afsnit',
        blocks: [
          { kind: 'text', text: said },
          { kind: 'table', head: ['Navn'], shares: [1], rows: [[said]] },
        ],
      },
    ],
  })),
})
const fontkit = createRequire(new URL('../../../../node_modules/pdfkit/js/pdfkit.js', import.meta.url))('fontkit') as {
  create(file: Buffer): { characterSet: number[] }
}
const fonts = ['regular', 'bold'].map(weight =>
  fontkit.create(
    readFileSync(new URL(`../../../../server/platform/documents/fonts/paper-${weight}.ttf`, import.meta.url)),
  ),
)

/** What stands in the metadata, by the name of its element. */
function metadataOf(raw: string): Map<string, string> {
  const xml = raw.slice(raw.indexOf('<?xpacket begin'), raw.indexOf('<?xpacket end'))
  const found = new Map<string, string>()
  const open: string[] = []
  const parser = new SaxesParser()
  parser.on('opentag', tag => open.push(tag.name))
  parser.on('text', text => {
    const name = open.findLast(one => !one.startsWith('rdf:'))
    if (name && text.trim() !== '') found.set(name, text.trim())
  })
  parser.on('closetag', () => open.pop())
  parser.on('error', error => {
    throw error
  })
  parser.write(xml.slice(xml.indexOf('<x:xmpmeta'))).close()
  return found
}

describe('a PDF for the archive', () => {
  it('says what it is, and carries all that is needed to show it', async () => {
    const file = await writePdf(paper('Løn & <personale>', 'Łukasz på Ærø'), { compress: false })
    const raw = file.toString('latin1')
    const metadata = metadataOf(file.toString('utf8'))
    expect(metadata.get('pdfaid:part')).toBe('2')
    expect(metadata.get('pdfaid:conformance')).toBe('B')
    expect(metadata.get('dc:title')).toBe('Løn & <personale>')
    expect(metadata.get('dc:creator')).toBe('Hjemmel')
    // What both the metadata and the old information say has to be the same, and title and author stand in the metadata only.
    const info = raw.match(/\/Info (\d+) 0 R/)?.[1]
    const said = raw.match(new RegExp(`\\n${info} 0 obj\\n<<([\\s\\S]*?)>>`))?.[1] ?? ''
    expect([...said.matchAll(/\/(\w+) /g)].map(([, key]) => key).sort()).toEqual([
      'CreationDate',
      'Creator',
      'Producer',
    ])
    expect(metadata.get('xmp:CreateDate')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    // The colours it means.
    expect(raw).toMatch(/\/OutputIntents \[\d+ 0 R\]/)
    expect(raw).toContain('/S /GTS_PDFA1')
    // Every font that is named is in the file; none is one that the reader has to have.
    const fontsNamed = raw.match(/\/Type \/FontDescriptor/g) ?? []
    expect(fontsNamed.length).toBe(2)
    expect(raw.match(/\/FontFile2 \d+ 0 R/g)).toHaveLength(2)
    expect(raw).not.toMatch(/\/Subtype \/Type1\b|Helvetica/)
    expect(raw.match(/\/ToUnicode \d+ 0 R/g)).toHaveLength(2)
    // Links are printed as what they stand on, and nothing in it acts or hides.
    for (const link of raw.match(/\/Subtype \/Link[\s\S]*?>>/g) ?? []) expect(link).toMatch(/\/F 4\b/)
    expect(raw).not.toMatch(/\/(JavaScript|JS|Encrypt|EmbeddedFiles|Launch|Movie|Sound)\b/)
    expect(raw).toMatch(/\/ID \[<[0-9a-f]{32}> <[0-9a-f]{32}>\]/)
    expect(raw).toContain('/Lang (da-DK)')
    expect((await pdfText(file)).text).toContain('Łukasz på Ærø')
  })

  it('never asks its fonts for a sign that they do not have', () => {
    const [regular, bold] = fonts.map(font => new Set(font.characterSet))
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), typed => {
        const lacking = [...printable(typed)].filter(sign => {
          const code = sign.codePointAt(0) as number
          return sign !== '\n' && !(regular!.has(code) && bold!.has(code))
        })
        expect(lacking).toEqual([])
      }),
      { numRuns: 300, examples: [['\u00ad\u0149\u2011→≤\u200b\u2028\uffff']] },
    )
    // And every sign of theirs is written as it is.
    for (const code of fonts[0]!.characterSet.filter(one => one < 0xffff)) {
      const sign = String.fromCodePoint(code)
      expect(printable(sign)).toBe(sign.normalize('NFC'))
    }
  })
})
