import { Anchor, Button, Stack, TextInput } from '@mantine/core'
import { startAuthentication } from '@simplewebauthn/browser'
import { IconFingerprint } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import {
  beginPasskey,
  confirmPasskey,
  confirmRecoveryCode,
  confirmTotp,
  type Session,
  signOut,
} from '#contract/auth.ts'
import { call, problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { Page } from '../../ui/page.tsx'
import { EnrolFactor } from './enrol-factor.tsx'

/** The step between the password and the door: confirm with what is set up, or set the first one up. */
export function SecondFactor(props: { session: Session; onSession: (session: Session) => void }) {
  const { t } = useTexts()
  const leave = async () => props.onSession(await call(signOut, { body: {} }))
  const enrol = props.session.secondFactor === 'enrol'
  return (
    <Page title={t(enrol ? 'factor.enrolTitle' : 'factor.title')} lead={t(enrol ? 'factor.enrolLead' : 'factor.lead')}>
      {enrol ? <EnrolFactor onSession={props.onSession} /> : <Confirm {...props} />}
      <div>
        <Anchor component="button" type="button" size="sm" onClick={() => void leave()}>
          {t('factor.signOut')}
        </Anchor>
      </div>
    </Page>
  )
}

function Confirm(props: { session: Session; onSession: (session: Session) => void }) {
  const { t } = useTexts()
  const { factors } = props.session
  const [recovery, setRecovery] = useState(!factors.totp && !factors.passkey)
  const [missing, setMissing] = useState(false)
  const [passkeyFailed, setPasskeyFailed] = useState(false)
  const totp = useCommand(confirmTotp, answer => props.onSession(answer))
  const code = useCommand(confirmRecoveryCode, answer => props.onSession(answer))
  const command = recovery ? code : totp

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const value = String(new FormData(event.currentTarget).get('code') ?? '').replace(/\s/g, '')
    setMissing(value === '')
    if (value !== '') command.mutate({ body: { code: value } })
  }
  const withPasskey = async () => {
    setPasskeyFailed(false)
    try {
      const { options } = await call(beginPasskey)
      const response = await startAuthentication({ optionsJSON: options as never })
      props.onSession(await call(confirmPasskey, { body: { response: response as never } }))
    } catch {
      setPasskeyFailed(true)
    }
  }
  const errors = missing
    ? [{ field: 'code', text: t('factor.codeMissing') }]
    : passkeyFailed
      ? [{ text: t('factor.passkeyFailed') }]
      : command.error
        ? [{ text: t(`problem.${problemOf(command.error).code}`) }]
        : []

  return (
    <Stack gap={20}>
      <ErrorSummary key={`${command.failureCount} ${String(passkeyFailed)}`} errors={errors} />
      {factors.passkey && !recovery && (
        <div>
          <Button
            fullWidth
            size="md"
            leftSection={<IconFingerprint size={18} aria-hidden />}
            onClick={() => void withPasskey()}
          >
            {t('factor.passkey')}
          </Button>
          <p className="meta">{t('factor.passkeyHelp')}</p>
        </div>
      )}
      {(factors.totp || recovery) && (
        <form onSubmit={submit} noValidate>
          <Stack gap={16}>
            <TextInput
              key={recovery ? 'recovery' : 'totp'}
              id="code"
              name="code"
              label={t(recovery ? 'factor.recoveryCode' : 'factor.code')}
              description={t(recovery ? 'factor.recoveryHint' : 'factor.codeHint')}
              inputMode={recovery ? 'text' : 'numeric'}
              autoComplete="one-time-code"
              maxLength={40}
            />
            <Button
              type="submit"
              size="md"
              loading={command.isPending}
              variant={factors.passkey && !recovery ? 'default' : 'filled'}
            >
              {t('factor.submit')}
            </Button>
          </Stack>
        </form>
      )}
      {(recovery ? factors.totp || factors.passkey : factors.recoveryCodesLeft > 0) && (
        <div>
          <Anchor component="button" type="button" size="sm" onClick={() => setRecovery(!recovery)}>
            {t(recovery ? 'factor.useApp' : 'factor.recovery')}
          </Anchor>
        </div>
      )}
    </Stack>
  )
}
