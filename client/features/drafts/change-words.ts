import type { DraftChange, DraftPage } from '#contract/what-if-draft.ts'
import { useTexts } from '../../texts/i18n.ts'

type Part = Extract<DraftChange, { kind: 'unit-split' }>['parts'][number]

/** A change of a draft as a sentence. Names where they are known, keys where they are not. */
export function useChangeWords(names: DraftPage['names']): (change: DraftChange) => string {
  const { t } = useTexts()
  const unit = (key: string) => names.units[key] ?? key
  const who = ({ titles, positions = [], affiliations = [] }: Part) =>
    [
      ...titles,
      ...positions.map(key => names.positions[key] ?? key),
      ...(affiliations.length > 0 ? [t('drafts.words.named', { count: affiliations.length })] : []),
    ].join(', ')
  return change => {
    switch (change.kind) {
      case 'rule-put':
        return t('drafts.words.rule-put', { key: nameOf(change.rule) })
      case 'role-put':
        return t('drafts.words.role-put', { key: nameOf(change.role) })
      case 'rule-retire':
      case 'role-retire':
        return t(`drafts.words.${change.kind}`, { key: change.key })
      case 'unit-create':
        return t('drafts.words.unit-create', { unit: change.name, to: unit(change.parent) })
      case 'unit-rename':
        return t('drafts.words.unit-rename', { unit: unit(change.unit), to: change.name })
      case 'unit-move':
        return t('drafts.words.unit-move', { unit: unit(change.unit), to: unit(change.parent) })
      case 'unit-close':
        return t('drafts.words.unit-close', { unit: unit(change.unit) })
      case 'unit-merge':
        return t('drafts.words.unit-merge', { units: change.units.map(unit).join(', '), to: unit(change.into) })
      case 'unit-split':
        return t('drafts.words.unit-split', {
          unit: unit(change.unit),
          parts: change.parts
            .map(part => t('drafts.words.part', { titles: who(part), to: unit(part.into) }))
            .join('; '),
        })
      case 'title-change':
        return change.unit === null
          ? t('drafts.words.title-change', { title: change.title, to: change.to })
          : t('drafts.words.title-change-in', { title: change.title, unit: unit(change.unit), to: change.to })
      case 'affiliations-move':
        return t('drafts.words.affiliations-move', { count: change.affiliations.length, to: unit(change.into) })
      case 'system-close':
        return t('drafts.words.system-close', { system: names.systems[change.system] ?? change.system })
      case 'entitlement-retire':
        return t('drafts.words.entitlement-retire', {
          entitlement: names.entitlements[change.entitlement] ?? change.entitlement,
        })
      case 'unit-map':
        return t('drafts.words.unit-map', { count: change.rows.length })
    }
  }
}

function nameOf(record: Record<string, unknown>): string {
  return String(record.name ?? record.key ?? '')
}
