import type { ResponseOf } from '#contract/endpoint.ts'
import type { getPersonReach } from '#contract/reach.ts'
import { operation } from '#contract/register-lists.ts'
import { useTexts } from '../texts/i18n.ts'
import { Choice } from './filters.tsx'

export type Operation = (typeof operation.options)[number]
type Said = Pick<
  ResponseOf<typeof getPersonReach>['rows'][number],
  'how' | 'beyond' | 'operations' | 'part' | 'uncounted'
>

/** What is to be done with the data; none: anything. */
export function OperationChoice(props: {
  value: Operation | undefined
  onChange: (operation: Operation | undefined) => void
}) {
  const { t } = useTexts()
  return (
    <Choice
      label={t('reach.operation')}
      all={t('reach.anyOperation')}
      value={props.value}
      options={operation.options.map(value => ({ value, label: t(`reach.operations.${value}`) }))}
      onChange={props.onChange}
    />
  )
}

/** What a type of limit is called; one that no list knows is called by its own name. */
export function useLimitTypes(): (types: readonly string[]) => string {
  const { t } = useTexts()
  const name = (type: string) =>
    type === 'kle' || type === 'unit' || type === 'sensitivity' ? t(`reach.limitTypes.${type}`) : type
  return types => types.map(name).join(', ')
}

/** What a purpose says of one way of reaching data: what may be done, within which limits, and what could not be counted. */
export function ReachSaid({ row }: { row: Said }) {
  const { t } = useTexts()
  const limitTypes = useLimitTypes()
  const lines = [
    row.operations && t('reach.may', { what: row.operations.map(one => t(`reach.to.${one}`)).join(', ') }),
    row.beyond === 'limits' && t('reach.outside'),
    row.beyond === 'operation' && t('reach.otherwise'),
    row.part && t('reach.part'),
    row.uncounted.length > 0 && t('reach.uncounted', { types: limitTypes(row.uncounted) }),
  ].filter(line => typeof line === 'string')
  return lines.map(line => (
    <div key={line} className="meta">
      {line}
    </div>
  ))
}
