import { getStaleThen } from '#contract/freshness.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'

/** Which sources were too old on another day to say whether a difference was still there. Nothing where none was. */
export function StaleThen(props: { asOf: string; known: string | undefined }) {
  const { t, language, day } = useTexts()
  const { data } = useCall(getStaleThen, {
    query: { asOf: props.asOf, ...(props.known ? { known: props.known } : {}) },
  })
  if (!data || data.rows.length === 0) return null
  const names = data.rows.map(({ name, readAt }) =>
    readAt ? t('freshness.staleThenOne', { name: name[language], when: day(readAt) }) : name[language],
  )
  return (
    <span>
      {t('freshness.staleThen')} {names.join('; ')}
    </span>
  )
}
