import { Stack } from '@mantine/core'
import type { daEntitlements } from '../../texts/da-entitlements.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import type { Entitlement } from './entitlement-form.tsx'
import { useConstraintName } from './use-constraint-name.ts'

type Change = Entitlement['since'][number]
type Field = keyof typeof daEntitlements.entitlement.fields

/** A value of a field in words. */
export function useFieldText(): (field: string, value: Change['before']) => string {
  const { t, number } = useTexts()
  const constraintName = useConstraintName()
  return (field, value) => {
    if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return t('entitlement.blank')
    if (Array.isArray(value)) return (field === 'constraints' ? value.map(constraintName) : value).join(', ')
    if (typeof value === 'boolean') return t(value ? 'entitlement.yes' : 'entitlement.no')
    if (typeof value === 'number') return number(value)
    if (field === 'kind') return t(`enum.entitlementKind.${value as 'role'}`, { defaultValue: value })
    if (field === 'sensitivity') return t(`enum.sensitivity.${value as 'none'}`, { defaultValue: value })
    if (field === 'licenceCounts') return t(`entitlement.counts.${value as 'people-held'}`, { defaultValue: value })
    if (field === 'approval') return t(`entitlement.approvals.${value as 'unit'}`, { defaultValue: value })
    if (field === 'status') return t(`entitlement.status.${value as 'active'}`, { defaultValue: value })
    return value
  }
}

/** What was said of it, when, by whom and why; each version beside the one before. */
export function Versions(props: { entitlement: Entitlement }) {
  const { t, instant } = useTexts()
  const { versions, since } = props.entitlement
  return (
    <Card title={t('entitlement.versions')}>
      <Stack gap={12}>
        {versions.length === 0 && <p className="dim">{t('entitlement.noVersions')}</p>}
        {since.length > 0 && (
          <section>
            <h3>{t('entitlement.sinceThen')}</h3>
            <Changes changes={since} />
          </section>
        )}
        {versions.map(version => (
          <section key={version.version}>
            <h3>
              {t('entitlement.versionLine', { version: String(version.version), when: instant(version.at) })}{' '}
              {version.by && t('entitlement.by', { who: version.by })}
            </h3>
            {version.reason && <p>{version.reason}</p>}
            {version.by === null && version.changes.length === 0 && <p className="meta">{t('entitlement.first')}</p>}
            <Changes changes={version.changes} />
          </section>
        ))}
      </Stack>
    </Card>
  )
}

function Changes(props: { changes: readonly Change[] }) {
  const { t } = useTexts()
  const text = useFieldText()
  if (props.changes.length === 0) return null
  return (
    <ul style={{ margin: 0, paddingLeft: 18, overflowWrap: 'anywhere' }}>
      {props.changes.map(change => (
        <li key={change.field}>
          <span className="dim">
            {t(`entitlement.fields.${change.field as Field}`, { defaultValue: change.field })}:
          </span>{' '}
          <del>{text(change.field, change.before)}</del> <ins>{text(change.field, change.after)}</ins>
        </li>
      ))}
    </ul>
  )
}
