import type { Expectation } from '#contract/announcements.ts'
import { fieldText, valueText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'

/** An expectation as a sentence: "Tilknytninger ændres i Skole Nord, Klasse fra 5A til 6A". */
export function useExpectedWords() {
  const { t } = useTexts()
  return (line: Expectation & { partName?: string | null }): string => {
    const noun = t(`sync.record.${line.kind}`)
    const verb = t(`held.verb.${line.op}`)
    const part = line.partName ?? line.part
    const what = part ? t('held.whatIn', { noun, verb, part }) : t('held.what', { noun, verb })
    if (line.attribute === null) return what
    const values = [line.from, line.to].filter(value => value !== null)
    const name = fieldText(t, line.attribute)
    return values.length === 0
      ? `${what}, ${name}`
      : `${what}, ${name}: ${values.map(value => valueText(t, line.attribute ?? '', value)).join(' → ')}`
  }
}
