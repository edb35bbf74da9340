import type { ResponseOf } from '#contract/endpoint.ts'
import type { previewRules } from '#contract/rules.ts'
import type { daRules } from '../../texts/da-rules.ts'
import { useTexts } from '../../texts/i18n.ts'

type Held = ResponseOf<typeof previewRules>['heldBack']
type Guard = keyof typeof daRules.changes.guard

/** Which guards hold a change of rules back, and by how much it is too wide. */
export function Guards(props: { heldBack: Held }) {
  const { t } = useTexts()
  return (
    <ul style={{ margin: 0, paddingLeft: 18, fontSize: '0.875rem' }}>
      {props.heldBack.map(one => (
        <li key={`${one.guard}${one.part}`}>
          {t(`changes.guard.${one.guard as Guard}`, { part: one.part, defaultValue: one.guard })} (
          {one.guard === 'rules-last-administrator'
            ? t('changes.lastHolders', { count: one.count })
            : t('changes.limit', { count: one.count, limit: one.limit })}
          )
        </li>
      ))}
    </ul>
  )
}
