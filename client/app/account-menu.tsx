import { Menu, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconLock, IconLogout, IconMoon, IconSun } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { type RefObject, useEffect, useRef } from 'react'
import { signOut } from '#contract/auth.ts'
import { call } from '../lib/call.ts'
import { languages } from '../lib/language.ts'
import { setSession, useSession } from '../lib/session.ts'
import { chooseLanguage, useTexts } from '../texts/i18n.ts'
import { AccountButton, useAccount } from './account-button.tsx'
import classes from './account-menu.module.css'

const themes = [
  { value: 'light', label: 'app.themeLight', icon: IconSun },
  { value: 'dark', label: 'app.themeDark', icon: IconMoon },
  { value: 'auto', label: 'app.themeAuto', icon: IconDeviceDesktop },
] as const

/** `opened`, `focused`: it was asked for, or its button had the focus, before it came. */
export function AccountMenu(props: { opened: boolean; focused: RefObject<boolean> }) {
  const { t, language } = useTexts()
  const { actor } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const router = useRouter()
  const leave = async () => {
    setSession(await call(signOut, { body: {} }))
    await router.navigate({ to: '/sign-in', search: { why: 'signed-out' } })
  }
  const { name, roleText } = useAccount()
  const button = useRef<HTMLButtonElement>(null)
  const { focused } = props
  useEffect(() => {
    if (focused.current) button.current?.focus()
  }, [focused])
  return (
    <Menu defaultOpened={props.opened} position="bottom-end" width={280} shadow="md">
      <Menu.Target>
        <AccountButton ref={button} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('app.signedInAs')}</Menu.Label>
        <div className={classes.info}>
          <div className={classes.name}>{name}</div>
          <div className="meta">{roleText}</div>
          {actor?.actingFor.map(unit => (
            <div key={unit.id} className="meta">
              {t('app.actingFor', { unit: unit.name })}
            </div>
          ))}
        </div>
        <Menu.Divider />
        <Menu.Label>{t('app.language')}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={value => void chooseLanguage(value as typeof language)}>
          {languages.map(value => (
            <Menu.RadioItem key={value} value={value} lang={value}>
              {t(value === 'da' ? 'app.danish' : 'app.english')}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t('app.theme')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={value => setColorScheme(value as typeof colorScheme)}>
          {themes.map(theme => (
            <Menu.RadioItem key={theme.value} value={theme.value} rightSection={<theme.icon size={16} aria-hidden />}>
              {t(theme.label)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        {actor && actor.via !== 'demo' && (
          <Menu.Item
            leftSection={<IconLock size={16} aria-hidden />}
            onClick={() => void router.navigate({ to: '/me/security' })}
          >
            {t('nav.security')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
          {t('app.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
