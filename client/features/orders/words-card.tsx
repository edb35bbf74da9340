import { Button, Checkbox, Group, NumberInput, Stack, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { saveTaskWords } from '#contract/account-types.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { WhoPicker } from '../../ui/who-picker.tsx'
import type { Delivery } from './rung-card.tsx'

const ACTIONS = [
  'create',
  'enable',
  'grant',
  'revoke',
  'disable',
  'delete',
  'hand-out',
  'take-back',
  'hand-over',
  'close',
] as const

const CARRIED = ['mailbox', 'drive', 'cases'] as const

/** What the tasks of a system say, in the words of who owns it. */
export function WordsCard(props: { delivery: Delivery }) {
  const { t } = useTexts()
  const { delivery } = props
  const [sample, setSample] = useState<number | string>(delivery.sample)
  const [carries, setCarries] = useState(delivery.carries)
  const [deputy, setDeputy] = useState(delivery.deputy)
  const save = useCommand(saveTaskWords, () => announce(t('delivery.saved')))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const words = Object.fromEntries(
      ACTIONS.map(action => [action, String(form.get(action) ?? '').trim()] as const).filter(([, text]) => text !== ''),
    )
    save.mutate({
      params: { systemId: delivery.system.id },
      body: { words, sample: Number(sample) || 0, deputy: deputy?.id ?? null, carries },
    })
  }
  return (
    <Card title={t('delivery.words')}>
      <form onSubmit={submit}>
        <Stack gap={12}>
          <p className="dim">{t('delivery.wordsHelp')}</p>
          {ACTIONS.map(action => (
            <Textarea
              key={action}
              name={action}
              label={t(`orders.action.${action}`)}
              placeholder={t(`tasks.words.${action}`)}
              defaultValue={delivery.words[action] ?? ''}
              readOnly={!delivery.allowed.words}
              autosize
              maxLength={2000}
            />
          ))}
          <Checkbox.Group
            label={t('delivery.carries')}
            description={t('delivery.carriesHint')}
            value={carries}
            onChange={values => setCarries(CARRIED.filter(one => values.includes(one)))}
          >
            <Group gap={16} mt={8}>
              {CARRIED.map(one => (
                <Checkbox
                  key={one}
                  value={one}
                  label={t(`delivery.carried.${one}`)}
                  disabled={!delivery.allowed.words}
                />
              ))}
            </Group>
          </Checkbox.Group>
          <NumberInput
            label={t('delivery.everyNth')}
            description={t('delivery.everyNthHint')}
            value={sample}
            onChange={setSample}
            min={0}
            max={1000}
            readOnly={!delivery.allowed.words}
          />
          <p>
            {t('delivery.responsible')}:{' '}
            {delivery.responsible ? <PersonLink person={delivery.responsible} /> : t('delivery.noResponsible')}
          </p>
          <div>
            {t('delivery.deputy')}: {deputy ? <PersonLink person={deputy} /> : t('delivery.noDeputy')}{' '}
            {deputy && delivery.allowed.words && (
              <Button size="xs" variant="default" onClick={() => setDeputy(null)}>
                {t('delivery.dropDeputy')}
              </Button>
            )}
          </div>
          {delivery.allowed.words && (
            <WhoPicker
              label={t('delivery.nameDeputy')}
              hint={t('delivery.deputyHint')}
              onPick={who => setDeputy({ id: who.id, name: who.name, protected: false })}
            />
          )}
          {save.error && <p role="alert">{t(`problem.${problemOf(save.error).code}`)}</p>}
          {delivery.allowed.words && (
            <div>
              <Button type="submit" loading={save.isPending}>
                {t('delivery.save')}
              </Button>
            </div>
          )}
        </Stack>
      </form>
    </Card>
  )
}
