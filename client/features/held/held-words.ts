import type { HeldGroup } from '#contract/held.ts'
import { fieldText, valueText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'

/** A group of held changes in sentences: what happens to how many, what most of them share, why the brake met it. */
export function useHeldWords() {
  const { t } = useTexts()
  return {
    what(group: HeldGroup): string {
      const noun = t(`held.noun.${group.kind}`, { count: group.count })
      const verb = group.op === 'change' && group.aspect ? t(`held.aspect.${group.aspect}`) : t(`held.verb.${group.op}`)
      const part = group.partName ?? group.part
      return part ? t('held.whatIn', { noun, verb, part }) : t('held.what', { noun, verb })
    },
    because(group: HeldGroup): string | null {
      const { because } = group
      if (!because) return null
      // Of those that still wait: some may have been decided on.
      const count = Math.min(because.count, group.count)
      const attribute = fieldText(t, because.attribute)
      if (because.from === null && because.to === null) return t('held.becauseField', { attribute, count })
      const value = (text: string | null) =>
        text === null ? t('held.empty') : `“${valueText(t, because.attribute, text)}”`
      return t('held.because', { attribute, count, from: value(because.from), to: value(because.to) })
    },
    why: (group: HeldGroup): string => t(`held.guard.${group.guard}`, { limit: group.limit, total: group.total }),
  }
}
