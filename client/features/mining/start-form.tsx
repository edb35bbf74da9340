import { Button, Checkbox, Group, Modal, NativeSelect, NumberInput, Radio, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { listMiningScopes, type MiningScope, miningAim, startMining } from '#contract/mining.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { useProblemText } from '../../ui/problem-text.ts'
import { Answer } from '../../ui/states.tsx'

type Aim = (typeof miningAim.options)[number]
type Kind = MiningScope['kind']

/** Whose rights, and what matters most. An owner of systems chooses among the own ones. */
export function StartForm(props: { onStarted: (runId: string) => void; onClose: () => void }) {
  const { t, number } = useTexts()
  const problemText = useProblemText()
  const scopes = useCall(listMiningScopes)
  const [kind, setKind] = useState<Kind | null>(null)
  const [aim, setAim] = useState<Aim>('few')
  const [missing, setMissing] = useState(0)
  const start = useCommand(startMining, answer => {
    announce(t('mining.begun'))
    props.onStarted(answer.id)
  })
  const submit = (shown: Kind) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const chosen = String(form.get('which') ?? '')
    if (shown !== 'all' && chosen === '') return setMissing(missing + 1)
    setMissing(0)
    const scope: MiningScope =
      shown === 'all' ? { kind: shown } : shown === 'area' ? { kind: shown, area: chosen } : { kind: shown, id: chosen }
    start.mutate({
      body: {
        scope,
        aim,
        options: {
          ...(aim === 'broad'
            ? { share: Number.parseInt(String(form.get('share')), 10) / 100, people: Number(form.get('people')) }
            : {}),
          withoutDecided: form.get('withoutDecided') !== null,
          unexplainedOnly: form.get('unexplainedOnly') !== null,
        },
      },
    })
  }
  const failure = start.error ? problemOf(start.error) : null
  return (
    <Modal opened onClose={props.onClose} title={t('mining.new')} size="lg">
      <Answer query={scopes}>
        {data => {
          const kinds: Kind[] = data.all ? ['all', 'unit', 'area', 'system'] : ['system']
          const shown = kind ?? kinds[0] ?? 'system'
          const options = {
            all: [],
            // Depth by a mark a level: a list of the browser has no other way to show a tree.
            unit: data.units.map(one => ({
              value: one.id,
              label: `${'– '.repeat(one.level)}${one.name} (${number(one.people)})`,
            })),
            area: data.areas.map(one => ({ value: one.area, label: `${one.area} (${number(one.systems)})` })),
            system: data.systems.map(one => ({ value: one.id, label: `${one.name} (${number(one.rights)})` })),
          }[shown]
          return (
            <form onSubmit={submit(shown)} noValidate>
              <Stack gap={16}>
                <ErrorSummary
                  key={missing + (failure ? 1 : 0)}
                  errors={[
                    ...(missing > 0 ? [{ field: 'mining-which', text: t('mining.scope.missing') }] : []),
                    ...(failure ? [{ text: problemText(failure) }] : []),
                  ]}
                />
                <NativeSelect
                  data-autofocus
                  label={t('mining.scope.label')}
                  value={shown}
                  onChange={event => {
                    setKind(event.currentTarget.value as Kind)
                    setMissing(0)
                  }}
                  data={kinds.map(value => ({ value, label: t(`mining.scope.${value}`) }))}
                />
                {shown !== 'all' && (
                  <NativeSelect
                    key={shown}
                    id="mining-which"
                    name="which"
                    label={t(`mining.scope.which.${shown}`)}
                    error={missing > 0 ? t('mining.scope.missing') : null}
                    data={[{ value: '', label: t('mining.scope.choose') }, ...options]}
                  />
                )}
                <Radio.Group label={t('mining.aim.label')} value={aim} onChange={value => setAim(value as Aim)}>
                  <Stack gap={10} mt={8}>
                    {miningAim.options.map(value => (
                      <Radio
                        key={value}
                        value={value}
                        label={t(`mining.aim.${value}`)}
                        description={t(`mining.aim.${value}Help`)}
                      />
                    ))}
                  </Stack>
                </Radio.Group>
                {aim === 'broad' && (
                  <Group gap={16} align="end">
                    <NumberInput
                      name="share"
                      label={t('mining.share')}
                      defaultValue={80}
                      min={50}
                      max={99}
                      clampBehavior="strict"
                    />
                    <NumberInput
                      name="people"
                      label={t('mining.people')}
                      defaultValue={5}
                      min={2}
                      max={100}
                      clampBehavior="strict"
                    />
                  </Group>
                )}
                <Checkbox
                  name="withoutDecided"
                  defaultChecked
                  label={t('mining.withoutDecided')}
                  description={t('mining.withoutDecidedHelp')}
                />
                <Checkbox name="unexplainedOnly" label={t('mining.unexplainedOnly')} />
                <Group gap={8}>
                  <Button type="submit" loading={start.isPending}>
                    {t('mining.start')}
                  </Button>
                  <Button variant="default" onClick={props.onClose}>
                    {t('do.cancel')}
                  </Button>
                </Group>
              </Stack>
            </form>
          )
        }}
      </Answer>
    </Modal>
  )
}
