import { Button } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type CasePage, concealCase, copyCase, releaseCase, sendCase, withdrawCase } from '#contract/lifecycle.ts'
import { problemOf } from '../../lib/call.ts'
import { dayOf } from '../../lib/formats.ts'
import { useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { ConfidentialDialog } from './confidential-dialog.tsx'

/** What the reader may do with the report now. */
export function CaseActions(props: { page: CasePage }) {
  const { t } = useTexts()
  const { page } = props
  const { allowed } = page
  const [withdrawing, setWithdrawing] = useState(false)
  const [concealing, setConcealing] = useState(false)
  const navigate = useNavigate()
  const input = { params: { caseId: page.id }, body: { version: page.version } }
  const send = useCommand(sendCase, () => announce(t('reports.sent')))
  const withdraw = useCommand(withdrawCase, () => {
    setWithdrawing(false)
    announce(t('reports.withdrawn'))
  })
  const copy = useCommand(copyCase, answer => {
    announce(t('reports.copied'))
    void navigate({ to: '/lifecycle/new', search: { kind: page.kind, draft: answer.id } } as never)
  })
  const conceal = useCommand(concealCase, () => setConcealing(false))
  const release = useCommand(releaseCase, () => announce(t('reports.released')))
  const failed = send.error ?? conceal.error ?? release.error ?? copy.error
  return (
    <>
      {allowed.release && (
        <Button onClick={() => release.mutate(input)} loading={release.isPending}>
          {t('reports.release')}
        </Button>
      )}
      {allowed.send && page.missing.length === 0 && (
        <Button onClick={() => send.mutate(input)} loading={send.isPending}>
          {t('reports.send')}
        </Button>
      )}
      {allowed.change && (
        <Button
          variant={allowed.send && page.missing.length === 0 ? 'default' : 'filled'}
          component={Link}
          {...({ to: '/lifecycle/new', search: { kind: page.kind, draft: page.id } } as object)}
        >
          {t('reports.continue')}
        </Button>
      )}
      {allowed.conceal && (
        <Button
          variant="default"
          loading={conceal.isPending}
          onClick={() =>
            page.confidential
              ? conceal.mutate({ ...input, body: { ...input.body, confidential: false, named: [] } })
              : setConcealing(true)
          }
        >
          {page.confidential ? t('reports.reveal') : t('reports.conceal')}
        </Button>
      )}
      {allowed.conceal && page.confidential && (
        <Button variant="default" onClick={() => setConcealing(true)}>
          {t('reports.mayKnow.title')}
        </Button>
      )}
      {concealing && (
        <ConfidentialDialog
          page={page}
          busy={conceal.isPending}
          error={conceal.error ? t(`problem.${problemOf(conceal.error).code}`) : null}
          onClose={() => setConcealing(false)}
          onConfirm={named => conceal.mutate({ ...input, body: { ...input.body, confidential: true, named } })}
        />
      )}
      {allowed.copy && (
        <Button
          variant="default"
          loading={copy.isPending}
          onClick={() => copy.mutate({ params: input.params, body: {} })}
        >
          {t('reports.copy')}
        </Button>
      )}
      {allowed.withdraw && (
        <Button variant="outline" color="red" onClick={() => setWithdrawing(true)}>
          {t('reports.withdraw')}
        </Button>
      )}
      <NextSteps page={page} />
      {failed && <p role="alert">{t(`problem.${problemOf(failed).code}`)}</p>}
      {withdrawing && (
        <ReasonDialog
          title={t('reports.withdraw')}
          danger
          busy={withdraw.isPending}
          error={withdraw.error ? t(`problem.${problemOf(withdraw.error).code}`) : null}
          onConfirm={reason => withdraw.mutate({ ...input, body: { ...input.body, reason } })}
          onClose={() => setWithdrawing(false)}
        >
          <p>{t('reports.withdrawHelp')}</p>
        </ReasonDialog>
      )}
    </>
  )
}

/** What follows a report that was sent: it is changed by another report, never by hand. */
function NextSteps(props: { page: CasePage }) {
  const { t } = useTexts()
  const may = useMay()
  const { page } = props
  if (page.sentAt === null || page.affiliationId === null || !may('case.write')) return null
  const coming = page.effectiveOn !== null && page.effectiveOn > dayOf(new Date().toISOString())
  const next =
    page.kind === 'end' && page.door !== 'withdraw'
      ? ({ door: 'postpone', kind: 'end', text: 'doors.postpone.title' } as const)
      : page.kind === 'absence' && page.door === 'plain'
        ? ({ door: 'withdraw', kind: 'absence', text: 'doors.notAway.title' } as const)
        : page.kind === 'hire' && coming
          ? ({ door: 'withdraw', kind: 'end', text: 'doors.withdraw.title' } as const)
          : page.kind === 'hire' && page.form.kind === 'hire' && page.form.affiliation.endsOn !== null
            ? ({ door: 'extend', kind: 'end', text: 'doors.extend.title' } as const)
            : null
  if (next === null) return null
  return (
    <Button
      variant="default"
      component={Link}
      {...({
        to: '/lifecycle/new',
        search: { kind: next.kind, door: next.door, affiliation: page.affiliationId },
      } as object)}
    >
      {t(next.text)}
    </Button>
  )
}
