import type { ControllerContent } from '#contract/activity-content.ts'
import { addDays } from '../../platform/civil-date.ts'
import { fold } from '../../platform/fold.ts'
import { classOf } from '../vocabulary/vocabulary.ts'
import type { Ground } from './remark-ground.ts'

/** Laws are changed every year: a provision that nobody has looked up for two is no longer known to say so. */
const PROVISION_DAYS = 730
/** Bases that rest on a law of their own (Art. 6(3)). */
const NEED_LAW = ['6.1.c', '6.1.e']

type Purpose = ControllerContent['purposes'][number]

/** On what the purposes rest, and whether that carries the data that are used. */
export function checkBases(content: ControllerContent, ground: Ground): void {
  for (const [place, purpose] of content.purposes.entries()) checkPurpose(purpose, place, content, ground)
  const { vocabularies, tell } = ground
  const used = [...new Set(content.rows.map(row => row.data))]
  const of = (wanted: string) => used.filter(code => classOf(vocabularies, code) === wanted)
  const special = of('special')
  const art9 = content.purposes.some(purpose => purpose.art9.length > 0)
  const national = new Set(content.purposes.flatMap(purpose => purpose.national))
  if (content.purposes.length === 0 || content.rows.length === 0) return
  if (special.length > 0 && !art9) tell('special-without-art9', 'purposes', {}, { kind: 'data', codes: special })
  if (art9 && special.length === 0) {
    const place = content.purposes.findIndex(purpose => purpose.art9.length > 0)
    tell('art9-without-special', `purposes.${place}.art9`)
  }
  const criminal = of('criminal')
  if (criminal.length > 0 && !national.has('DBL8.1'))
    tell('criminal-without-provision', 'purposes', {}, { kind: 'data', codes: criminal })
  const cpr = of('cpr')
  if (cpr.length > 0 && !national.has('DBL11.1'))
    tell('cpr-without-provision', 'purposes', {}, { kind: 'data', codes: cpr })
}

function checkPurpose(purpose: Purpose, place: number, content: ControllerContent, { tell, today }: Ground): void {
  const at = `purposes.${place}`
  const name = purpose.name
  if (purpose.art6 === null) tell('no-basis', `${at}.art6`, { name })
  // An authority's tasks never rest on interests of its own (Art. 6(1), second subparagraph).
  if (purpose.art6 === '6.1.f') tell('legitimate-interest', `${at}.art6`, { name })
  if (purpose.art6 === '6.1.a') {
    const other = content.purposes.find(one => one !== purpose && one.art6 !== null && one.art6 !== '6.1.a')
    if (other) tell('consent-fallback', `${at}.art6`, { name, other: other.name })
    if (!content.consent) tell('consent-without-how', 'consent', { name })
  }
  if (restates(name, content.name)) tell('purpose-restates-name', `${at}.name`, { name })
  if (purpose.art6 !== null && NEED_LAW.includes(purpose.art6) && purpose.provisions.length === 0)
    tell('provision-missing', `${at}.provisions`, { name })
  for (const [index, one] of purpose.provisions.entries()) {
    const where = `${at}.provisions.${index}`
    if (!one.section || one.checkedOn === null) tell('provision-unchecked', where, { law: one.law })
    else if (addDays(one.checkedOn, PROVISION_DAYS) < today)
      tell('provision-checked-long-ago', where, { law: one.law, day: one.checkedOn })
  }
}

/** A purpose that says no more than what the activity is called does not say why. Small words do not count. */
function restates(purpose: string, activity: string): boolean {
  const [said, known] = [wordsOf(purpose), new Set(wordsOf(activity))]
  return said.length > 0 && said.every(word => known.has(word))
}

const SMALL = new Set(['og', 'af', 'i', 'til', 'for', 'med', 'om', 'paa', 'ved', 'mv', 'm', 'v', 'samt', 'en', 'et'])
const EMPTY = new Set(['administration', 'behandling', 'sagsbehandling', 'varetagelse', 'haandtering', 'drift'])

const wordsOf = (text: string): string[] =>
  fold(text)
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '' && !SMALL.has(word) && !EMPTY.has(word))
