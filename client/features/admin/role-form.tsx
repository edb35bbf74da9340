import { Button, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { z } from 'zod'
import type { localRoleName } from '#contract/local-users.ts'
import { addDays, dayOf } from '../../lib/formats.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { type Who, WhoPicker } from '../../ui/who-picker.tsx'

type Role = z.output<typeof localRoleName>
export type Dated = { role: Role; from?: string; to: string; reason: string; units?: string[] }
type FieldError = { field: string; text: string }
const roles: readonly Role[] = ['auditor', 'dpo', 'hr', 'it', 'admin', 'reporter']
/** As long as the server lets a local role last. */
const LONGEST_DAYS = 731

/** Role, period and reason; other fields of the form stand before them. */
export function RoleForm(props: {
  before?: (errorFor: (field: string) => string | undefined) => ReactNode
  check?: (form: FormData) => FieldError[]
  verb: string
  busy: boolean
  error: string | null
  onSubmit: (dated: Dated, form: FormData) => void
}) {
  const { t } = useTexts()
  const [wrong, setWrong] = useState<FieldError[]>([])
  const [tries, setTries] = useState(0)
  const [reporter, setReporter] = useState(false)
  const [units, setUnits] = useState<readonly Who[]>([])
  const today = dayOf(new Date().toISOString())
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const role = roles.find(one => one === text('role'))
    const from = text('from')
    const last = text('last')
    const first = from || today
    const errors: FieldError[] = [
      ...(props.check?.(form) ?? []),
      ...(role ? [] : [{ field: 'role', text: t('users.roleMissing') }]),
      ...(first < today ? [{ field: 'from', text: t('users.fromWrong') }] : []),
      ...(last === ''
        ? [{ field: 'last', text: t('users.lastDayMissing') }]
        : last < first || last >= addDays(first, LONGEST_DAYS)
          ? [{ field: 'last', text: t('users.lastDayWrong') }]
          : []),
      ...(role === 'reporter' && units.length === 0 ? [{ field: 'units', text: t('users.unitsMissing') }] : []),
      ...(text('reason').length < 5 ? [{ field: 'reason', text: t('users.reasonWrong') }] : []),
    ]
    setWrong(errors)
    setTries(count => count + 1)
    if (errors.length === 0 && role)
      props.onSubmit(
        {
          role,
          ...(from ? { from } : {}),
          to: addDays(last, 1),
          reason: text('reason'),
          ...(role === 'reporter' ? { units: units.map(unit => unit.id) } : {}),
        },
        form,
      )
  }
  const errorFor = (field: string) => wrong.find(error => error.field === field)?.text
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={16}>
        <ErrorSummary
          key={`${tries}${props.error}`}
          errors={wrong.length > 0 ? wrong : props.error ? [{ text: props.error }] : []}
        />
        {props.before?.(errorFor)}
        <NativeSelect
          id="role"
          name="role"
          label={t('users.role')}
          error={errorFor('role')}
          data={[{ value: '', label: '' }, ...roles.map(value => ({ value, label: t(`role.${value}`) }))]}
          onChange={event => setReporter(event.currentTarget.value === 'reporter')}
        />
        {reporter && (
          <div>
            <WhoPicker
              id="units"
              label={t('users.units')}
              hint={t('users.unitsHint')}
              error={errorFor('units')}
              units
              noPeople
              onPick={who => setUnits([...units.filter(unit => unit.id !== who.id), who])}
            />
            {units.map(unit => (
              <Button
                key={unit.id}
                variant="default"
                size="compact-sm"
                mt={8}
                mr={8}
                aria-label={t('users.unitRemove', { name: unit.name })}
                onClick={() => setUnits(units.filter(one => one !== unit))}
              >
                {unit.name} ×
              </Button>
            ))}
          </div>
        )}
        <TextInput
          id="from"
          name="from"
          type="date"
          label={t('users.from')}
          description={t('users.fromHint')}
          error={errorFor('from')}
        />
        <TextInput
          id="last"
          name="last"
          type="date"
          label={t('users.lastDay')}
          description={t('users.lastDayHint')}
          error={errorFor('last')}
        />
        <Textarea
          id="reason"
          name="reason"
          label={t('users.reason')}
          description={t('users.reasonHint')}
          rows={3}
          maxLength={500}
          error={errorFor('reason')}
        />
        <div>
          <Button type="submit" loading={props.busy}>
            {props.verb}
          </Button>
        </div>
      </Stack>
    </form>
  )
}
