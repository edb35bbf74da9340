import { SegmentedControl } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Language } from '../lib/language.ts'
import { chooseLanguage, useTexts } from '../texts/i18n.ts'
import { Announcer } from './announcer.tsx'
import { Brand } from './brand.tsx'
import classes from './plain-frame.module.css'

/** The frame of the screens before one is signed in. */
export function PlainFrame(props: { municipality?: string; wide?: boolean; children: ReactNode }) {
  const { t, language } = useTexts()
  return (
    <div className={classes.frame}>
      <a className="skip-link" href="#main">
        {t('app.skip')}
      </a>
      <header className={classes.header}>
        <span className={classes.brand}>
          <Brand /> <span className={classes.municipality}>{props.municipality}</span>
        </span>
        <SegmentedControl
          size="xs"
          aria-label={t('app.language')}
          value={language}
          onChange={value => void chooseLanguage(value as Language)}
          data={[
            { value: 'da', label: t('app.danish') },
            { value: 'en', label: t('app.english') },
          ]}
        />
      </header>
      <main id="main" tabIndex={-1} className={classes.main} data-wide={props.wide || undefined}>
        {props.children}
      </main>
      <Announcer />
    </div>
  )
}
