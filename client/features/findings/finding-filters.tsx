import type { z } from 'zod'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { findingFilter, listFindingGroups } from '#contract/findings.ts'
import { FINDING_CODES, findingAge, findingListState, findingOwner, findingSeverity } from '#contract/lists.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Choice, FilterChip, FilterRow, Toggle } from '../../ui/filters.tsx'

type Filters = Partial<z.output<typeof findingFilter>>

/** Which findings are listed. `countOf` says how many of a kind there are under the other filters. */
export function FindingFilters(props: {
  search: Filters
  /** What is asked for, by name, once it has been read. */
  about: ResponseOf<typeof listFindingGroups>['about'] | undefined
  countOf: (code: (typeof FINDING_CODES)[number]) => number
  onChange: (next: Filters) => void
}) {
  const { t, number } = useTexts()
  const { search, about } = props
  const chips = [
    { key: 'system', label: t('findings.system'), value: about?.system },
    { key: 'entitlement', label: t('findings.columns.right'), value: about?.entitlement },
    { key: 'unit', label: t('findings.unit'), value: about?.unit },
    { key: 'activity', label: t('findings.activity'), value: about?.activity },
    {
      key: 'person',
      label: t('findings.columns.person'),
      value: about?.person && (about.person.name ?? t('findings.protectedPerson')),
    },
    { key: 'batch', label: t('findings.decisions'), value: t('findings.batch') },
  ] as const
  return (
    <FilterRow>
      <Choice
        label={t('findings.filterCode')}
        value={search.code}
        onChange={code => props.onChange({ code })}
        options={FINDING_CODES.map(value => ({
          value,
          label: `${t(`findings.code.${value}`)} (${number(props.countOf(value))})`,
        }))}
      />
      <Choice
        label={t('findings.filterSeverity')}
        value={search.severity}
        onChange={severity => props.onChange({ severity })}
        options={findingSeverity.options.map(value => ({ value, label: t(`findings.severity.${value}`) }))}
      />
      <Choice
        label={t('findings.filterState')}
        value={search.state}
        all={t('findings.state.open')}
        onChange={state => props.onChange({ state })}
        options={findingListState.options
          .filter(value => value !== 'open')
          .map(value => ({ value, label: t(`findings.state.${value}`) }))}
      />
      <Choice
        label={t('findings.filterOwner')}
        value={search.owner}
        onChange={owner => props.onChange({ owner })}
        options={findingOwner.options.map(value => ({ value, label: t(`findings.owner.${value}`) }))}
      />
      <Choice
        label={t('findings.filterAge')}
        value={search.age}
        onChange={age => props.onChange({ age })}
        options={findingAge.options.map(value => ({ value, label: t(`findings.age.${value}`) }))}
      />
      <Toggle on={search.mine === true} onChange={on => props.onChange({ mine: on || undefined })}>
        {t('findings.mine')}
      </Toggle>
      <Toggle on={search.counted === true} onChange={on => props.onChange({ counted: on || undefined })}>
        {t('findings.showCounted')}
      </Toggle>
      {chips.map(
        ({ key, label, value }) =>
          search[key] && (
            <FilterChip
              key={key}
              label={label}
              value={value ?? t('findings.thisOne')}
              onRemove={() => props.onChange({ [key]: undefined })}
            />
          ),
      )}
    </FilterRow>
  )
}
