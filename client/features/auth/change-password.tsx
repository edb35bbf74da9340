import { Button, PasswordInput, Stack } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { changePassword } from '#contract/sessions.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'

const SHORTEST = 12

/** A new password of Hjemmel itself; people of the municipality have theirs in the directory. */
export function ChangePassword() {
  const { t } = useTexts()
  const form = useRef<HTMLFormElement>(null)
  const [wrong, setWrong] = useState<{ field: string; text: string }[]>([])
  const change = useCommand(changePassword, () => {
    form.current?.reset()
    announce(t('password.changed'))
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const [current, next] = [String(fields.get('current') ?? ''), String(fields.get('next') ?? '')]
    const errors = [
      ...(current === '' ? [{ field: 'current', text: t('password.currentMissing') }] : []),
      ...([...next].length < SHORTEST ? [{ field: 'next', text: t('link.tooShort') }] : []),
    ]
    setWrong(errors)
    if (errors.length === 0) change.mutate({ body: { current, next } })
  }
  const code = change.error ? problemOf(change.error).code : null
  const errorFor = (field: string) => wrong.find(error => error.field === field)?.text
  const toggle = { 'aria-label': t('signIn.showPassword') }
  return (
    <Card title={t('password.title')}>
      <form onSubmit={submit} noValidate ref={form}>
        <Stack gap={16} maw={420}>
          <p>{t('password.lead')}</p>
          <ErrorSummary
            key={change.failureCount}
            errors={
              wrong.length > 0
                ? wrong
                : code === null
                  ? []
                  : [{ text: code === 'sign-in-failed' ? t('password.currentWrong') : t(`problem.${code}`) }]
            }
          />
          <PasswordInput
            id="current"
            name="current"
            label={t('password.current')}
            autoComplete="current-password"
            visibilityToggleButtonProps={toggle}
            error={errorFor('current')}
          />
          <PasswordInput
            id="next"
            name="next"
            label={t('link.password')}
            description={t('link.passwordHint')}
            autoComplete="new-password"
            visibilityToggleButtonProps={toggle}
            error={errorFor('next')}
          />
          <div>
            <Button type="submit" loading={change.isPending}>
              {t('password.submit')}
            </Button>
            {change.isSuccess && <p className="meta">{t('password.changed')}</p>}
          </div>
        </Stack>
      </form>
    </Card>
  )
}
