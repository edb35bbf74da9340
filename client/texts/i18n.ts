import i18next, { type TFunction } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
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
import type { da } from './da.ts'

export const languages = ['da', 'en'] as const
export type Language = (typeof languages)[number]

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    nsSeparator: false
    returnNull: false
    resources: { translation: typeof da }
  }
}
export type Translate = TFunction

const storageKey = 'hjemmel.language'

export function storedLanguage(): Language {
  const stored = localStorage.getItem(storageKey)
  return stored === 'en' || stored === 'da' ? stored : 'da'
}

/** Each language is its own file and comes only when it is used. */
const load = {
  da: async () => (await import('./da.ts')).da,
  en: async () => (await import('./en.ts')).en,
}

export async function loadLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation'))
    i18next.addResourceBundle(language, 'translation', await load[language]())
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

export async function startTexts(): Promise<void> {
  const language = storedLanguage()
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: await load[language]() } },
    nsSeparator: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  document.documentElement.lang = language
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(storageKey, language)
  await loadLanguage(language)
}

/** Texts and formats in the language of the screen. */
export function useTexts() {
  const { t, i18n } = useTranslation()
  const language = (i18n.language === 'en' ? 'en' : 'da') as Language
  return {
    t,
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
export type Texts = ReturnType<typeof useTexts>
