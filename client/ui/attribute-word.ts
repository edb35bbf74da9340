import { useTexts } from '../texts/i18n.ts'

const ATTRIBUTES = [
  'name',
  'birthDate',
  'affiliationKind',
  'employeeNo',
  'unit',
  'payUnit',
  'unitOverride',
  'title',
  'fraction',
  'startsOn',
  'endsOn',
  'primary',
  'functions',
  'leaveFrom',
  'leaveTo',
  'leaveKind',
  'schoolClass',
  'sponsor',
  'accessEndsOn',
  'lastWorkingDay',
  'releasedFrom',
  'endGoverns',
  'agency',
  'hourlyPaid',
] as const

/** An attribute in words; one that a source brings and nobody has a word for keeps its name. */
export function useAttribute(): (name: string) => string {
  const { t } = useTexts()
  return name => {
    const known = ATTRIBUTES.find(one => one === name)
    return known ? t(`matching.field.${known}`) : name
  }
}
