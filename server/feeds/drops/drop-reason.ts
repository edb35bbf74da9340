import type { Said } from '#contract/said.ts'
import type { HeldPart } from '../runs/feed-run.ts'
import { inDanish } from './drop-said.ts'

/** What is written beside a file that was set aside, for whoever sent it. Danish: it leaves the screen. */
const REASONS: Record<string, string> = {
  'source-invalid':
    'Filen kan ikke læses, som den er. Se nedenfor, hvad der er galt, ret det der, hvor filen bliver lavet, og læg en ny fil i mappen.',
  'source-incomplete':
    'Filen er ikke hel: den er tom eller holder op midt i. Lav udtrækket igen, og læg den nye fil i mappen.',
  'drop-stale':
    'Filen er ældre end den, der sidst blev læst. En gammel kopi må ikke sætte data tilbage. Er det den rigtige fil, så lav udtrækket igen, så den får en ny tid.',
  'drop-vanished': 'Filen forsvandt fra mappen, mens den blev læst. Læg den i mappen igen.',
  'drop-attempts':
    'Filen kunne ikke læses ind i tre forsøg, uden at det er filen selv, der ser forkert ud. Giv besked til dem, der driver Hjemmel; de kan se fejlen i loggen.',
}

const GUARDS: Record<string, string> = {
  empty: 'der er ingen poster af en slags, som der plejer at være',
  stale: 'filen er ældre end den, der sidst blev læst',
  truncated: 'der er langt færre poster end sidst',
  hole: 'der mangler mange poster lige efter hinanden, som i en fil, der er skåret over',
  units: 'hele enheder mangler',
  letters: 'alle med visse begyndelsesbogstaver mangler',
  shifted: 'mange poster kan ikke læses, eller værdier mangler, som der plejer at være',
  format: 'værdierne ser anderledes ud end før, som når kolonner har byttet plads',
  columns: 'en kolonne er blevet tom',
  encoding: 'bogstaver som æ, ø og å er læst forkert',
  keys: 'mange poster har den samme nøgle',
}

/**
 * `at` is the time as people write it; `said` is what the reader said, in Danish first. `detail` is the same in English, as
 * it stands in the run: whoever made the program that writes the file may be elsewhere.
 */
export function reasonText(drop: {
  name: string
  at: string
  code: string
  detail: string
  said?: Said | undefined
  guards: readonly HeldPart[]
  runId: string | null
}): string {
  const lines = [`Hjemmel har ikke taget filen ${drop.name} ind (${drop.at}).`, '']
  if (drop.guards.length > 0) {
    lines.push('Filen ligner ikke dem, der plejer at komme, og ingenting er ændret:')
    for (const { guard, part, count, limit } of drop.guards)
      lines.push(`- ${GUARDS[guard] ?? guard} (${part}: ${count}, grænse ${limit})`)
    lines.push(
      '',
      'Er filen rigtig alligevel, kan en medarbejder med ansvar for kilden godkende det i Hjemmel; læg den så i mappen igen. Ellers lav udtrækket igen.',
    )
  } else {
    lines.push(REASONS[drop.code] ?? 'Filen kunne ikke læses ind. Giv besked til dem, der driver Hjemmel.')
    const danish = inDanish(drop.said)
    if (danish) lines.push('', danish)
    if (drop.detail) lines.push('', `${danish ? 'In English' : 'Fejlen, som programmet skriver den'}: ${drop.detail}`)
  }
  if (drop.runId) lines.push('', `Kørslen i Hjemmel: ${drop.runId}`)
  return `${lines.join('\n')}\n`
}
