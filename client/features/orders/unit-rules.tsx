import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useTexts } from '../../texts/i18n.ts'
import { WhoPicker } from '../../ui/who-picker.tsx'
import type { AccountType } from './rung-card.tsx'

export type UnitRule = AccountType['rules'][number] & { unitId: string; name: string }
const WHO = ['nobody', 'everyone', 'not-hourly', 'position'] as const

/** What units say otherwise, one row each; the nearest unit decides. */
export function UnitRules(props: { rows: UnitRule[]; onChange: (rows: UnitRule[]) => void }) {
  const { t } = useTexts()
  const { rows, onChange } = props
  const put = (at: number, next: Partial<UnitRule>) =>
    onChange(rows.map((row, place) => (place === at ? { ...row, ...next } : row)))
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <legend style={{ fontWeight: 500, padding: 0 }}>{t('delivery.unitRules')}</legend>
      <p className="meta">{t('delivery.unitRulesHint')}</p>
      {rows.length > 0 && (
        <ul style={{ listStyle: 'none', padding: 0, margin: '8px 0' }}>
          {rows.map((row, at) => (
            <li
              key={row.unitId}
              style={{ display: 'flex', flexWrap: 'wrap', gap: 8, alignItems: 'end', marginBottom: 8 }}
            >
              <NativeSelect
                label={row.name}
                value={row.who}
                data={WHO.map(value => ({ value, label: t(`delivery.whoOf.${value}`) }))}
                onChange={event => put(at, { who: event.currentTarget.value as UnitRule['who'] })}
              />
              {row.who === 'position' && (
                <TextInput
                  label={t('delivery.positionsIn', { unit: row.name })}
                  defaultValue={row.positions.join(', ')}
                  onChange={event =>
                    put(at, {
                      positions: event.currentTarget.value
                        .split(',')
                        .map(one => one.trim())
                        .filter(Boolean),
                    })
                  }
                />
              )}
              <Button
                variant="default"
                aria-label={t('delivery.dropUnitOf', { unit: row.name })}
                onClick={() => onChange(rows.filter(one => one.unitId !== row.unitId))}
              >
                {t('delivery.remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <WhoPicker
        label={t('delivery.addUnit')}
        units
        noPeople
        onPick={unit => {
          if (rows.some(one => one.unitId === unit.id)) return
          onChange([...rows, { unitId: unit.id, name: unit.name, who: 'nobody', positions: [] }])
        }}
      />
    </fieldset>
  )
}
