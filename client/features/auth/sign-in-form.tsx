import { Button, PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Session, signInDirectory, signInLocal } from '#contract/auth.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ErrorSummary } from '../../ui/error-summary.tsx'

export function SignInForm(props: { session: Session; onSession: (session: Session) => void }) {
  const { t } = useTexts()
  const { methods } = props.session
  const [method, setMethod] = useState<'directory' | 'local'>(methods.directory ? 'directory' : 'local')
  const [missing, setMissing] = useState<{ field: string; text: string }[]>([])
  const local = useCommand(signInLocal, answer => props.onSession(answer))
  const directory = useCommand(signInDirectory, answer => props.onSession(answer))
  const command = method === 'local' ? local : directory
  const problem = command.error ? problemOf(command.error) : null

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const username = String(form.get('username') ?? '').trim()
    const password = String(form.get('password') ?? '')
    const errors = [
      ...(username === '' ? [{ field: 'username', text: t('signIn.usernameMissing') }] : []),
      ...(password === '' ? [{ field: 'password', text: t('signIn.passwordMissing') }] : []),
    ]
    setMissing(errors)
    if (errors.length === 0) command.mutate({ body: { username, password } })
  }
  const errorFor = (field: string) => missing.find(error => error.field === field)?.text

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={16}>
        <ErrorSummary
          key={command.failureCount}
          errors={
            missing.length > 0
              ? missing
              : problem
                ? [{ text: problem.status === 0 ? t('error.offline') : t(`problem.${problem.code}`) }]
                : []
          }
        />
        {methods.directory && methods.local && (
          <SegmentedControl
            fullWidth
            aria-label={t('signIn.method')}
            value={method}
            onChange={value => setMethod(value as typeof method)}
            data={[
              { value: 'directory', label: t('signIn.directory') },
              { value: 'local', label: t('signIn.local') },
            ]}
          />
        )}
        <TextInput
          id="username"
          name="username"
          label={t('signIn.username')}
          description={t(method === 'directory' ? 'signIn.directoryHint' : 'signIn.localHint')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          error={errorFor('username')}
        />
        <PasswordInput
          id="password"
          name="password"
          label={t('signIn.password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          error={errorFor('password')}
        />
        <Button type="submit" loading={command.isPending} size="md">
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  )
}
