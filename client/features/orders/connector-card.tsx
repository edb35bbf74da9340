import { Button, Group, NativeSelect, Stack, Switch, Textarea } from '@mantine/core'
import { useState } from 'react'
import { saveConnector, testConnector } from '#contract/account-types.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import type { Delivery } from './rung-card.tsx'

/** What writes to the system. The settings are what the schema of the kind says. */
export function ConnectorCard(props: { delivery: Delivery }) {
  const { t, instant } = useTexts()
  const { connector, kinds, allowed, system } = props.delivery
  const params = { systemId: system.id }
  const [kind, setKind] = useState(connector?.kind ?? kinds[0]?.kind ?? '')
  const [settings, setSettings] = useState(JSON.stringify(connector?.settings ?? {}, null, 2))
  const [enabled, setEnabled] = useState(connector?.enabled ?? false)
  const [wrong, setWrong] = useState<string | null>(null)
  const save = useCommand(saveConnector, () => announce(t('delivery.saved')))
  const test = useCommand(testConnector)
  if (kinds.length === 0 || !allowed.connector)
    return (
      <Card title={t('delivery.connector')}>
        <p>{connector ? connector.kind : t('delivery.connectorNone')}</p>
        {kinds.length === 0 && <p className="meta">{t('delivery.connectorKinds')}</p>}
      </Card>
    )
  const submit = () => {
    setWrong(null)
    try {
      const body = {
        kind,
        settings: JSON.parse(settings) as Record<string, unknown>,
        enabled,
        version: connector?.version ?? null,
      }
      save.mutate({ params, body })
    } catch {
      setWrong(t('delivery.settingsWrong'))
    }
  }
  const problem = save.error ? problemOf(save.error) : null
  const said =
    problem && [t(`problem.${problem.code}`), ...problem.errors.map(one => `${one.path}: ${one.message}`)].join('. ')
  const schema = kinds.find(one => one.kind === kind)?.schema
  return (
    <Card title={t('delivery.connector')}>
      <Stack gap={16}>
        {!connector && <p className="dim">{t('delivery.connectorNone')}</p>}
        <NativeSelect
          label={t('delivery.kind')}
          data={kinds.map(one => one.kind)}
          value={kind}
          onChange={event => setKind(event.currentTarget.value)}
        />
        <Textarea
          label={t('delivery.settings')}
          description={`${t('delivery.settingsHint')} ${Object.keys((schema?.properties as object | undefined) ?? {}).join(', ')}`}
          value={settings}
          autosize
          minRows={4}
          error={wrong ?? said}
          onChange={event => setSettings(event.currentTarget.value)}
        />
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
                {step.ok ? '✓' : '✗'} {step.say}
              </li>
            ))}
          </ul>
        )}
        {test.error && <p role="alert">{t(`problem.${problemOf(test.error).code}`)}</p>}
      </Stack>
    </Card>
  )
}
