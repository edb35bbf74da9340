import { Button, Group, Stack } from '@mantine/core'
import { useTexts } from '../../texts/i18n.ts'
import { type ChoiceKind, ChoicePicker, type Chosen } from './choice-picker.tsx'

export const withOne = (list: readonly Chosen[], one: Chosen) =>
  list.some(other => other.key === one.key) ? list : [...list, one]

/** A picker of several of a kind, and what is picked below it. */
export function Several(props: {
  id: string
  kind: ChoiceKind
  label: string
  list: readonly Chosen[]
  onChange: (list: readonly Chosen[]) => void
}) {
  return (
    <Stack gap={6}>
      <ChoicePicker
        id={props.id}
        kind={props.kind}
        label={props.label}
        value={null}
        onChange={one => one && props.onChange(withOne(props.list, one))}
      />
      <Picked list={props.list} onChange={props.onChange} />
    </Stack>
  )
}

/** What is picked, each with a button that takes it away. */
export function Picked(props: { list: readonly Chosen[]; onChange: (list: readonly Chosen[]) => void }) {
  const { t } = useTexts()
  return props.list.map(one => (
    <Group key={one.key} gap={8}>
      <span>{one.name}</span>
      <Button
        variant="subtle"
        size="compact-xs"
        aria-label={t('drafts.removeOne', { what: one.name })}
        onClick={() => props.onChange(props.list.filter(other => other.key !== one.key))}
      >
        {t('drafts.remove')}
      </Button>
    </Group>
  ))
}
