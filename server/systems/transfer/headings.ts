import { type ImportTarget, importTargets } from '#contract/transfer.ts'
import { type ColumnWords, proposeColumns, sameHeading } from '../../feeds/imports/headings.ts'
import { WORDS } from './cell-text.ts'
import type { SheetWords } from './words-en.ts'

/** Headings of the three lists, as they are written. The second column is for people: it is not read. */
export const headingsOf = {
  systems: (words: SheetWords): string[] => importTargets.map(target => headingOf(words, target)),
  contracts: (words: SheetWords): string[] => [words.key, words.system, ...Object.values(words.contract)],
  flows: (words: SheetWords): string[] => [words.key, words.system, ...Object.values(words.flow)],
}
export const headingOf = (words: SheetWords, target: ImportTarget): string =>
  target === 'key' ? words.key : words.field[target]

/** What stood above it in files that we wrote before. */
const FORMER: Partial<Record<ImportTarget, string>> = { userSupervision: 'Brugertilsyn er gjort' }

/** Words that town halls put above the same things, the surest first. */
const ALSO: Partial<Record<ImportTarget, readonly string[]>> = {
  key: ['nøgle', 'key', 'systemnøgle', 'system-id', 'systemid', 'uuid', 'id'],
  name: ['systemnavn', 'navn på system', 'it-system', 'itsystem', 'fagsystem', 'system', 'name', 'titel'],
  description: ['kort beskrivelse', 'bemærkninger', 'noter', 'note'],
  owner: ['systemejer', 'ejer nr', 'owner', 'system owner'],
  responsible: ['systemansvarlig', 'systemforvalter', 'superbruger', 'system manager'],
  contact: ['it-kontakt', 'kontaktperson', 'kontakt', 'it kontakt', 'contact'],
  unit: ['afdeling', 'forvaltning', 'center', 'ansvarlig enhed', 'organisation'],
  supplier: ['leverandørnavn', 'vendor', 'firma'],
  area: ['fagområde', 'kategori', 'category'],
  kle: ['kle', 'kle-nr', 'kle nr', 'kle-nummer', 'kle numre'],
  criticality: ['vigtighed', 'kritisk', 'prioritet'],
  hosting: ['drift', 'hosting', 'driftssted', 'driftsform'],
  status: ['livscyklus', 'driftsstatus', 'tilstand'],
  systemKind: ['type', 'slags'],
  login: ['loginmetode', 'log ind', 'sign in', 'authentication'],
  purpose: ['formål med behandlingen', 'anvendelse'],
  userCount: ['brugere', 'antal brugere'],
}

const KNOWN: readonly ColumnWords<ImportTarget>[] = importTargets.map(name => ({
  name,
  own: [headingOf(WORDS.da, name), headingOf(WORDS.en, name), ...(FORMER[name] ? [FORMER[name]] : [])].map(sameHeading),
  also: (ALSO[name] ?? []).map(sameHeading),
}))
/** The target of each column, each target at most once. */
export const proposeTargets = (headings: readonly string[]): (ImportTarget | null)[] =>
  proposeColumns(KNOWN, headings.map(sameHeading))

/** Are these the headings of our own export? */
export const isOwn = (headings: readonly string[]): boolean => {
  const keys = new Set(headings.map(sameHeading))
  return (['da', 'en'] as const).some(language =>
    importTargets.every(name =>
      [headingOf(WORDS[language], name), FORMER[name] ?? ''].some(one => keys.has(sameHeading(one))),
    ),
  )
}

/** Place of each column of a list of contracts or flows, by either language; null: it is no such list. */
export function placesOf<Name extends string>(
  headings: readonly string[],
  lists: readonly Readonly<Record<Name, string>>[],
  needed: readonly Name[],
): { key: number; at: Partial<Record<Name, number>> } | null {
  const keys = headings.map(sameHeading)
  const own = [WORDS.da.key, WORDS.en.key].map(sameHeading)
  const key = keys.findIndex(one => own.includes(one))
  if (key < 0) return null
  const found = lists.map(list => {
    const at: Partial<Record<Name, number>> = {}
    for (const [name, heading] of Object.entries(list) as [Name, string][]) {
      const place = keys.indexOf(sameHeading(heading))
      if (place >= 0) at[name] = place
    }
    return at
  })
  // The language of which more headings stand there.
  const [at] = found.sort((one, other) => Object.keys(other).length - Object.keys(one).length)
  return at && needed.every(name => at[name] !== undefined) ? { key, at } : null
}
