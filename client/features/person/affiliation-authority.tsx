import { useTexts } from '../../texts/i18n.ts'
import { useAttribute } from '../../ui/attribute-word.ts'
import type { Affiliation } from './person.ts'

/** Whose word counts for each attribute: the source, since when, and who said it where a person did. */
export function AffiliationAuthority(props: { affiliation: Affiliation }) {
  const { t, instant } = useTexts()
  const word = useAttribute()
  const { authority } = props.affiliation
  if (authority.length === 0) return null
  return (
    <details>
      <summary>{t('matching.authority')}</summary>
      <p className="meta">{t('matching.authorityHelp')}</p>
      <ul>
        {authority.map(one => (
          <li key={one.attribute}>
            {word(one.attribute)}: {t('matching.saidBy', { source: one.sourceName, when: instant(one.since) })}
            {one.author && ` ${t('matching.saidByPerson', { name: one.author })}`}
            {one.reason && `: ${one.reason}`}
          </li>
        ))}
      </ul>
    </details>
  )
}
