import { Button, Checkbox, Modal, NativeSelect, NumberInput, Stack, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import {
  CONSTRAINT_KINDS,
  changeEntitlement,
  entitlementApproval,
  type getEntitlement,
  licenceCounts,
} from '#contract/entitlements.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { RightPicker } from '../../ui/right-picker.tsx'
import { WhoPicker } from '../../ui/who-picker.tsx'
import { RightButtons, RightFields, RightReason } from './right-fields.tsx'
import { useConstraintName } from './use-constraint-name.ts'
import { useEntitlementErrors } from './use-errors.ts'

export type Entitlement = ResponseOf<typeof getEntitlement>

/** What an entitlement is, said by a person: what differs from the feed stands before it until it is released. */
export function EntitlementForm(props: { entitlement: Entitlement; onClose: () => void }) {
  const { t } = useTexts()
  const constraintName = useConstraintName()
  const { entitlement } = props
  const [values, setValues] = useState({
    name: entitlement.name,
    description: entitlement.description ?? '',
    technicalNote: entitlement.technicalNote ?? '',
    kind: entitlement.kind,
    sensitivity: entitlement.sensitivity,
    privileged: entitlement.privileged,
    constraints: entitlement.constraints,
    licenceCap: entitlement.licence?.cap ?? null,
    licenceCounts: entitlement.licenceCounts,
    approval: entitlement.approval,
    emergency: entitlement.emergency,
  })
  const [owner, setOwner] = useState(
    entitlement.ownOwner && {
      id: entitlement.ownOwner.id,
      name: entitlement.ownOwner.name ?? t('people.protectedPerson'),
    },
  )
  const [includes, setIncludes] = useState(
    entitlement.includes.map(one => ({ id: one.id, name: `${one.system.name}: ${one.name}` })),
  )
  const [reason, setReason] = useState('')
  const save = useCommand(changeEntitlement, () => {
    announce(t('entitlement.saved'))
    props.onClose()
  })
  const { errors, setShort } = useEntitlementErrors(save.error)
  const set = <K extends keyof typeof values>(name: K, value: (typeof values)[K]) =>
    setValues({ ...values, [name]: value })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const short = reason.trim().length < 5
    setShort(short)
    if (short) return
    save.mutate({
      params: { entitlementId: entitlement.id },
      body: {
        stamp: entitlement.stamp,
        reason: reason.trim(),
        values: {
          ...values,
          description: values.description.trim() || null,
          technicalNote: values.technicalNote.trim() || null,
          ownerPersonId: owner?.id ?? null,
          includes: includes.map(one => one.id),
        },
      },
    })
  }
  return (
    <Modal opened onClose={props.onClose} size="lg" title={t('entitlement.editTitle', { name: entitlement.name })}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <ErrorSummary errors={errors} />
          <RightFields
            form="edit"
            values={values}
            onChange={next => setValues({ ...values, ...next })}
            afterDescription={
              <Textarea
                label={t('entitlement.technicalNote')}
                value={values.technicalNote}
                maxLength={4000}
                rows={2}
                onChange={event => set('technicalNote', event.currentTarget.value)}
              />
            }
          />
          <Checkbox.Group
            label={t('entitlement.constraints')}
            description={t('entitlement.constraintsHint')}
            value={values.constraints}
            onChange={next => set('constraints', next)}
          >
            <Stack gap={8} mt={8}>
              {[...new Set([...CONSTRAINT_KINDS, ...entitlement.constraints])].map(on => (
                <Checkbox key={on} size="sm" value={on} label={constraintName(on)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <NumberInput
            label={t('entitlement.licenceCap')}
            description={t('entitlement.licenceCapHint')}
            value={values.licenceCap ?? ''}
            min={0}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            onChange={value => set('licenceCap', typeof value === 'number' ? value : null)}
          />
          {values.licenceCap !== null && (
            <NativeSelect
              label={t('entitlement.licenceCounts')}
              value={values.licenceCounts}
              onChange={event => set('licenceCounts', licenceCounts.parse(event.currentTarget.value))}
              data={licenceCounts.options.map(value => ({ value, label: t(`entitlement.counts.${value}`) }))}
            />
          )}
          <NativeSelect
            label={t('entitlement.approval')}
            description={t('entitlement.approvalHint')}
            value={values.approval ?? ''}
            onChange={event =>
              set(
                'approval',
                event.currentTarget.value === '' ? null : entitlementApproval.parse(event.currentTarget.value),
              )
            }
            data={[
              { value: '', label: t('entitlement.approvals.none') },
              ...entitlementApproval.options.map(value => ({ value, label: t(`entitlement.approvals.${value}`) })),
            ]}
          />
          <Checkbox
            label={t('entitlement.emergency')}
            description={t('entitlement.emergencyHint')}
            checked={values.emergency}
            onChange={event => set('emergency', event.currentTarget.checked)}
          />
          <div>
            <p>
              {t('entitlement.owner')}: <b>{owner?.name ?? t('entitlement.ownerOfSystem')}</b>
            </p>
            {owner && (
              <Button variant="default" size="xs" onClick={() => setOwner(null)}>
                {t('entitlement.ownerRemove')}
              </Button>
            )}
            <WhoPicker label={t('entitlement.ownerFind')} onPick={who => setOwner({ id: who.id, name: who.name })} />
          </div>
          <div>
            <p>{t('entitlement.includes')}</p>
            {includes.length > 0 && (
              <ul style={{ margin: 0, paddingLeft: 18 }}>
                {includes.map(one => (
                  <li key={one.id}>
                    {one.name}{' '}
                    <Button
                      variant="subtle"
                      size="compact-xs"
                      aria-label={t('do.remove', { name: one.name })}
                      onClick={() => setIncludes(includes.filter(other => other.id !== one.id))}
                    >
                      {t('mapping.remove')}
                    </Button>
                  </li>
                ))}
              </ul>
            )}
            <RightPicker
              label={t('entitlement.search')}
              hint={t('entitlement.includesHint')}
              except={entitlement.id}
              onPick={right =>
                setIncludes([
                  ...includes.filter(one => one.id !== right.id),
                  { id: right.id, name: `${right.system.name}: ${right.name}` },
                ])
              }
            />
          </div>
          <RightReason form="edit" value={reason} onChange={setReason} />
          <RightButtons verb={t('entitlement.save')} busy={save.isPending} onClose={props.onClose} />
        </Stack>
      </form>
    </Modal>
  )
}
