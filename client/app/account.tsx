import { lazy, Suspense, useRef, useState } from 'react'
import { AccountButton } from './account-button.tsx'

/** Menus weigh as much as the whole home: the button stands at once, and what it opens comes after the first screen. */
const AccountMenu = lazy(async () => ({ default: (await import('./account-menu.tsx')).AccountMenu }))

export function Account() {
  const [asked, setAsked] = useState(false)
  // The button that comes with the menu takes the place of the first one, and the focus where that had it.
  const focused = useRef(false)
  return (
    <Suspense
      fallback={
        <AccountButton
          aria-haspopup="menu"
          onClick={() => setAsked(true)}
          onFocus={() => {
            focused.current = true
          }}
          onBlur={() => {
            focused.current = false
          }}
        />
      }
    >
      <AccountMenu opened={asked} focused={focused} />
    </Suspense>
  )
}
