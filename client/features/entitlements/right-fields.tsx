import { Button, Checkbox, Group, NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import { entitlementKind, sensitivity } from '#contract/shapes.ts'
import { useTexts } from '../../texts/i18n.ts'

export type RightValues = {
  name: string
  description: string
  kind: z.output<typeof entitlementKind>
  sensitivity: z.output<typeof sensitivity>
  privileged: boolean
}

/** What is said of a right when it is made and when it is changed: the same words in the same order. */
export function RightFields(props: {
  values: RightValues
  onChange: (next: Partial<RightValues>) => void
  /** Leads the ids of the fields. */
  form: 'new' | 'edit'
  afterName?: ReactNode
  afterDescription?: ReactNode
}) {
  const { t } = useTexts()
  const { values, onChange, form } = props
  return (
    <>
      <TextInput
        id={`${form}-name`}
        label={t('entitlement.name')}
        value={values.name}
        maxLength={300}
        autoComplete="off"
        {...(form === 'edit' ? { 'data-autofocus': true } : {})}
        onChange={event => onChange({ name: event.currentTarget.value })}
      />
      {props.afterName}
      <Textarea
        id={`${form}-description`}
        label={t('entitlement.description')}
        description={t('entitlement.descriptionHint')}
        value={values.description}
        maxLength={2000}
        rows={3}
        onChange={event => onChange({ description: event.currentTarget.value })}
      />
      {props.afterDescription}
      <NativeSelect
        label={t('entitlement.kind')}
        value={values.kind}
        onChange={event => onChange({ kind: entitlementKind.parse(event.currentTarget.value) })}
        data={entitlementKind.options.map(value => ({ value, label: t(`enum.entitlementKind.${value}`) }))}
      />
      <NativeSelect
        label={t('entitlement.sensitivity')}
        value={values.sensitivity}
        onChange={event => onChange({ sensitivity: sensitivity.parse(event.currentTarget.value) })}
        data={sensitivity.options.map(value => ({ value, label: t(`enum.sensitivity.${value}`) }))}
      />
      <Checkbox
        label={t('entitlement.privileged')}
        checked={values.privileged}
        onChange={event => onChange({ privileged: event.currentTarget.checked })}
      />
    </>
  )
}

/** Why, which stands on record. */
export function RightReason(props: { form: 'new' | 'edit'; value: string; onChange: (reason: string) => void }) {
  const { t } = useTexts()
  return (
    <TextInput
      id={`${props.form}-reason`}
      label={t('entitlement.reason')}
      description={t('entitlement.reasonHint')}
      value={props.value}
      maxLength={500}
      autoComplete="off"
      onChange={event => props.onChange(event.currentTarget.value)}
    />
  )
}

export function RightButtons(props: { verb: string; busy: boolean; disabled?: boolean; onClose: () => void }) {
  const { t } = useTexts()
  return (
    <Group gap={8}>
      <Button type="submit" loading={props.busy} disabled={props.disabled ?? false}>
        {props.verb}
      </Button>
      <Button variant="default" onClick={props.onClose}>
        {t('do.cancel')}
      </Button>
    </Group>
  )
}
