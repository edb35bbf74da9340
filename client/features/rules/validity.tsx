import { lastDay } from '../../lib/formats.ts'
import { useTexts } from '../../texts/i18n.ts'

/** From the first day to the last that counts; open ends are said, not shown as a date. */
export function Validity(props: { from: string | null; to: string | null }) {
  const { t, date } = useTexts()
  const from = props.from ? t('rules.from', { date: date(props.from) }) : null
  const to = props.to ? t('rules.until', { date: date(lastDay(props.to)) }) : t('rules.always')
  return <>{[from, to].filter(Boolean).join(' ')}</>
}
