import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../../texts/i18n.ts'
import { keyFrom } from './rule-problems.ts'

/** What a rule or role is called, and its key, which follows the name until somebody writes another. */
export function NameAndKey(props: {
  id: 'rule' | 'role'
  value: { name: string; key: string }
  /** A key can only be chosen while there is nothing yet. */
  isNew: boolean
  onChange: (next: { name: string } | { key: string } | { name: string; key: string }) => void
}) {
  const { t } = useTexts()
  const { id, value, isNew } = props
  const [keyTouched, setKeyTouched] = useState(false)
  return (
    <>
      <TextInput
        id={`${id}-name`}
        label={t('ruleDesk.name')}
        value={value.name}
        maxLength={200}
        onChange={event => {
          const name = event.currentTarget.value
          props.onChange(isNew && !keyTouched ? { name, key: keyFrom(name) } : { name })
        }}
      />
      <TextInput
        id={`${id}-key`}
        label={t('ruleDesk.key')}
        description={isNew ? t('ruleDesk.keyHint') : undefined}
        value={value.key}
        readOnly={!isNew}
        maxLength={200}
        spellCheck={false}
        onChange={event => {
          setKeyTouched(true)
          props.onChange({ key: event.currentTarget.value })
        }}
      />
    </>
  )
}
