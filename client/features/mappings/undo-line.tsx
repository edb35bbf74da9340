import { useTexts } from '../../texts/i18n.ts'
import { LastDone } from '../../ui/use-desk.tsx'
import type { MappingChange } from './use-mapping-change.ts'

/** What was done last, with the way back, and what went wrong. */
export function UndoLine(props: { change: MappingChange }) {
  const { t } = useTexts()
  return <LastDone {...props.change} verb={t('mapping.undo')} />
}
