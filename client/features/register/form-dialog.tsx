import { announce } from '../../ui/announcer.tsx'
import type { Activity } from './activity-side.tsx'

export type DialogProps = { activity: Activity; onClose: () => void }

/** After an act: says that it is done, and closes. */
export function useAct(props: DialogProps, said: string) {
  return () => {
    announce(said)
    props.onClose()
  }
}
