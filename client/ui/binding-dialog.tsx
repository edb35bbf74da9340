import { Button, Checkbox, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { getActivity, listActivities } from '#contract/activities.ts'
import { operation } from '#contract/register-lists.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { type BindingBody, type BindingDraft, bodyOf, type DraftError, emptyDraft, SCOPES } from './binding-terms.ts'
import { ErrorSummary } from './error-summary.tsx'
import { useTermWords } from './term-words.ts'

const FIELD: Record<DraftError, string> = {
  activity: 'binding-activity',
  purpose: 'binding-purpose',
  necessity: 'binding-words',
  months: 'binding-months',
}

/** What something may be held for: a purpose of an activity, which part of it, under which limits, and why. */
export function BindingDialog(props: {
  title: string
  /** What it is about. */
  what: string
  verb: string
  start?: BindingDraft
  /** The activity stays as it is: a proposal is for one. */
  fixed?: boolean
  busy: boolean
  /** What the server said against it. */
  problem: string | null
  onSubmit: (body: BindingBody) => void
  onClose: () => void
}) {
  const { t } = useTexts()
  const [draft, setDraft] = useState(props.start ?? emptyDraft)
  const [errors, setErrors] = useState<DraftError[]>([])
  const put = (next: Partial<BindingDraft>) => setDraft({ ...draft, ...next })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { body, errors: found } = bodyOf(draft)
    setErrors(found)
    if (found.length === 0) props.onSubmit(body)
  }
  return (
    <Modal opened onClose={props.onClose} title={props.title} size="xl">
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <p>
            <strong>{props.what}</strong>
          </p>
          <ErrorSummary
            errors={[
              ...errors.map(code => ({ field: FIELD[code], text: t(`bindingForm.error.${code}`) })),
              ...(errors.length === 0 && props.problem ? [{ text: props.problem }] : []),
            ]}
          />
          <ActivityFields draft={draft} put={put} fixed={props.fixed === true} />
          <Textarea
            id={FIELD.necessity}
            {...(props.fixed ? { 'data-autofocus': true } : {})}
            label={t('bindings.necessity')}
            description={t('bindings.necessityHelp')}
            value={draft.necessity}
            onChange={event => put({ necessity: event.currentTarget.value })}
            autosize
            minRows={2}
            maxLength={1000}
          />
          <Checkbox.Group
            label={t('bindingForm.operations')}
            description={t('bindingForm.operationsHelp')}
            value={draft.operations}
            onChange={operations => put({ operations })}
          >
            <Group gap={16} mt={8}>
              {operation.options.map(value => (
                <Checkbox key={value} value={value} label={t(`bindingForm.operation.${value}`)} />
              ))}
            </Group>
          </Checkbox.Group>
          <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
            <legend>{t('bindingForm.scope')}</legend>
            <p className="dim">{t('bindingForm.scopeHelp')}</p>
            <Group gap={16} align="flex-end">
              {SCOPES.map(type => (
                <TextInput
                  key={type}
                  label={t(`bindingForm.scopes.${type}`)}
                  value={draft.scope[type]}
                  onChange={event => put({ scope: { ...draft.scope, [type]: event.currentTarget.value } })}
                />
              ))}
            </Group>
          </fieldset>
          <Group gap={16} align="flex-start">
            <TextInput
              type="date"
              label={t('bindingForm.until')}
              description={t('bindingForm.untilHelp')}
              value={draft.until}
              onChange={event => put({ until: event.currentTarget.value })}
            />
            <TextInput
              id={FIELD.months}
              inputMode="numeric"
              label={t('bindingForm.months')}
              description={t('bindingForm.monthsHelp')}
              value={draft.reviewMonths}
              onChange={event => put({ reviewMonths: event.currentTarget.value.replace(/\D/g, '') })}
            />
          </Group>
          <Group gap={8}>
            <Button type="submit" loading={props.busy}>
              {props.verb}
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

/** Which activity and purpose, and which of its people and data: none ticked is all of them. */
function ActivityFields(props: { draft: BindingDraft; put: (next: Partial<BindingDraft>) => void; fixed: boolean }) {
  const { t } = useTexts()
  const word = useTermWords()
  const { draft, put } = props
  const list = useCall(
    listActivities,
    { query: { standing: 'in-force', kind: 'controller', limit: 200 } },
    { enabled: !props.fixed },
  )
  const found = useCall(
    getActivity,
    { params: { activityId: draft.activityId } },
    { enabled: draft.activityId !== '', keep: true },
  )
  const content = found.data?.id === draft.activityId ? found.data.shown?.content : undefined
  const controller = content?.kind === 'controller' ? content : undefined
  const purposes = controller?.purposes ?? []
  const codes = (kind: 'subject' | 'data') => [...new Set((controller?.rows ?? []).map(row => row[kind]))]
  const choice = (kind: 'subject' | 'data', field: 'subjects' | 'data') =>
    codes(kind).length > 1 && (
      <Checkbox.Group
        label={t(`bindingForm.${field}`)}
        description={t('bindingForm.allOfThem')}
        value={draft[field]}
        onChange={chosen => put({ [field]: chosen })}
      >
        <Group gap={16} mt={8}>
          {codes(kind).map(code => (
            <Checkbox key={code} value={code} label={word(kind, code)} />
          ))}
        </Group>
      </Checkbox.Group>
    )
  return (
    <>
      {props.fixed ? (
        <p>{content?.name}</p>
      ) : (
        <NativeSelect
          id={FIELD.activity}
          data-autofocus
          label={t('bindingForm.activity')}
          value={draft.activityId}
          data={[
            { value: '', label: t('bindingForm.choose') },
            // What it is for now stands there, too, although it is no longer in force.
            ...(draft.activityId && list.data && !list.data.rows.some(row => row.id === draft.activityId)
              ? [{ value: draft.activityId, label: content?.name ?? draft.activityId }]
              : []),
            ...(list.data?.rows ?? []).map(row => ({ value: row.id, label: `${row.ref} ${row.name}` })),
          ]}
          onChange={event => put({ activityId: event.currentTarget.value, purposeKey: '', subjects: [], data: [] })}
        />
      )}
      {purposes.length > 0 && (
        <NativeSelect
          id={FIELD.purpose}
          label={t('bindingForm.purpose')}
          value={draft.purposeKey}
          data={[
            { value: '', label: t('bindingForm.choose') },
            ...purposes.map(one => ({ value: one.key, label: one.name })),
          ]}
          onChange={event => put({ purposeKey: event.currentTarget.value })}
        />
      )}
      {choice('subject', 'subjects')}
      {choice('data', 'data')}
    </>
  )
}
