/**
 * What stands in a mail, written once for both of its parts: plain text, and a page that is read in the light and in the
 * dark, can be printed and asks nothing of any other server. Pure.
 */
export type Letter = {
  language: 'da' | 'en'
  subject: string
  greeting: string
  parts: readonly { heading?: string; lines: readonly string[]; links: readonly MailLink[] }[]
  /** What stands below every mail of its kind. */
  foot: readonly (string | MailLink)[]
}
export type MailLink = { says: string; href: string }
export type Written = { subject: string; text: string; html: string }

export const written = (letter: Letter): Written => ({
  subject: letter.subject,
  text: asText(letter),
  html: asHtml(letter),
})

const plain = (line: string | MailLink): string => (typeof line === 'string' ? line : `${line.says}: ${line.href}`)

function asText({ greeting, parts, foot }: Letter): string {
  const lines = parts.flatMap(({ heading, lines, links }) => [
    ...(heading === undefined ? [] : [heading]),
    ...lines.map(line => `- ${line}`),
    ...links.map(plain),
    '',
  ])
  return [greeting, '', ...lines, ...foot.map(plain), ''].join('\n')
}

/** Colours of the screen; a reader that knows no dark ones gets the light ones. In print a link says where it leads. */
const STYLE = `:root{color-scheme:light dark}
body{margin:0;padding:24px 16px;font:16px/1.5 system-ui,"Segoe UI",Roboto,Arial,sans-serif;background:#fff;color:#1c2326}
main{max-width:38em;margin:0 auto}
h1{font-size:20px;line-height:1.3;margin:0 0 16px}h2{font-size:16px;margin:24px 0 4px}
ul{margin:0;padding-left:20px}li{margin:4px 0;overflow-wrap:anywhere}p{margin:8px 0}a{color:#0b5c66}
footer{margin-top:32px;padding-top:12px;border-top:1px solid #cfd6d8;font-size:14px;color:#566166}
@media (prefers-color-scheme:dark){body{background:#14191b;color:#e4e9ea}a{color:#7cc7d1}footer{border-color:#3a4447;color:#a5b0b3}}
@media print{body{padding:0;background:#fff;color:#000}a{color:#000}a::after{content:" (" attr(href) ")"}footer{color:#000}}`

function asHtml({ language, subject, greeting, parts, foot }: Letter): string {
  const link = ({ says, href }: MailLink) => `<a href="${escaped(href)}">${escaped(says)}</a>`
  const list = (lines: readonly string[]) =>
    lines.length === 0 ? '' : `<ul>${lines.map(line => `<li>${escaped(line)}</li>`).join('')}</ul>`
  const body = parts.map(
    ({ heading, lines, links }) =>
      (heading === undefined ? '' : `<h2>${escaped(heading)}</h2>`) +
      list(lines) +
      links.map(one => `<p>${link(one)}</p>`).join(''),
  )
  const below = foot.map(line => `<p>${typeof line === 'string' ? escaped(line) : link(line)}</p>`).join('')
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${escaped(subject)}</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(subject)}</h1><p>${escaped(greeting)}</p>
${body.join('\n')}
<footer>${below}</footer></main></body></html>
`
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, sign => SIGNS[sign] as string)
