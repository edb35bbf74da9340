import { Button } from '@mantine/core'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/desk.module.css'
import type { MappingChange } from './use-mapping-change.ts'

/** What was done last, with the way back, and what went wrong. */
export function UndoLine(props: { change: MappingChange }) {
  const { t } = useTexts()
  const { last, busy, problem, undo } = props.change
  return (
    <>
      {problem && (
        <p role="alert" className={classes.wrong}>
          {problem}
        </p>
      )}
      {last && (
        <div className={classes.last}>
          <span>{last.text}</span>
          <Button variant="default" size="xs" loading={busy} onClick={undo}>
            {t('mapping.undo')}
          </Button>
        </div>
      )}
    </>
  )
}
