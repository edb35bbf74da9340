import type { z } from 'zod'
import type { findingFilter } from '#contract/findings.ts'
import { FINDING_CODES, findingAge, findingOwner, findingSeverity, findingState } from '#contract/lists.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Choice, FilterChip, FilterRow, Toggle } from '../../ui/filters.tsx'

type Filters = Partial<z.output<typeof findingFilter>>

/** Which findings are listed. `countOf` says how many of a kind there are under the other filters. */
export function FindingFilters(props: {
  search: Filters
  /** Name of the system that is asked for, where something is found in it. */
  system: string | undefined
  countOf: (code: (typeof FINDING_CODES)[number]) => number
  onChange: (next: Filters) => void
}) {
  const { t, number } = useTexts()
  const { search } = props
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
        options={findingState.options
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
      {search.system && (
        <FilterChip
          label={t('findings.system')}
          value={props.system ?? t('findings.thisOne')}
          onRemove={() => props.onChange({ system: undefined })}
        />
      )}
      {search.unit && (
        <FilterChip
          label={t('findings.unit')}
          value={t('findings.thisOne')}
          onRemove={() => props.onChange({ unit: undefined })}
        />
      )}
      {search.activity && (
        <FilterChip
          label={t('findings.activity')}
          value={t('findings.thisOne')}
          onRemove={() => props.onChange({ activity: undefined })}
        />
      )}
      {search.person && (
        <FilterChip
          label={t('findings.columns.person')}
          value={t('findings.thisOne')}
          onRemove={() => props.onChange({ person: undefined })}
        />
      )}
    </FilterRow>
  )
}
