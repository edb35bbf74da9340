import { Button, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { confirmIdentity } from '#contract/sessions.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useSession } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ErrorSummary } from '../../ui/error-summary.tsx'

/** Who are you? Password, and the code of the app where the user has one. */
export function ConfirmDialog(props: { onEnd: (confirmed: boolean) => void }) {
  const { t } = useTexts()
  const { factors } = useSession()
  const [missing, setMissing] = useState<('password' | 'code')[]>([])
  const confirm = useCommand(confirmIdentity, () => props.onEnd(true))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const password = String(form.get('password') ?? '')
    const code = String(form.get('code') ?? '').replace(/\s/g, '')
    const lacks: ('password' | 'code')[] = [
      ...(password === '' ? (['password'] as const) : []),
      ...(factors.totp && !/^\d{6}$/.test(code) ? (['code'] as const) : []),
    ]
    setMissing(lacks)
    if (lacks.length === 0) confirm.mutate({ body: { password, ...(factors.totp ? { code } : {}) } })
  }
  const errors =
    missing.length > 0
      ? missing.map(field => ({ field: `confirm-${field}`, text: t(`confirm.${field}Missing`) }))
      : confirm.error
        ? [{ text: t(`problem.${problemOf(confirm.error).code}`) }]
        : []
  return (
    <Modal opened onClose={() => props.onEnd(false)} title={t('confirm.title')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <p>{t('confirm.lead')}</p>
          <ErrorSummary key={`${confirm.failureCount} ${missing.join()}`} errors={errors} />
          <PasswordInput
            id="confirm-password"
            name="password"
            label={t('confirm.password')}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
            data-autofocus
          />
          {factors.totp && (
            <TextInput
              id="confirm-code"
              name="code"
              label={t('confirm.code')}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={10}
            />
          )}
          <Group gap={8}>
            <Button type="submit" loading={confirm.isPending}>
              {t('confirm.submit')}
            </Button>
            <Button variant="default" onClick={() => props.onEnd(false)}>
              {t('do.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
