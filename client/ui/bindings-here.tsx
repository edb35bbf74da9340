import { type ComponentProps, lazy, Suspense } from 'react'
import { useMay } from '../lib/session.ts'
import { needTexts } from '../texts/i18n.ts'
import type { BindingsOf as Of } from './bindings-of.tsx'

/** On pages that have other texts: the card comes with its own, for those who read purposes. */
const BindingsOf = lazy(async () => {
  await needTexts('register')()
  const { BindingsOf } = await import('./bindings-of.tsx')
  return { default: BindingsOf }
})

export function BindingsHere(props: ComponentProps<typeof Of>) {
  const may = useMay()
  if (!may('binding.read')) return null
  return (
    <Suspense>
      <BindingsOf {...props} />
    </Suspense>
  )
}
