import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../../texts/i18n.ts'
import { WhoPicker } from '../../../ui/who-picker.tsx'
import { fieldId } from '../case-words.ts'
import classes from '../lifecycle.module.css'

/** One person in a form: chosen with a name, or a field that finds one. */
export function PersonPick(props: {
  where: string
  label: string
  hint?: string
  value: string | null
  /** Of the value, where it was chosen before this page was opened. */
  name: string | null
  onChange: (id: string | null) => void
}) {
  const { t } = useTexts()
  const [name, setName] = useState(props.name)
  if (props.value === null)
    return (
      <WhoPicker
        id={fieldId(props.where)}
        label={props.label}
        {...(props.hint ? { hint: props.hint } : {})}
        onPick={who => {
          setName(who.name)
          props.onChange(who.id)
        }}
      />
    )
  const shown = name ?? props.name ?? t('people.protectedPerson')
  return (
    <div className={classes.picked}>
      <span className={classes.rightText}>
        <span className="meta">{props.label}</span>
        <div className={classes.name}>{shown}</div>
      </span>
      <Button
        id={fieldId(props.where)}
        variant="default"
        size="xs"
        aria-label={t('doors.remove', { name: shown })}
        onClick={() => props.onChange(null)}
      >
        {t('doors.another')}
      </Button>
    </div>
  )
}
