import { Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { createEntitlement } from '#contract/entitlements.ts'
import { entitlementKind, sensitivity } from '#contract/shapes.ts'
import { listSystems } from '#contract/systems.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { RightButtons, RightFields, RightReason } from './right-fields.tsx'
import { useEntitlementErrors } from './use-errors.ts'

type System = { id: string; key: string; name: string }

/** A right that no source knows of. Without a system one is chosen first. */
export function NewEntitlement(props: {
  system: System | null
  /** What to start with, such as the name of a group. */
  name?: string
  onDone: (made: { id: string; key: string; name: string; system: System }) => void
  onClose: () => void
}) {
  const { t } = useTexts()
  const [system, setSystem] = useState<System | null>(props.system)
  const [values, setValues] = useState({
    key: '',
    name: props.name ?? '',
    description: '',
    kind: entitlementKind.options[0] as (typeof entitlementKind.options)[number],
    sensitivity: sensitivity.options[0] as (typeof sensitivity.options)[number],
    privileged: false,
    reason: '',
  })
  const create = useCommand(createEntitlement)
  const { errors, setShort } = useEntitlementErrors(create.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const short = values.reason.trim().length < 5
    setShort(short)
    if (short || !system) return
    create.mutate(
      {
        params: { systemId: system.id },
        body: { ...values, reason: values.reason.trim(), description: values.description || null },
      },
      {
        onSuccess(made) {
          announce(t('entitlement.created'))
          props.onDone({ ...made, name: values.name, system })
        },
      },
    )
  }
  return (
    <Modal
      opened
      onClose={props.onClose}
      size="lg"
      title={system ? t('entitlement.newTitle', { system: system.name }) : t('groupDesk.newRight')}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <ErrorSummary errors={errors} />
          {!props.system && <SystemPicker system={system} onPick={setSystem} />}
          {system && (
            <>
              <RightFields
                form="new"
                values={values}
                onChange={next => setValues({ ...values, ...next })}
                afterName={
                  <TextInput
                    id="new-key"
                    label={t('entitlement.key')}
                    description={t('entitlement.keyHint', { system: system.key })}
                    value={values.key}
                    maxLength={200}
                    autoComplete="off"
                    spellCheck={false}
                    onChange={event => setValues({ ...values, key: event.currentTarget.value })}
                  />
                }
              />
              <RightReason form="new" value={values.reason} onChange={reason => setValues({ ...values, reason })} />
            </>
          )}
          <RightButtons
            verb={t('entitlement.create')}
            busy={create.isPending}
            disabled={!system}
            onClose={props.onClose}
          />
        </Stack>
      </form>
    </Modal>
  )
}

function SystemPicker(props: { system: System | null; onPick: (system: System | null) => void }) {
  const { t } = useTexts()
  const [text, setText] = useState('')
  const query = useCall(listSystems, { query: { text, limit: 20 } }, { enabled: text.trim().length > 1, keep: true })
  const rows = text.trim().length > 1 ? (query.data?.rows ?? []) : []
  return (
    <>
      <TextInput
        type="search"
        label={t('systems.search')}
        value={text}
        maxLength={100}
        autoComplete="off"
        data-autofocus
        onChange={event => setText(event.currentTarget.value)}
      />
      {rows.length > 0 && (
        <NativeSelect
          label={t('entitlement.columns.system')}
          value={props.system?.id ?? ''}
          onChange={event => props.onPick(rows.find(row => row.id === event.currentTarget.value) ?? null)}
          data={[{ value: '', label: '' }, ...rows.map(row => ({ value: row.id, label: row.name }))]}
        />
      )}
    </>
  )
}
