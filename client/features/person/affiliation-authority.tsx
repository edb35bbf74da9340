import { useTexts } from '../../texts/i18n.ts'
import { useAttribute } from '../../ui/attribute-word.ts'
import { useSaid } from '../../ui/value-source.tsx'
import type { Affiliation } from './person.ts'

/** Whose word counts for each attribute: the source, since when, and who said it where a person did. */
export function AffiliationAuthority(props: { affiliation: Affiliation }) {
  const { t } = useTexts()
  const said = useSaid()
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
            {word(one.attribute)}: {said({ ...one, name: one.sourceName })}
            {one.reason && `: ${one.reason}`}
          </li>
        ))}
      </ul>
    </details>
  )
}
