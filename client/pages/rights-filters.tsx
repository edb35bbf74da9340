import { useMemo } from 'react'
import { personKind } from '#contract/shapes.ts'
import { getSystem, listSystems } from '#contract/systems.ts'
import { getOrganisation } from '#contract/units.ts'
import { indentedUnits } from '../lib/indented-units.ts'
import { useCall } from '../lib/query.ts'
import type { RightsSearch } from '../lib/search.ts'
import { useMay } from '../lib/session.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import { Choice, FilterChip, FilterRow, SearchField, Toggle } from '../ui/filters.tsx'

export type Search = RightsSearch
export type Change = (next: Partial<Search>) => void
export type View = NonNullable<Search['view']>

/** What the overview is about; the same for each way to see it. */
export function RightsFilters(props: {
  search: Search
  change: Change
  text: string
  onText: (text: string) => void
  view: View
}) {
  const { t } = useTexts()
  const may = useMay()
  const { search, change, view } = props
  const units = useCall(getOrganisation, { query: { tree: 'admin' } }, { enabled: may('unit.read') }).data?.units
  const areas = useCall(listSystems, { query: { limit: 1 } }, { enabled: may('system.read') }).data?.areas
  const [find, setFind] = useUrlText(search.find, value => change({ find: value }))
  const tree = useMemo(() => indentedUnits(units ?? []), [units])
  return (
    <FilterRow>
      <SearchField
        label={t('matrix.search')}
        hint={t('matrix.searchHint')}
        value={props.text}
        onChange={props.onText}
      />
      {(view === 'matrix' || view === 'list') && (
        <SearchField label={t('matrix.searchSystem')} value={find} onChange={setFind} />
      )}
      {tree.length > 0 && (
        <Choice
          label={t('matrix.unit')}
          all={t('matrix.allUnits')}
          value={search.unit}
          options={tree}
          onChange={unit => change({ unit })}
        />
      )}
      <Choice
        label={t('matrix.area')}
        all={t('matrix.allAreas')}
        value={search.area}
        options={(areas ?? (search.area ? [search.area] : [])).map(value => ({ value, label: value }))}
        onChange={area => change({ area, ...(area || search.system ? {} : { columns: undefined }) })}
      />
      <Choice
        label={t('matrix.kind')}
        all={t('matrix.staff')}
        value={search.kind}
        options={personKind.options.map(value => ({ value, label: t(`enum.personKind.${value}`) }))}
        onChange={kind => change({ kind })}
      />
      <Toggle on={search.drift === true} onChange={on => change({ drift: on || undefined })}>
        {t('matrix.onlyDrift')}
      </Toggle>
      <Toggle on={search.protectedData === true} onChange={on => change({ protectedData: on || undefined })}>
        {t('matrix.onlyProtected')}
      </Toggle>
      <Toggle on={search.privileged === true} onChange={on => change({ privileged: on || undefined })}>
        {t('matrix.onlyPrivileged')}
      </Toggle>
      {search.state && (
        <FilterChip
          label={t('matrix.stateLabel')}
          value={t(`matrix.state.${search.state}`)}
          onRemove={() => change({ state: undefined })}
        />
      )}
      {search.system && <SystemChip search={search} change={change} />}
      {(view === 'matrix' || view === 'list') && (search.area || search.system) && (
        <Toggle on={search.columns === 'rights'} onChange={on => change({ columns: on ? 'rights' : undefined })}>
          {t('matrix.rightsAsColumns')}
        </Toggle>
      )}
    </FilterRow>
  )
}

function SystemChip({ search, change }: { search: Search; change: Change }) {
  const { t } = useTexts()
  const name = useCall(getSystem, { params: { systemId: search.system ?? '' } }).data?.name
  return (
    <FilterChip
      label={t('matrix.system')}
      value={name ?? '…'}
      onRemove={() => change({ system: undefined, ...(search.area ? {} : { columns: undefined }) })}
    />
  )
}

/** For the head of what is printed. A name that was searched for belongs on no paper: only that there was a search. */
export function filtersInWords(
  { search, find, text }: { search: Search; find: string; text: string | undefined },
  { unit, system }: { unit: string | null; system: string | null },
  { t, date }: Pick<ReturnType<typeof useTexts>, 't' | 'date'>,
): string {
  return [
    ...(text ? [t('matrix.search')] : []),
    ...(find ? [`${t('matrix.searchSystem')}: ${find}`] : []),
    ...(unit ? [`${t('matrix.unit')}: ${unit}`] : []),
    ...(search.area ? [`${t('matrix.area')}: ${search.area}`] : []),
    ...(system ? [`${t('matrix.system')}: ${system}`] : []),
    ...(search.kind ? [`${t('matrix.kind')}: ${t(`enum.personKind.${search.kind}`)}`] : []),
    ...(search.drift ? [t('matrix.onlyDrift')] : []),
    ...(search.protectedData ? [t('matrix.onlyProtected')] : []),
    ...(search.privileged ? [t('matrix.onlyPrivileged')] : []),
    ...(search.state ? [`${t('matrix.stateLabel')}: ${t(`matrix.state.${search.state}`)}`] : []),
    ...(search.known ? [t('matrix.knownOn', { date: date(search.known) })] : []),
  ].join('; ')
}
