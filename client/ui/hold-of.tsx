import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../texts/i18n.ts'
import { announce } from './announcer.tsx'
import { type Held, HoldDialog } from './hold-dialog.tsx'

/** The button on a page of something that a hold can keep. */
export function HoldOf({ of }: { of: Held }) {
  const { t } = useTexts()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button variant="default" className="no-print" onClick={() => setOpen(true)}>
        {t('holds.here')}
      </Button>
      {open && (
        <HoldDialog
          of={of}
          onClose={() => setOpen(false)}
          onPlaced={() => {
            setOpen(false)
            announce(t('holds.placed'))
          }}
        />
      )}
    </>
  )
}
