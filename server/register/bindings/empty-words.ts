import { fold } from '../../platform/fold.ts'

/*
 * Rubber stamps (gdpr.md 9.3, F20, and 9.5): a reason that says no more than that there is one, and a reason that is said of
 * many things alike, tell nobody why this right is needed.
 */

/** The same words on more bindings than this are copied. */
export const COPIED_FROM = 5

/** Words that speak of needing something without saying what or for which work. */
const EMPTY = new Set(
  `adgang adgange adgangen anvende anvender anvendes arbejde arbejdet arbejder arbejdsbetinget arbejdsgang arbejdsmaessig arbejdsmaessige
   arbejdsmaessigt arbejdsopgave arbejdsopgaver arbejdsopgaverne behov behovet bruge bruger brugeren brugerne bruges brug brugen
   diverse faa fag faglig faglige fagligt formaal forskellige funktion generel generelle generelt give gives have hjaelp jobbet job
   kunne kan kraever kraeves loese loeser medarbejder medarbejdere medarbejderen medarbejderne naar noedvendig noedvendige noedvendigt
   noedvendighed opgave opgaven opgaver opgaverne opgaveloesning opfylde personale personalet relevant relevante ret rettighed
   rettigheden rettigheder rolle rollen sagsbehandling skal skyldes stilling stillingen system systemet tildelt tjenstlig tjenstlige
   tjenstligt udfoere udfoerelse udfoerer vores deres sin sit sine hans hendes vedkommende alle
   access according all daily do duties employee employees function functions general has have job necessary need needed needs
   perform performing position purpose purposes relevant required requires right rights role staff system systems task tasks
   their they use used user users using various work working works`
    .split(/\s+/)
    .filter(Boolean),
)
const SMALL = new Set(
  `og af i til for med om paa ved mv m v samt en et den det de der som at er har da fordi eller fra hos sig dette denne ikke
   the a an of to in for and or with on at by as is are be it its this that from
   ja nej ok test n a na xx xxx`
    .split(/\s+/)
    .filter(Boolean),
)

/** The words of a text as they are compared: folded, without punctuation. */
const wordsOf = (text: string): string[] =>
  fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

/**
 * Does a reason say nothing but that there is a need, or repeat what it is a reason for? `about`: names of what is bound and
 * of what it is bound to (right, system, activity, purpose): to say those again explains nothing.
 */
export function isCircular(necessity: string, about: readonly string[]): boolean {
  const known = new Set(about.flatMap(wordsOf))
  const left = wordsOf(necessity).filter(word => !SMALL.has(word) && !EMPTY.has(word) && !known.has(word))
  return left.length === 0
}

/** Two reasons that are the same but for case, accents and punctuation have the same key. */
export const sameWords = (necessity: string): string => wordsOf(necessity).join(' ')

export type Worded = { id: string; necessity: string; about: readonly string[] }
export type EmptyWords = { id: string; why: 'circular' | 'copied'; key: string; count: number }

/** Which bindings have words that say nothing; those that are copied are told so even where they are circular, too. */
export function emptyWords(bindings: readonly Worded[]): EmptyWords[] {
  const alike = Map.groupBy(bindings, one => sameWords(one.necessity))
  return bindings.flatMap((one): EmptyWords[] => {
    const key = sameWords(one.necessity)
    const count = alike.get(key)?.length ?? 0
    if (count > COPIED_FROM) return [{ id: one.id, why: 'copied', key, count }]
    return isCircular(one.necessity, one.about) ? [{ id: one.id, why: 'circular', key, count }] : []
  })
}
