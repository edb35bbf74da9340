import { Button, PasswordInput, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { getSession } from '#contract/auth.ts'
import { openLink, useLink as spendLink } from '#contract/local-users.ts'
import { call, type ProblemError, problemOf } from '../lib/call.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Page } from '../ui/page.tsx'
import { PlainFrame } from '../ui/plain-frame.tsx'
import { Waiting } from '../ui/states.tsx'

const route = getRouteApi('/link/$token')

/** Choose a password with a one-time link: the first administrator, an invited outsider, a reset. */
export function LinkPage() {
  const { t } = useTexts()
  const { token } = route.useParams()
  const session = useCall(getSession)
  // The token of the session has to be there first: even looking at a link is a POST, so that it stays out of logs.
  const link = useCall(openLink, { body: { token } }, { enabled: session.data !== undefined })
  const [wrong, setWrong] = useState<{ field: string; text: string }[]>([])
  // Not useCommand: it would read the link again, which is gone once it has been used.
  const spend = useMutation<unknown, ProblemError, { body: { token: string; password: string } }>({
    mutationFn: input => call(spendLink, input),
  })

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const password = String(form.get('password') ?? '')
    const errors = [
      ...(password.length < 12 ? [{ field: 'password', text: t('link.tooShort') }] : []),
      ...(password !== form.get('repeat') ? [{ field: 'repeat', text: t('link.mismatch') }] : []),
    ]
    setWrong(errors)
    if (errors.length === 0) spend.mutate({ body: { token, password } })
  }
  const errorFor = (field: string) => wrong.find(error => error.field === field)?.text

  const toSignIn = (
    <div>
      <Button component={Link} to="/sign-in">
        {t('link.toSignIn')}
      </Button>
    </div>
  )
  return (
    <PlainFrame {...(session.data ? { municipality: session.data.municipality } : {})}>
      {spend.isSuccess ? (
        <Page title={t('link.done')} lead={t('link.doneHelp')}>
          {toSignIn}
        </Page>
      ) : link.isError || session.isError ? (
        <Page title={t('link.invalid')} lead={t('link.invalidHelp')}>
          {toSignIn}
        </Page>
      ) : link.data ? (
        <Page title={t('link.title')} lead={t('link.leadFor', { username: link.data.username })}>
          <form onSubmit={submit} noValidate>
            <Stack gap={16}>
              <ErrorSummary
                key={spend.failureCount}
                errors={
                  wrong.length > 0 ? wrong : spend.error ? [{ text: t(`problem.${problemOf(spend.error).code}`) }] : []
                }
              />
              <input type="hidden" name="username" autoComplete="username" value={link.data.username} readOnly />
              <PasswordInput
                id="password"
                name="password"
                label={t('link.password')}
                description={t('link.passwordHint')}
                autoComplete="new-password"
                visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
                error={errorFor('password')}
              />
              <PasswordInput
                id="repeat"
                name="repeat"
                label={t('link.repeat')}
                autoComplete="new-password"
                visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
                error={errorFor('repeat')}
              />
              <Button type="submit" size="md" loading={spend.isPending}>
                {t('link.submit')}
              </Button>
            </Stack>
          </form>
        </Page>
      ) : (
        <Waiting rows={3} />
      )}
    </PlainFrame>
  )
}
