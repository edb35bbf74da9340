import { UnstyledButton, type UnstyledButtonProps, VisuallyHidden } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { ComponentProps } from 'react'
import { useSession } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import classes from './account-menu.module.css'

export function AccountButton(props: UnstyledButtonProps & ComponentProps<'button'>) {
  const { t } = useTexts()
  const { name, roleText } = useAccount()
  return (
    <UnstyledButton {...props} className={classes.button}>
      <VisuallyHidden>{t('app.account')}: </VisuallyHidden>
      <span className={classes.initials} aria-hidden>
        {initials(name)}
      </span>
      <span className={classes.who}>
        <span className={classes.name}>{name}</span>
        <span className={classes.role}>{roleText}</span>
      </span>
      <IconChevronDown size={14} aria-hidden />
    </UnstyledButton>
  )
}

/** Who is signed in, and as what. */
export function useAccount(): { name: string; roleText: string } {
  const { t } = useTexts()
  const { actor } = useSession()
  const roles = (actor?.roles ?? []).filter(role => role !== 'employee' || actor?.roles.length === 1)
  return { name: actor?.displayName ?? '', roleText: roles.map(role => t(`role.${role}`)).join(', ') }
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map(word => word?.[0] ?? '')
    .join('')
    .toLocaleUpperCase('da')
}
