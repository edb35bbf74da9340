import { lazy, Suspense } from 'react'
import type { RectificationObject } from '#contract/rectifications.ts'
import { needTexts } from '../../texts/i18n.ts'

/** Comes with texts of its own: only on the own page somebody may say that something is wrong. */
const Wrong = lazy(async () => {
  await needTexts('rectify')()
  const { Wrong } = await import('./wrong.tsx')
  return { default: Wrong }
})
const OwnReports = lazy(async () => {
  await needTexts('rectify')()
  const { OwnReports } = await import('./wrong.tsx')
  return { default: OwnReports }
})

export function WrongHere(props: { object: RectificationObject; what: string }) {
  return (
    <Suspense>
      <Wrong {...props} />
    </Suspense>
  )
}

export function MyReports() {
  return (
    <Suspense>
      <OwnReports />
    </Suspense>
  )
}
