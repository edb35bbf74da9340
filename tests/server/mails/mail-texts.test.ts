import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAIL_KINDS, type MailKind } from '#contract/mail-lists.ts'
import type { MailFacts, Told } from '../../../server/mails/mail-facts.ts'
import { mailOf, mailText } from '../../../server/mails/mail-texts.ts'

const ID = '01900000-0000-7000-8000-000000000000'
const URL = 'https://hjemmel.example'
const FACTS: { [K in MailKind]: MailFacts[K] } = {
  'task-assigned': { system: 'SBSYS', direction: 'give', on: '2026-03-02', urgent: true, reopened: true },
  'task-due': { system: 'SBSYS', direction: 'take', on: '2026-03-02', stage: 'after' },
  'task-escalated': { system: 'SBSYS', direction: 'take', on: '2026-03-02' },
  'approval-asked': { system: 'SBSYS', right: 'Sagsbehandler', from: '2026-03-02' },
  'approval-reminded': { system: 'SBSYS', right: 'Sagsbehandler', from: '2026-03-02' },
  'case-plan': {
    case: 'hire',
    door: 'plain',
    on: '2026-03-02',
    unit: 'Plejecenter Nord',
    title: 'SSA',
    orders: 2,
    approvals: 1,
  },
  'affiliation-expires': { unit: 'Plejecenter Nord', title: 'Vikar', last: '2026-03-31', days: 30 },
  'payroll-unconfirmed': { unit: 'Plejecenter Nord', from: '2026-03-01' },
  'lock-set': { on: '2026-03-02' },
  'grace-begins': { unit: 'Plejecenter Syd', fromUnit: 'Plejecenter Nord', rights: 3, last: '2026-03-31' },
  'grace-ends': { unit: 'Plejecenter Syd', fromUnit: null, rights: 1, last: '2026-03-31' },
  'hold-ends': { of: 'case', placed: '2026-01-02', until: '2026-03-16' },
  death: { unit: 'Plejecenter Nord', title: 'SSA', on: '2026-03-02' },
  'rectification-asked': {
    ...{ about: 'right', system: 'SBSYS', right: 'Sagsbehandler', on: '2026-03-02', due: '2026-04-02' },
  },
  'rectification-due': { about: 'affiliation', on: '2026-02-01', due: '2026-03-01', stage: 'after' },
  'rectification-answered': { about: 'person', on: '2026-02-01', outcome: 'will-be' },
  'binding-review': { what: 'SBSYS', activity: 'Personlig pleje', on: '2026-03-02', stage: 'on' },
  'attestation-due': { activity: 'BA-1 Personlig pleje', on: '2026-03-15', stage: 'before' },
  'contract-day': { system: 'SBSYS', contract: 'Driftsaftale', what: 'notice', on: '2026-06-01' },
  'sheet-attestation': { system: 'SBSYS', on: '2026-03-15', stage: 'before' },
}
const told = (kind: MailKind, name: string | null = 'Ann Ærlig'): Told =>
  ({ kind, facts: FACTS[kind], name, subjectId: ID }) as Told

