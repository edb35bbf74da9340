import mammoth from 'mammoth'
import { extractText, getDocumentProxy } from 'unpdf'
import { describe, expect, test } from 'vitest'
import { TEXT_KINDS } from '../../../server/contract/compliance.ts'
import { RETENTION_ROWS } from '../../../server/contract/retention-rows.ts'
import { textDocument } from '../../../server/gdpr/documents/text-document.ts'
import { textFile } from '../../../server/gdpr/documents/text-file.ts'
import { paperTextWords } from '../../../server/gdpr/documents/text-words.ts'
import { publish } from '../../../server/gdpr/notice/notice-service.ts'
import { ownTexts } from '../../../server/gdpr/notice/notice-store.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import { printable } from '../../../server/platform/documents/printable.ts'
import { actor } from '../../support/actors.ts'
import { testDatabase } from '../../support/database.ts'
import { danishTexts, englishTexts } from '../../support/texts.ts'

const at = testDatabase()
const clock = fixedClock('2026-03-02T09:00:00Z')
const parts = () => ({ db: at.db, clock, municipality: 'Ærø Prøvekommune' })
const wordsOf = (text: string) => text.replace(/\s+/g, ' ')
const read = async (file: { fileName: string; content: string }): Promise<string> => {
  const bytes = Buffer.from(file.content, 'base64')
  if (file.fileName.endsWith('.docx')) return wordsOf((await mammoth.extractRawText({ buffer: bytes })).value)
  return wordsOf((await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true })).text)
}

describe.each(
  TEXT_KINDS.flatMap(kind =>
    (['da', 'en'] as const).flatMap(language =>
      (['docx', 'pdf'] as const).map(format => [kind, language, format] as const),
    ),
  ),
)('%s in %s as %s', (kind, language, format) => {
  test('says every line of the text, and no sign of how it was marked', async () => {
    const [text] = await at.db.snapshot(tx => ownTexts(tx, 'Ærø Prøvekommune', [kind]))
    const file = await textFile(parts(), { kind, language, format })
    expect(file.fileName).toMatch(new RegExp(`^[a-z-]+-2026-03-02\\.${format}$`))
    const said = await read(file)
    const lines = text![language].split('\n').filter(line => line.trim() !== '')
    expect(lines.length).toBeGreaterThan(8)
    // A reader of PDF may put a space where a line breaks within a word: compared without any.
    const closed = (words: string) => words.replace(/[\s\u00ad-]/g, '')
    for (const line of lines) {
      const plain = line.replace(/^(#+|-) /, '').replace(/\*/g, '')
      expect(closed(said), plain).toContain(closed(format === 'pdf' ? printable(plain) : plain))
    }
    expect(said).not.toMatch(/##|\*/)
    expect(said).toContain('Ærø Prøvekommune')
    expect(said).toContain(paperTextWords[language].about.draft)
    // Only the notice says that the periods stand below.
    const period = paperTextWords[language].row['hr-events']
    expect(said.includes(period)).toBe(kind === 'notice')
    if (kind === 'notice') expect(said).toContain(language === 'da' ? '30 dage' : '30 days')
    if (kind === 'notice') expect(said).not.toContain(paperTextWords[language].row.backups)
  })
})

test('what has been published is what is written, with its number and day', async () => {
  const words =
    'Første linje.\n\n## Andet\n\n- Et *punkt*\n- Et til\n\nSlut på teksten, som er lang nok til at udsende.'
  const text = {
    da: `# Vores logpolitik\n\n${words}`,
    en: `# Our log policy\n\n${words}`,
    reason: 'Vedtaget',
    version: 0,
  }
  await at.db.transaction(tx => publish(tx, actor(['it']), 'log-policy', text, clock.now()))
  const said = await read(await textFile(parts(), { kind: 'log-policy', language: 'da', format: 'docx' }))
  expect(said).toContain('Vores logpolitik')
  expect(said).toContain('1, 2. marts 2026')
  expect(said).not.toContain(paperTextWords.da.about.draft)
})

test('headings are headings and points are points', () => {
  const paper = textDocument({
    ...{ kind: 'dpia', language: 'da', municipality: 'K', version: 0, publishedOn: null, periods: [] },
    text: '# Titel\n\nIndledning med *vægt*.\n\n## Et\n\n- a\n- b\n\nTekst\n\n## To\n\n- c',
  })
  expect(paper.chapters).toEqual([
    {
      ...{ title: 'Titel', lead: 'Indledning med vægt.' },
      sections: [
        {
          title: 'Et',
          blocks: [
            { kind: 'list', items: ['a', 'b'] },
            { kind: 'text', text: 'Tekst' },
          ],
        },
        { title: 'To', blocks: [{ kind: 'list', items: ['c'] }] },
      ],
    },
  ])
})

test.each([
  ['da', danishTexts],
  ['en', englishTexts],
] as const)('what is kept has in %s the same names on paper as on the screen', (language, texts) => {
  const words = paperTextWords[language]
  expect(words.row).toEqual(texts.compliance.row)
  expect(words.from).toEqual(texts.compliance.from)
  expect(words.kind).toEqual(texts.notice.kind)
  expect(Object.keys(words.row).sort()).toEqual(RETENTION_ROWS.map(row => row.key).sort())
})
