import { useSyncExternalStore } from 'react'
import {
  formatAgo,
  formatDate,
  formatDay,
  formatDuration,
  formatInstant,
  formatLongDate,
  formatNumber,
  formatPercent,
  formatTime,
} from '../lib/formats.ts'
import type { Language } from '../lib/language.ts'
import type { da } from './da.ts'
import { type AllParts, loadPart, type Part, SPEAKS_OF } from './parts.ts'
import type { Same } from './same.ts'
import { translator } from './translate.ts'

type BaseTexts = Same<typeof da>
type AllTexts = BaseTexts & AllParts

const storageKey = 'hjemmel.language'
const locales = { da: 'da-DK', en: 'en-GB' } as const
/** Each language is its own file and comes only when it is used; so do the texts of parts (parts.ts). */
const load: Record<Language, () => Promise<BaseTexts>> = {
  da: async () => (await import('./da.ts')).da,
  en: async () => (await import('./en.ts')).en,
}

function inLanguage(language: Language, all: AllTexts) {
  return {
    /** A text by its key. */
    t: translator(locales[language], all),
    /** The texts themselves, for codes that are keys: `all.audit.actionName[code]`. */
    all,
    language,
    date: (civil: string) => formatDate(language, civil),
    longDate: (civil: string) => formatLongDate(language, civil),
    day: (instant: string) => formatDay(language, instant),
    time: (instant: string) => formatTime(language, instant),
    instant: (instant: string) => formatInstant(language, instant),
    ago: (instant: string) => formatAgo(language, instant),
    number: (value: number) => formatNumber(language, value),
    percent: (value: number) => formatPercent(language, value),
    duration: (milliseconds: number) => formatDuration(language, milliseconds),
  }
}
export type Texts = ReturnType<typeof inLanguage>

let current: Texts | null = null
const listeners = new Set<() => void>()

function storedLanguage(): Language {
  const stored = localStorage.getItem(storageKey)
  return stored === 'en' || stored === 'da' ? stored : 'da'
}

/** Once a screen of a part has been opened, its texts belong to the language as all others do. */
const wanted = new Set<Part>()

async function speak(language: Language): Promise<void> {
  const [base, ...parts] = await Promise.all([load[language](), ...[...wanted].map(part => loadPart[part][language]())])
  current = inLanguage(language, Object.assign({}, base, ...parts) as AllTexts)
  document.documentElement.lang = language
  for (const listener of listeners) listener()
}

/** Must have finished before anything is shown. */
export const startTexts = (): Promise<void> => speak(storedLanguage())

/** Before a screen is shown that needs the texts of these parts. */
export const needTexts =
  (...parts: Part[]) =>
  async (): Promise<void> => {
    const all = parts.some(part => SPEAKS_OF.has(part)) ? [...parts, 'said' as const] : parts
    if (all.every(part => wanted.has(part))) return
    for (const part of all) wanted.add(part)
    await speak(current?.language ?? storedLanguage())
  }

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(storageKey, language)
  await speak(language)
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Texts and formats in the language of the screen. */
export function useTexts(): Texts {
  const texts = useSyncExternalStore(subscribe, () => current)
  if (!texts) throw new Error('The texts are loaded before anything is shown')
  return texts
}
