import { useTexts } from '../../texts/i18n.ts'
import type { PersonData } from './person.ts'

/** "Har adgang til 31 systemer, heraf 4 med beskyttelseskrævende oplysninger." */
export function Summary(props: { page: PersonData }) {
  const { t, number } = useTexts()
  const { counts, self } = props.page
  const protectedSystems = props.page.systems.filter(one =>
    one.rights.some(right => ['special', 'criminal', 'confidential'].includes(right.sensitivity)),
  ).length
  if (counts.systems === 0) return <>{t(self ? 'person.youHaveNone' : 'person.hasNone')}</>
  const systems = t('person.systems', { count: counts.systems })
  if (protectedSystems === 0) return <>{t(self ? 'person.youHaveAccessPlain' : 'person.hasAccessPlain', { systems })}</>
  return <>{t(self ? 'person.youHaveAccess' : 'person.hasAccess', { systems, protected: number(protectedSystems) })}</>
}
