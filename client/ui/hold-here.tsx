import { type ComponentProps, lazy, Suspense } from 'react'
import { useMay } from '../lib/session.ts'
import { needTexts } from '../texts/i18n.ts'
import type { HoldOf as Of } from './hold-of.tsx'

/** On pages that have other texts: the button comes with its own, for those who hold what must stay. */
const HoldOf = lazy(async () => {
  await needTexts('register')()
  const { HoldOf } = await import('./hold-of.tsx')
  return { default: HoldOf }
})

export function HoldHere(props: ComponentProps<typeof Of>) {
  const may = useMay()
  if (!may('hold.change')) return null
  return (
    <Suspense>
      <HoldOf {...props} />
    </Suspense>
  )
}
