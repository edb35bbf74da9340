import { Button, Code, Stack, TextInput } from '@mantine/core'
import { startRegistration } from '@simplewebauthn/browser'
import { IconDeviceMobile, IconFingerprint } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { Session } from '#contract/auth.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { beginPasskeyEnrolment, beginTotp, enrolPasskey, enrolTotp } from '#contract/second-factors.ts'
import { call, problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import classes from './enrol-factor.module.css'
import { RecoveryCodes } from './recovery-codes.tsx'

type Enrolled = ResponseOf<typeof enrolTotp>

export function EnrolFactor(props: { onSession: (session: Session) => void }) {
  const { t } = useTexts()
  const [enrolled, setEnrolled] = useState<Enrolled | null>(null)
  const [error, setError] = useState<string | null>(null)
  const begin = useCommand(beginTotp)
  const done = (answer: Enrolled) => (answer.recoveryCodes ? setEnrolled(answer) : props.onSession(answer.session))

  const withPasskey = async () => {
    setError(null)
    try {
      const { options } = await call(beginPasskeyEnrolment)
      const response = await startRegistration({ optionsJSON: options as never })
      done(await call(enrolPasskey, { body: { name: t('factor.passkeyName'), response: response as never } }))
    } catch {
      setError(t('factor.passkeyFailed'))
    }
  }

  if (enrolled?.recoveryCodes)
    return <RecoveryCodes codes={enrolled.recoveryCodes} onDone={() => props.onSession(enrolled.session)} />
  return (
    <Stack gap={12}>
      <ErrorSummary errors={error ? [{ text: error }] : []} />
      <Card title={t('factor.passkeyTitle')}>
        <Stack gap={12}>
          <p className="dim">{t('factor.passkeyLead')}</p>
          <Button leftSection={<IconFingerprint size={18} aria-hidden />} onClick={() => void withPasskey()}>
            {t('factor.passkeyStart')}
          </Button>
        </Stack>
      </Card>
      <Card title={t('factor.totpTitle')}>
        <Stack gap={12}>
          <p className="dim">{t('factor.totpLead')}</p>
          {begin.data ? (
            <TotpForm started={begin.data} onDone={done} />
          ) : (
            <Button
              variant="default"
              loading={begin.isPending}
              leftSection={<IconDeviceMobile size={18} aria-hidden />}
              onClick={() => begin.mutate({})}
            >
              {t('factor.totpStart')}
            </Button>
          )}
        </Stack>
      </Card>
    </Stack>
  )
}

function TotpForm(props: { started: ResponseOf<typeof beginTotp>; onDone: (answer: Enrolled) => void }) {
  const { t } = useTexts()
  const { started } = props
  const [missing, setMissing] = useState(false)
  const enrol = useCommand(enrolTotp, answer => props.onDone(answer))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code') ?? '').replace(/\s/g, '')
    setMissing(code === '')
    if (code !== '') enrol.mutate({ params: { factorId: started.id }, body: { code } })
  }
  const size = started.qr.size
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={12}>
        <ErrorSummary
          key={enrol.failureCount}
          errors={
            missing
              ? [{ field: 'code', text: t('factor.codeMissing') }]
              : enrol.error
                ? [{ text: t(`problem.${problemOf(enrol.error).code}`) }]
                : []
          }
        />
        <svg
          className={classes.qr}
          viewBox={`-4 -4 ${size + 8} ${size + 8}`}
          role="img"
          aria-label={t('factor.totpQr')}
        >
          <rect x="-4" y="-4" width={size + 8} height={size + 8} fill="#fff" />
          <path d={started.qr.path} fill="#000" />
        </svg>
        <div>
          <p className="meta">{t('factor.totpKey')}</p>
          <Code className={classes.key}>{started.secret.replace(/(.{4})/g, '$1 ')}</Code>
        </div>
        <TextInput
          id="code"
          name="code"
          label={t('factor.code')}
          description={t('factor.codeHint')}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={10}
        />
        <Button type="submit" loading={enrol.isPending}>
          {t('factor.submit')}
        </Button>
      </Stack>
    </form>
  )
}
