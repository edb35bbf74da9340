import { TextInput } from '@mantine/core'
import { useTexts } from '../texts/i18n.ts'

/** The second axis, the same wherever a day is chosen: what was known on another day. Empty: what is known now. */
export function KnownField(props: { known: string | undefined; today: string }) {
  const { t } = useTexts()
  return (
    <TextInput
      type="date"
      name="known"
      label={t('person.asOfKnown')}
      description={t('person.asOfKnownHelp')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      defaultValue={props.known ?? ''}
      max={props.today}
    />
  )
}
