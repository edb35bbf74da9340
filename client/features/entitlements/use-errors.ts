import { useState } from 'react'
import type { ProblemError } from '../../lib/call.ts'
import { problemOf } from '../../lib/call.ts'
import type { daEntitlements } from '../../texts/da-entitlements.ts'
import { useTexts } from '../../texts/i18n.ts'

type Wrong = keyof typeof daEntitlements.entitlement.wrong

/** What the server objects to, in words; and a reason that is too short. */
export function useEntitlementErrors(error: ProblemError | null) {
  const { t } = useTexts()
  const [short, setShort] = useState(false)
  const errors: { field?: string; text: string }[] = short ? [{ text: t('entitlement.reasonMissing') }] : []
  if (error) {
    const problem = problemOf(error)
    // The wire names what is wrong as `what`.
    const listed = problem.errors as unknown as { what?: string }[]
    if (problem.code === 'entitlement-invalid' && listed.length > 0)
      for (const { what = '' } of listed)
        errors.push({ text: t(`entitlement.wrong.${what as Wrong}`, { defaultValue: what }) })
    else errors.push({ text: t(`problem.${problem.code}`) })
  }
  return { errors, setShort }
}
