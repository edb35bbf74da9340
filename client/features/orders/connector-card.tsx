import { Button, Group, NativeSelect, Stack, Switch } from '@mantine/core'
import { useState } from 'react'
import { saveConnector, testConnector } from '#contract/account-types.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { SaidText } from '../../ui/said-text.tsx'
import type { Delivery } from './rung-card.tsx'
import { SettingsForm } from './settings-form.tsx'
import { fieldsOf, type Settings } from './settings-schema.ts'

/** What writes to the system. The form of its settings is made from the schema of the kind. */
export function ConnectorCard(props: { delivery: Delivery }) {
  const { t, all, instant } = useTexts()
  const { connector, kinds, allowed, system } = props.delivery
  const params = { systemId: system.id }
  const [kind, setKind] = useState(connector?.kind ?? kinds[0]?.kind ?? '')
  const [settings, setSettings] = useState((connector?.settings ?? {}) as Settings)
  const [enabled, setEnabled] = useState(connector?.enabled ?? false)
  const save = useCommand(saveConnector, () => announce(t('delivery.saved')))
  const test = useCommand(testConnector)
  const kindText = (one: string) => all.connectors.kind[one as keyof typeof all.connectors.kind] ?? one
  if (kinds.length === 0 || !allowed.connector)
    return (
      <Card title={t('delivery.connector')}>
        <p>{connector ? kindText(connector.kind) : t('delivery.connectorNone')}</p>
        {kinds.length === 0 && <p className="meta">{t('delivery.connectorKinds')}</p>}
      </Card>
    )
  const submit = () => save.mutate({ params, body: { kind, settings, enabled, version: connector?.version ?? null } })
  const problem = save.error ? problemOf(save.error) : null
  const inSettings = new Map(
    problem?.errors.map(one => [one.path.replace('body/settings/', '').split('/')[0] ?? '', one.message]),
  )
  const fields = fieldsOf(kinds.find(one => one.kind === kind)?.schema)
  // What is wrong with several settings together stands below them all.
  const others = problem?.errors.filter(
    one =>
      !fields.some(
        field => one.path === `body/settings/${field.name}` || one.path.startsWith(`body/settings/${field.name}/`),
      ),
  )
  return (
    <Card title={t('delivery.connector')}>
      <Stack gap={16}>
        {!connector && <p className="dim">{t('delivery.connectorNone')}</p>}
        <NativeSelect
          label={t('delivery.kind')}
          description={all.connectors.about[kind as keyof typeof all.connectors.about]}
          data={kinds.map(one => ({ value: one.kind, label: kindText(one.kind) }))}
          value={kind}
          onChange={event => {
            const next = event.currentTarget.value
            setKind(next)
            setSettings(next === connector?.kind ? (connector.settings as Settings) : {})
          }}
        />
        <SettingsForm key={kind} fields={fields} value={settings} errors={inSettings} onChange={setSettings} />
        {problem && (
          <div role="alert">
            <p>{t(`problem.${problem.code}`)}</p>
            {others?.map(one => (
              <p key={one.message} lang="en">
                {one.message}
              </p>
            ))}
          </div>
        )}
        <Switch
          label={t('delivery.enabled')}
          checked={enabled}
          onChange={event => setEnabled(event.currentTarget.checked)}
        />
        <Group gap={8}>
          <Button loading={save.isPending} onClick={submit}>
            {t('delivery.save')}
          </Button>
          {connector && (
            <Button variant="default" loading={test.isPending} onClick={() => test.mutate({ params, body: {} })}>
              {t('delivery.test')}
            </Button>
          )}
          {connector?.testedAt && (
            <span className="meta">{t('delivery.tested', { when: instant(connector.testedAt) })}</span>
          )}
        </Group>
        {test.data && (
          <ul>
            {test.data.steps.map(step => (
              <li key={step.say}>
                {step.ok ? '✓' : '✗'} <SaidText said={step.said} detail={step.say} />
              </li>
            ))}
          </ul>
        )}
        {test.error && <p role="alert">{t(`problem.${problemOf(test.error).code}`)}</p>}
      </Stack>
    </Card>
  )
}
