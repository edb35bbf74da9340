import type { z } from 'zod'
import type { digestFigure } from '#contract/views.ts'
import { type Written, written } from '../../platform/mail-letter.ts'
import type { StoredView } from './view-store.ts'

export type Figures = z.output<typeof digestFigure>[]

const WORDS = {
  da: {
    subject: 'Hjemmel: ugens tal',
    rows: 'I visningen nu',
    'findings-new': 'Nye inden for en uge',
    'findings-high': 'Alvorlige',
    before: (n: string) => `for en uge siden ${n}`,
    open: 'Åbn visningen',
    stop: 'Stop abonnementet',
    why: 'Mailen indeholder kun tal. Navne og rettigheder ser du, når du åbner visningen.',
  },
  en: {
    subject: 'Hjemmel: figures of the week',
    rows: 'In the view now',
    'findings-new': 'New within a week',
    'findings-high': 'Severe',
    before: (n: string) => `a week ago ${n}`,
    open: 'Open the view',
    stop: 'End the subscription',
    why: 'This mail holds numbers only. You see names and rights when you open the view.',
  },
} as const

/** An address of the screen as the client writes it: each value as JSON where it would not be read back as text. */
function addressOf(publicUrl: string, view: Pick<StoredView, 'screen' | 'search'>): string {
  const url = new URL(`/${view.screen}`, publicUrl)
  for (const [key, value] of Object.entries(view.search)) url.searchParams.set(key, asText(value))
  return url.href
}
const asText = (value: string | number | boolean): string =>
  typeof value === 'string' && /^(-?\d|true$|false$|null$|["[{])/.test(value) ? JSON.stringify(value) : String(value)

/** The digest as a mail in the reader's language: the view by its name, its numbers, and links. Nobody's name. */
export function digestMail(
  language: 'da' | 'en',
  view: Pick<StoredView, 'name' | 'screen' | 'search'>,
  figures: Figures,
  publicUrl: string,
): Written {
  const words = WORDS[language]
  const number = new Intl.NumberFormat(language === 'da' ? 'da-DK' : 'en-GB')
  const line = ({ code, value, before }: Figures[number]) =>
    `${words[code]}: ${number.format(value)}${before === null ? '' : ` (${words.before(number.format(before))})`}`
  return written({
    language,
    subject: words.subject,
    greeting: view.name.replace(/\s+/g, ' '),
    parts: [
      {
        lines: figures.map(line),
        links: [
          { says: words.open, href: addressOf(publicUrl, view) },
          { says: words.stop, href: new URL('/views', publicUrl).href },
        ],
      },
    ],
    foot: [words.why],
  })
}
