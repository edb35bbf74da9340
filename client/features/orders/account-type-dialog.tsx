import { Button, Checkbox, Fieldset, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { accountTypeValues, keptAttribute, previewAccountType, saveAccountType } from '#contract/account-types.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import type { AccountType, Delivery } from './rung-card.tsx'
import { type UnitRule, UnitRules } from './unit-rules.tsx'

type NamePart = NonNullable<AccountType['userName']>['parts'][number]
const list = (text: string) =>
  text
    .split(',')
    .map(one => one.trim())
    .filter(Boolean)

/** One kind of accounts, new or changed. */
export function AccountTypeDialog(props: { delivery: Delivery; type: AccountType | null; onClose: () => void }) {
  const { t } = useTexts()
  const { delivery, type } = props
  const [wrong, setWrong] = useState<string | null>(null)
  const [units, setUnits] = useState<UnitRule[]>(() =>
    (type?.rules ?? []).flatMap(rule =>
      rule.unitId === null
        ? []
        : [
            {
              ...rule,
              unitId: rule.unitId,
              name: delivery.units.find(one => one.id === rule.unitId)?.name ?? rule.unitId,
            },
          ],
    ),
  )
  /** What was looked at: changed afterwards, it is looked at again. */
  const [asked, setAsked] = useState<string | null>(null)
  const preview = useCommand(previewAccountType)
  const steered = delivery.rung !== 'observe'
  const save = useCommand(saveAccountType, () => {
    announce(t('delivery.saved'))
    props.onClose()
  })
  const main = type?.rules.find(rule => rule.unitId === null)
  const named = type?.userName?.parts.find(part => part.part === 'name' || part.part === 'employee-number')
  const prefix = type?.userName?.parts.find(part => part.part === 'text')
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const shape = text('userName')
    const middle: NamePart =
      shape === 'employee' ? { part: 'employee-number' } : { part: 'name', form: shape as 'short' }
    const values = accountTypeValues.safeParse({
      key: text('key'),
      name: text('name'),
      per: text('per'),
      source: text('source') || null,
      leadDays: Number(text('leadDays')),
      dependsOn: text('dependsOn') || null,
      disableAfter: Number(text('disableAfter')),
      deleteAfter: text('deleteAfter') === '' ? null : Number(text('deleteAfter')),
      rules: [
        { unitId: null, who: text('who'), positions: list(text('positions')) },
        ...units.map(({ unitId, who, positions }) => ({ unitId, who, positions: who === 'position' ? positions : [] })),
      ],
      keeps: form.getAll('keeps').map(String),
      userName:
        shape === ''
          ? null
          : {
              parts: [...(text('prefix') ? [{ part: 'text', text: text('prefix') }] : []), middle],
              reserved: list(text('reserved')),
              restYears: Number(text('restYears')),
            },
    })
    if (!values.success)
      return setWrong(values.error.issues.map(issue => `${issue.path.join('/')}: ${issue.message}`).join('. '))
    setWrong(null)
    const params = { systemId: delivery.system.id }
    const body = { id: type?.id ?? null, version: type?.version ?? null, values: values.data }
    const looked = JSON.stringify(values.data)
    // Where the system is steered, what it would order is seen first.
    if (steered && !(preview.data && asked === looked)) {
      setAsked(looked)
      preview.mutate({ params, body })
    } else save.mutate({ params, body: { ...body, ...(preview.data ? { hash: preview.data.hash } : {}) } })
  }
  const failed = save.error ?? preview.error
  const problem = failed ? problemOf(failed) : null
  const said =
    wrong ?? (problem && [t(`problem.${problem.code}`), ...problem.errors.map(one => one.message)].join('. '))
  const options = (pairs: [string, string][]) => pairs.map(([value, label]) => ({ value, label }))
  return (
    <Modal opened onClose={props.onClose} title={t(type ? 'delivery.editType' : 'delivery.newType')} size="lg">
      <form onSubmit={submit} noValidate>
        <Stack gap={12}>
          <TextInput name="name" label={t('delivery.name')} defaultValue={type?.name ?? ''} required data-autofocus />
          <TextInput name="key" label={t('delivery.key')} defaultValue={type?.key ?? ''} required />
          <NativeSelect
            name="per"
            label={t('delivery.per')}
            defaultValue={type?.per ?? 'person'}
            data={options([
              ['person', t('delivery.perOf.person')],
              ['affiliation', t('delivery.perOf.affiliation')],
            ])}
          />
          <NativeSelect
            name="source"
            label={t('delivery.source')}
            defaultValue={type?.source ?? ''}
            data={options([
              ['', t('delivery.sourceNone')],
              ...delivery.sources.map(one => [one.key, one.name] as [string, string]),
            ])}
          />
          <TextInput name="leadDays" type="number" label={t('delivery.leadDays')} defaultValue={type?.leadDays ?? 5} />
          <NativeSelect
            name="dependsOn"
            label={t('delivery.dependsOn')}
            defaultValue={type?.dependsOn ?? ''}
            data={options([
              ['', t('delivery.dependsNone')],
              ...delivery.others.filter(one => one.id !== type?.id).map(one => [one.id, one.name] as [string, string]),
            ])}
          />
          <TextInput
            name="disableAfter"
            type="number"
            label={t('delivery.disableAfter')}
            defaultValue={type?.disableAfter ?? 0}
          />
          <TextInput
            name="deleteAfter"
            type="number"
            label={t('delivery.deleteAfter')}
            defaultValue={type ? (type.deleteAfter ?? '') : 90}
          />
          <NativeSelect
            name="who"
            label={t('delivery.who')}
            defaultValue={main?.who ?? 'nobody'}
            data={(['nobody', 'everyone', 'not-hourly', 'position'] as const).map(value => ({
              value,
              label: t(`delivery.whoOf.${value}`),
            }))}
          />
          <TextInput name="positions" label={t('delivery.positions')} defaultValue={main?.positions.join(', ') ?? ''} />
          <UnitRules rows={units} onChange={setUnits} />
          <NativeSelect
            name="userName"
            label={t('delivery.userName')}
            defaultValue={named?.part === 'name' ? named.form : named ? 'employee' : ''}
            data={options([
              ['', t('delivery.userNameNone')],
              ...(['short', 'long', 'initials', 'employee'] as const).map(
                value => [value, t(`delivery.userNameForm.${value}`)] as [string, string],
              ),
            ])}
          />
          <TextInput
            name="prefix"
            label={t('delivery.prefix')}
            defaultValue={prefix?.part === 'text' ? prefix.text : ''}
          />
          <TextInput
            name="reserved"
            label={t('delivery.reserved')}
            defaultValue={type?.userName?.reserved.join(', ') ?? ''}
          />
          <TextInput
            name="restYears"
            type="number"
            label={t('delivery.restYears')}
            defaultValue={type?.userName?.restYears ?? 10}
          />
          <Fieldset legend={t('delivery.keeps')}>
            <p style={{ margin: '0 0 8px' }}>{t('delivery.keepsHelp')}</p>
            <Group gap={14}>
              {keptAttribute.options.map(one => (
                <Checkbox
                  key={one}
                  name="keeps"
                  value={one}
                  label={t(`delivery.kept.${one}`)}
                  defaultChecked={type?.keeps.includes(one) ?? false}
                />
              ))}
            </Group>
          </Fieldset>
          {preview.data && (
            <section role="status">
              <h3 className="section">{t('delivery.typeWould')}</h3>
              {preview.data.made.length + preview.data.later + preview.data.cancelled === 0 ? (
                <p>{t('delivery.nothing')}</p>
              ) : (
                <ul style={{ margin: 0 }}>
                  {preview.data.made.map(one => (
                    <li key={one.action}>
                      {t(`orders.action.${one.action}`)}: {one.count}
                    </li>
                  ))}
                  {preview.data.later > 0 && <li>{t('delivery.later', { count: preview.data.later })}</li>}
                  {preview.data.cancelled > 0 && <li>{t('delivery.cancelled', { count: preview.data.cancelled })}</li>}
                  {preview.data.held > 0 && <li>{t('delivery.typeHeld', { count: preview.data.held })}</li>}
                </ul>
              )}
            </section>
          )}
          {said && (
            <p role="alert" style={{ color: 'var(--mantine-color-error)' }}>
              {said}
            </p>
          )}
          <Group gap={8}>
            <Button type="submit" loading={save.isPending || preview.isPending}>
              {t(steered && !preview.data ? 'delivery.typeSee' : 'delivery.save')}
            </Button>
            <Button variant="default" onClick={props.onClose}>
              {t('do.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
