import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Missing, prepareCase, sendCase } from '#contract/lifecycle.ts'
import type { CaseForm } from '#contract/lifecycle-forms.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { fieldId, missingText } from './case-words.ts'
import { type Door, type Start, useDraft } from './use-draft.ts'

/** What every report does whatever it is about: keeps itself, says what is missing, and is sent or handed to the manager. */
export function useReport(start: Start, door: Door, empty: CaseForm) {
  const { t } = useTexts()
  const may = useMay()
  const navigate = useNavigate()
  const draft = useDraft(start, door, empty)
  const [tries, setTries] = useState(0)
  const arrive = (text: string) => {
    announce(text)
    void navigate({ to: '/lifecycle/$caseId', params: { caseId: draft.idNow() ?? '' } })
  }
  const send = useCommand(sendCase, () => arrive(t('reports.sent')))
  const prepare = useCommand(prepareCase, () => arrive(t('reports.prepared')))
  const finish = async (incomplete?: (missing: readonly Missing[]) => void) => {
    // Nothing typed yet: what is missing is all of it, and the server says so of a draft.
    if (draft.idNow() === null) draft.change(draft.form)
    const saved = await draft.flush()
    const id = draft.idNow()
    // Not kept: the form says why.
    if (saved === null && id !== null) return
    const missing = saved?.missing ?? draft.missing
    setTries(tries + 1)
    if (missing.length > 0) return incomplete?.(missing)
    if (id === null) return
    const input = { params: { caseId: id }, body: { version: saved?.version ?? draft.version } }
    if (may('case.send')) send.mutate(input)
    else prepare.mutate(input)
  }
  const failed = send.error ?? prepare.error
  const missing =
    tries === 0 ? [] : draft.missing.map(one => ({ field: fieldId(one.where), text: missingText(t, one) }))
  return {
    draft,
    tries,
    finish,
    busy: send.isPending || prepare.isPending,
    /** On its way, or there: what would follow is not asked any more. */
    leaving: send.isPending || send.isSuccess,
    errors: missing.length > 0 ? missing : failed ? [{ text: t(`problem.${problemOf(failed).code}`) }] : [],
    /** The text of what is wrong with a field. */
    wrongAt: (where: string): string | undefined => {
      const one = draft.missing.find(each => each.where === where)
      return one && missingText(t, one)
    },
  }
}
export type Report = ReturnType<typeof useReport>
