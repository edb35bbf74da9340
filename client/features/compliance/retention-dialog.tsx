import { NativeSelect, NumberInput } from '@mantine/core'
import { useState } from 'react'
import type { changeRetention, getRetention } from '#contract/compliance.ts'
import type { BodyInput, ResponseOf } from '#contract/endpoint.ts'
import { useTexts } from '../../texts/i18n.ts'
import { periodText } from '../../ui/period-text.ts'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'

type Row = ResponseOf<typeof getRetention>['rows'][number]

/** Another period, rhythm or limit of one row, with why. */
export function RetentionDialog(props: {
  row: Row
  busy: boolean
  error: string | null
  onSave: (body: BodyInput<typeof changeRetention>) => void
  onClose: () => void
}) {
  const { t } = useTexts()
  const { row } = props
  const [amount, setAmount] = useState(row.amount)
  const [unit, setUnit] = useState(row.unit)
  const [mode, setMode] = useState(row.mode)
  const [most, setMost] = useState(row.most)
  return (
    <ReasonDialog
      title={t('compliance.changeTitle', { row: t(`compliance.row.${row.key}`) })}
      verb={t('compliance.save')}
      busy={props.busy}
      error={props.error}
      onClose={props.onClose}
      onConfirm={reason => props.onSave({ amount, unit, mode, most, reason })}
    >
      <p className="dim">{t('compliance.shipped', { period: periodText(t, row.shipped) })}</p>
      <NumberInput
        label={t('compliance.amount')}
        min={1}
        max={600}
        allowDecimal={false}
        clampBehavior="strict"
        value={amount}
        onChange={value => setAmount(Number(value) || 1)}
      />
      <NativeSelect
        label={t('compliance.unit')}
        data={(['days', 'months'] as const).map(value => ({ value, label: t(`compliance.units.${value}`) }))}
        value={unit}
        onChange={event => setUnit(event.currentTarget.value === 'days' ? 'days' : 'months')}
      />
      {!row.outside && (
        <>
          <NativeSelect
            label={t('compliance.modeLabel')}
            data={(['automatic', 'by-hand'] as const).map(value => ({ value, label: t(`compliance.mode.${value}`) }))}
            value={mode}
            onChange={event => setMode(event.currentTarget.value === 'automatic' ? 'automatic' : 'by-hand')}
          />
          <NumberInput
            label={t('compliance.most')}
            min={1}
            max={1_000_000}
            allowDecimal={false}
            clampBehavior="strict"
            value={most}
            onChange={value => setMost(Number(value) || 1)}
          />
        </>
      )}
    </ReasonDialog>
  )
}
