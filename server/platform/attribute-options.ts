/** How well a variety of an attribute suits here: Danish first, then the plain one, then other languages. */
function rank(options: string): number {
  const language = /;lang-([a-z-]*)/.exec(`;${options}`)?.[1]
  if (language === undefined) return 1
  return language === 'da' || language.startsWith('da-') ? 0 : 2
}

/**
 * Attribute options (RFC 4512, 2.5.2) and language tags (RFC 3866): `cn`, `cn;lang-da` and `cn;lang-en` are one thing in
 * several languages, not several values. Under the plain name stand the Danish values, without those the plain ones,
 * without those the others; under its full name each stays to be asked for. `;binary` says only how a value is written.
 * Names in lower case; ranges, which say that values are cut, are left alone.
 */
export function foldOptions(attributes: Map<string, (string | Buffer)[]>): void {
  let any = false
  for (const name of attributes.keys()) if (name.includes(';')) any = true
  if (!any) return
  const best = new Map<string, { rank: number; values: (string | Buffer)[] }>()
  let tagged = false
  for (const [name, values] of attributes) {
    const semicolon = name.indexOf(';')
    if (name.includes(';range=')) continue
    if (semicolon >= 0) tagged = true
    const base = semicolon < 0 ? name : name.slice(0, semicolon)
    const mine = semicolon < 0 ? 1 : rank(name.slice(semicolon + 1))
    const standing = best.get(base)
    if (!standing || mine < standing.rank) best.set(base, { rank: mine, values })
    else if (mine === standing.rank) best.set(base, { rank: mine, values: [...standing.values, ...values] })
  }
  if (!tagged) return
  for (const [base, { values }] of best) attributes.set(base, values)
}
