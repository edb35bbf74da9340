import { Button, Group, NumberInput, Stack } from '@mantine/core'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { changeHrSettings, getHrSettings } from '#contract/hr-settings.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { Answer } from '../../ui/states.tsx'

/** How long payroll may take, and how many ends at once are asked about. */
export function HrSettingsCard() {
  const { t } = useTexts()
  const query = useCall(getHrSettings)
  return (
    <Card title={t('hrSettings.title')}>
      <Answer query={query}>{data => <Settings key={JSON.stringify(data.settings)} data={data} />}</Answer>
    </Card>
  )
}

function Settings({ data }: { data: ResponseOf<typeof getHrSettings> }) {
  const { t } = useTexts()
  const [settings, setSettings] = useState(data.settings)
  const [saving, setSaving] = useState(false)
  const change = useCommand(changeHrSettings, () => {
    setSaving(false)
    announce(t('hrSettings.saved'))
  })
  const may = data.allowed.change
  const changed = JSON.stringify(settings) !== JSON.stringify(data.settings)
  const field = (
    name: keyof typeof settings,
    label: string,
    most: number,
    more: { help?: string; suffix?: string },
  ) => (
    <NumberInput
      label={label}
      {...(more.help ? { description: more.help } : {})}
      {...(more.suffix ? { suffix: ` ${more.suffix}` } : {})}
      min={name === 'endsPercent' ? 0 : 1}
      max={most}
      allowDecimal={name === 'endsPercent'}
      decimalSeparator=","
      clampBehavior="blur"
      readOnly={!may}
      value={settings[name]}
      onChange={value => setSettings({ ...settings, [name]: Number(value) || 0 })}
    />
  )
  return (
    <Stack gap={12} maw={520}>
      {!may && <p className="dim">{t('hrSettings.readOnly')}</p>}
      {field('hireConfirmDays', t('hrSettings.days'), 120, { help: t('hrSettings.daysHelp') })}
      {field('endsFloor', t('hrSettings.floor'), 1000, { help: t('hrSettings.burstHelp') })}
      {field('endsPercent', t('hrSettings.percent'), 100, { suffix: t('hrSettings.percentUnit') })}
      {may && (
        <Group>
          <Button
            disabled={!changed || settings.hireConfirmDays < 1 || settings.endsFloor < 1}
            onClick={() => setSaving(true)}
          >
            {t('hrSettings.save')}
          </Button>
        </Group>
      )}
      {saving && (
        <ReasonDialog
          title={t('hrSettings.save')}
          busy={change.isPending}
          error={change.error ? t(`problem.${problemOf(change.error).code}`) : null}
          onClose={() => setSaving(false)}
          onConfirm={reason => change.mutate({ body: { settings, reason } })}
        >
          <p>{t('hrSettings.burstHelp')}</p>
        </ReasonDialog>
      )}
    </Stack>
  )
}
