import { Button, Checkbox, Group, Radio, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { IconServer2, IconX } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { searchAll } from '#contract/home.ts'
import { makePackage, type PackageScope } from '#contract/packages.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { Finder, useFinding } from '../../ui/finder.tsx'
import { WhoPicker } from '../../ui/who-picker.tsx'

type Named = { id: string; name: string }
type Props = {
  scope: PackageScope
  today: string
  unit: Named | null
  systems: readonly Named[]
  onChange: (next: Partial<{ scope: Partial<PackageScope>; unit: Named | null; systems: readonly Named[] }>) => void
}

/** Area, systems, day: what is asked for, and by whom. */
export function PackageForm(props: Props) {
  const { t } = useTexts()
  const { scope, today, unit, systems, onChange } = props
  const [errors, setErrors] = useState<{ field: string; text: string }[]>([])
  const make = useCommand(makePackage, () => announce(t('packages.asked')))
  const set = (next: Partial<PackageScope>) => onChange({ scope: next })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim()
    const found = [
      ...(scope.day > today ? [{ field: 'package-day', text: t('packages.dayWrong') }] : []),
      ...(scope.leaversFrom > scope.day ? [{ field: 'package-from', text: t('packages.fromWrong') }] : []),
      ...(reason.length < 5 ? [{ field: 'package-reason', text: t('packages.reasonShort') }] : []),
    ]
    setErrors(found)
    if (found.length === 0) make.mutate({ body: { ...scope, reason } })
  }
  const problem = make.error ? [{ text: t(`problem.${problemOf(make.error).code}`) }] : []
  const wrong = (field: string) => errors.find(one => one.field === field)?.text
  return (
    <Card title={t('packages.formTitle')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <ErrorSummary errors={errors.length > 0 ? errors : problem} />
          {unit ? (
            <Chosen
              label={t('packages.unit')}
              name={unit.name}
              clear={t('packages.unitClear')}
              onClear={() => onChange({ unit: null })}
            />
          ) : (
            <WhoPicker
              units
              noPeople
              label={t('packages.unit')}
              hint={t('packages.unitHint')}
              onPick={({ id, name }) => onChange({ unit: { id, name } })}
            />
          )}
          <SystemPicker chosen={systems} onChange={next => onChange({ systems: next })} />
          <Group gap={16} align="flex-start">
            <TextInput
              id="package-day"
              type="date"
              label={t('packages.day')}
              max={today}
              value={scope.day}
              error={wrong('package-day')}
              onChange={event => event.currentTarget.value && set({ day: event.currentTarget.value })}
            />
            <TextInput
              id="package-from"
              type="date"
              label={t('packages.leaversFrom')}
              max={scope.day}
              value={scope.leaversFrom}
              error={wrong('package-from')}
              onChange={event => event.currentTarget.value && set({ leaversFrom: event.currentTarget.value })}
            />
            <Select
              label={t('packages.language')}
              allowDeselect={false}
              value={scope.language}
              onChange={language => language && set({ language: language as 'da' })}
              data={[
                { value: 'da', label: 'Dansk' },
                { value: 'en', label: 'English' },
              ]}
            />
          </Group>
          <Radio.Group
            label={t('packages.known')}
            value={scope.known}
            onChange={known => set({ known: known as 'then' })}
          >
            <Stack gap={8} mt={4}>
              <Radio value="then" label={t('packages.knownThen')} description={t('packages.knownThenHelp')} />
              <Radio value="now" label={t('packages.knownNow')} />
            </Stack>
          </Radio.Group>
          <Checkbox
            label={t('packages.names')}
            description={t('packages.namesHelp')}
            checked={scope.names}
            onChange={event => set({ names: event.currentTarget.checked })}
          />
          <Textarea
            id="package-reason"
            name="reason"
            label={t('packages.reason')}
            description={t('packages.reasonHelp')}
            rows={2}
            maxLength={500}
            error={wrong('package-reason')}
          />
          <Group>
            <Button type="submit" loading={make.isPending}>
              {t('packages.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}

function Chosen(props: { label: string; name: string; clear: string; onClear: () => void }) {
  return (
    <div>
      <p className="meta">{props.label}</p>
      <Group gap={8}>
        <strong>{props.name}</strong>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconX size={14} aria-hidden />}
          onClick={props.onClear}
        >
          {props.clear}
        </Button>
      </Group>
    </div>
  )
}

function SystemPicker(props: { chosen: readonly Named[]; onChange: (next: readonly Named[]) => void }) {
  const { t } = useTexts()
  const { chosen, onChange } = props
  const finding = useFinding()
  const query = useCall(
    searchAll,
    { body: { text: finding.asked, only: 'systems' } },
    { enabled: finding.on, keep: true },
  )
  const hits = (finding.on ? query.data?.systems : undefined)
    ?.filter(one => !chosen.some(other => other.id === one.id))
    .map(({ id, name }) => ({ key: id, id, name, sign: <IconServer2 size={16} aria-hidden />, body: name }))
  return (
    <div>
      <Finder
        finding={finding}
        label={t('packages.system')}
        hint={t('packages.systemHint')}
        hits={hits}
        none={t('desk.nobodyFound')}
        onPick={({ id, name }) => onChange([...chosen, { id, name }])}
      />
      <Group gap={8} mt={chosen.length > 0 ? 8 : 0}>
        {chosen.map(one => (
          <Button
            key={one.id}
            size="compact-sm"
            variant="default"
            rightSection={<IconX size={14} aria-hidden />}
            aria-label={t('packages.systemClear', { name: one.name })}
            onClick={() => onChange(chosen.filter(other => other.id !== one.id))}
          >
            {one.name}
          </Button>
        ))}
      </Group>
    </div>
  )
}
