import { ActionIcon, Popover } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useTexts } from '../texts/i18n.ts'

type Said = {
  source: string
  name: string | null
  /** Since when they say so. Null: that is not known, only when they were last asked. */
  since: string | null
  read?: string | null
  author: string | null
}

/** Whose word a value is, in one line. What people have said in Hjemmel has no source with a name. */
export function useSaid(): (said: Said) => string {
  const { t, instant } = useTexts()
  return ({ source, name, since, read, author }) => {
    const own = source.startsWith('report')
      ? t('valueSource.report')
      : source === 'manual'
        ? t('valueSource.manual')
        : null
    const shown = own ?? name ?? source
    if (since === null) return read ? t('valueSource.read', { source: shown, when: instant(read) }) : shown
    const words = { source: shown, when: instant(since) }
    return author === null ? t('valueSource.said', words) : t('valueSource.saidBy', { ...words, name: author })
  }
}

/** A small sign beside a value: who says so, on hover and when it is chosen. */
export function ValueSource(props: { label: string; said: Said }) {
  const { t } = useTexts()
  const text = useSaid()(props.said)
  return (
    <Popover withArrow shadow="md" position="top">
      <Popover.Target>
        <ActionIcon
          className="no-print"
          variant="subtle"
          color="gray"
          size={24}
          title={text}
          aria-label={`${t('valueSource.ask')}: ${props.label}`}
        >
          <IconInfoCircle size={14} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>{text}</Popover.Dropdown>
    </Popover>
  )
}
