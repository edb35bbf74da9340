import { useTexts } from '../../texts/i18n.ts'

/** What a right can be limited by, in words; what only a feed knows is said as it says it. */
export function useConstraintName(): (on: string) => string {
  const { t } = useTexts()
  return on => t(`entitlement.constraintOn.${on as 'unit'}`, { defaultValue: on })
}
