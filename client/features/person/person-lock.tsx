import { Alert, Button, TextInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { getPersonLock, lockPerson } from '#contract/locks.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'

type Person = { id: string; name: string | null; lockedSince: string | null }

/** Above everything else on the page of somebody who is locked. */
export function LockBanner({ person }: { person: Person }) {
  const { t, instant } = useTexts()
  const may = useMay()('lock.read')
  const query = useCall(getPersonLock, { params: { personId: person.id } }, { enabled: may })
  const lock = query.data?.lock
  if (!may && person.lockedSince)
    return (
      <Alert color="red" icon={<IconLock size={18} aria-hidden />} title={t('locks.effectTitle')} mb={16}>
        {t('locks.effectText', { when: instant(person.lockedSince) })}
      </Alert>
    )
  if (!lock) return null
  return (
    <Alert color="red" icon={<IconLock size={18} aria-hidden />} title={t('locks.bannerTitle')} mb={16}>
      {t('locks.bannerText', { when: instant(lock.lockedAt), name: lock.lockedBy ?? '', reason: lock.reason })}
      <div>
        <Link to="/locks" className="link">
          {t('locks.title')}
        </Link>
      </div>
    </Alert>
  )
}

/** The button, and the dialog that asks for the birth date before it locks; the date itself is never shown. */
export function LockButton({ person }: { person: Person }) {
  const { t } = useTexts()
  const [open, setOpen] = useState(false)
  const query = useCall(getPersonLock, { params: { personId: person.id } }, { enabled: useMay()('lock.set') })
  if (!query.data?.allowed.lock) return null
  return (
    <>
      <Button
        color="red"
        variant="outline"
        leftSection={<IconLock size={18} aria-hidden />}
        onClick={() => setOpen(true)}
        className="no-print"
      >
        {t('locks.action')}
      </Button>
      {open && <LockDialog person={person} asks={query.data.birthDateKnown} onClose={() => setOpen(false)} />}
    </>
  )
}

function LockDialog(props: { person: Person; asks: boolean; onClose: () => void }) {
  const { t } = useTexts()
  const [birthDate, setBirthDate] = useState('')
  const [missing, setMissing] = useState(false)
  const lock = useCommand(lockPerson, ({ rights }) => {
    announce(t('locks.locked', { count: rights }))
    props.onClose()
  })
  const code = lock.error ? problemOf(lock.error).code : null
  const aboutDate = code === 'birth-date-wrong' || code === 'birth-date-refused'
  return (
    <ReasonDialog
      title={t('locks.dialogTitle', { name: props.person.name ?? t('people.protectedPerson') })}
      verb={t('locks.action')}
      danger
      busy={lock.isPending}
      error={code && !aboutDate ? t(`problem.${code}`) : null}
      onClose={props.onClose}
      onConfirm={reason => {
        const date = birthDate.trim()
        const wrong = props.asks && !/^\d{4}-\d{2}-\d{2}$/.test(date)
        setMissing(wrong)
        if (!wrong)
          lock.mutate({
            params: { personId: props.person.id },
            body: { reason, ...(props.asks ? { birthDate: date } : {}) },
          })
      }}
    >
      <p>{t('locks.dialogHelp')}</p>
      {props.asks ? (
        <TextInput
          label={t('locks.birthDate')}
          description={t('locks.birthDateHint')}
          placeholder="ÅÅÅÅ-MM-DD"
          value={birthDate}
          onChange={event => setBirthDate(event.currentTarget.value)}
          error={missing ? t('locks.birthDateMissing') : aboutDate && code ? t(`problem.${code}`) : null}
          maxLength={10}
          autoComplete="off"
        />
      ) : (
        <p className="dim">{t('locks.noBirthDate')}</p>
      )}
    </ReasonDialog>
  )
}
