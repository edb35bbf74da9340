import { lazy, Suspense } from 'react'
import { useMay } from '../lib/session.ts'
import { needTexts } from '../texts/i18n.ts'

/** On pages that have other texts: the line comes with its own, for those who read the register. */
const CoverageLine = lazy(async () => {
  await needTexts('register')()
  const { CoverageLine } = await import('./coverage.tsx')
  return { default: CoverageLine }
})

export function CoverageHere(props: { system?: string; unit?: string }) {
  const may = useMay()
  if (!may('activity.read')) return null
  return (
    <Suspense>
      <CoverageLine {...props} />
    </Suspense>
  )
}