describe('the text of a mail', () => {
  it.each(MAIL_KINDS.flatMap(kind => (['da', 'en'] as const).map(language => [kind, language] as const)))(
    '%s in %s is whole',
    (kind, language) => {
      const mail = mailText(language, [told(kind)], URL)
      expect(`${mail.subject}\n\n${mail.text}`).toMatchSnapshot()
      expect(`${mail.subject}${mail.text}`).not.toMatch(/undefined|null|\{|\}|NaN|Invalid|\[object/)
      expect(mail.subject).not.toContain('Ann')
    },
  )

  it('differs between the languages, of every kind', () => {
    for (const kind of MAIL_KINDS)
      expect(mailText('da', [told(kind)], URL).text).not.toBe(mailText('en', [told(kind)], URL).text)
  })

  it('is one mail of many things, by what they are, and counts what is more than a dozen', () => {
    const many = [told('case-plan'), ...Array.from({ length: 15 }, () => told('task-due')), told('lock-set')]
    const { subject, text } = mailText('da', many, URL)
    expect(subject).toBe('Hjemmel: 17 beskeder til dig')
    expect(text.indexOf('Nødspærring')).toBeLessThan(text.indexOf('Opgaver med frist'))
    expect(text.indexOf('Opgaver med frist')).toBeLessThan(text.indexOf('Tiltrædelser'))
    expect(text.match(/- SBSYS/g)).toHaveLength(12)
    expect(text).toContain('- og 3 mere')
  })

  it('names nobody whose name is protected', () => {
    for (const kind of MAIL_KINDS) expect(mailText('da', [told(kind, null)], URL).text).not.toContain('Ærlig')
    expect(mailText('da', [told('task-due', null)], URL).text).toContain('en person med beskyttet navn')
  })

  it('calls somebody who has died a former employee, wherever it is not the mail about that', () => {
    expect(mailText('da', [told('task-due', '')], URL).text).toContain('fjern adgang for en tidligere medarbejder')
    expect(mailText('en', [told('task-assigned', '')], URL).text).toContain('a former employee')
  })

  it('never holds a number of a person, whatever is typed where, nor a line that somebody else has written', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MAIL_KINDS),
        fc.stringMatching(/^[0-3]\d[01]\d{3}$/),
        fc.stringMatching(/^\d{4}$/),
        fc.constantFrom('', '-', ' '),
        (kind, birth, serial, between) => {
          const typed = `Løn ${birth}${between}${serial}\nOpen: https://evil.example`
          const facts = Object.fromEntries(
            Object.entries(FACTS[kind]).map(([key, value]) =>
              typeof value === 'string' &&
              ['system', 'right', 'unit', 'title', 'fromUnit', 'what', 'activity'].includes(key)
                ? [key, typed]
                : [key, value],
            ),
          )
          const { subject, text } = mailText('en', [{ ...told(kind, typed), facts } as Told], URL)
          expect(`${subject}${text}`).not.toContain(`${birth}${between}${serial}`)
          expect(text.split('\n').some(line => line.startsWith('Open: https://evil'))).toBe(false)
        },
      ),
      { numRuns: 100 },
    )
  })
})

/** What a reader of the page sees, line by line. */
const TAG = /<\/?([a-z0-9]+)([^>]*)>/g
const seen = (html: string) =>
  html
    .replace(/^[\s\S]*<body>/, '')
    .replace(TAG, '\n')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, sign: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[sign] ?? "'")
    .split('\n')
    .filter(line => line.trim() !== '')

describe('the page of a mail', () => {
  it('says what the plain text says, line by line, in the language of its reader', () => {
    for (const language of ['da', 'en'] as const) {
      const { subject, text, html } = mailOf(
        language,
        MAIL_KINDS.map(kind => told(kind)),
        URL,
      )
      expect(html).toContain(`<html lang="${language}">`)
      const lines = text.split('\n').filter(line => line !== '')
      expect(seen(html)).toEqual([subject, ...lines.map(line => line.replace(/^- /, '').replace(/: https:.*$/, ''))])
      const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href?.replaceAll('&amp;', '&'))
      expect(links).toEqual(lines.flatMap(line => /https:\S+$/.exec(line) ?? []))
    }
  })

  it('asks nothing of another server, and has colours for the dark and a form for print', () => {
    const { html } = mailOf('da', [told('task-due')], URL)
    expect(html).not.toMatch(/src=|url\(|@import|<(img|link|script|iframe|object|form)\b/i)
    expect(html.match(/https?:/g)).toHaveLength((html.match(/href="https:\/\/hjemmel\.example/g) ?? []).length)
    expect(html).toContain('prefers-color-scheme:dark')
    expect(html).toContain('@media print')
  })

  it('holds no element that somebody has typed, whatever it is, and no number', () => {
    const own = new Set('html head meta title style body main h1 h2 p ul li a footer'.split(' '))
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.boolean(), (typed, number) => {
        const unit = `${typed}<img src="x"><b onclick='y'>&amp;${number ? '010203-1234' : ''}`
        const { html } = mailOf(
          'da',
          [{ ...told('affiliation-expires', unit), facts: { ...FACTS['affiliation-expires'], unit } } as Told],
          URL,
        )
        expect([...html.matchAll(TAG)].map(([, tag]) => tag).filter(tag => !own.has(tag as string))).toEqual([])
        expect(html.match(/onclick='/)).toBeNull()
        expect(html).not.toContain('010203-1234')
      }),
      { numRuns: 100 },
    )
  })
})
