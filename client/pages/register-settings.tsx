import { Button, Stack, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { changeRegisterSettings, getRegisterSettings, type RegisterDefaults } from '#contract/activities.ts'
import { RecordImport } from '../features/records/record-import.tsx'
import { RecordKeeping } from '../features/records/record-keeping.tsx'
import { problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const WHO = ['controller', 'dpo', 'representative'] as const

/** Who is the controller, and whom a record names where it names nobody. */
export function RegisterSettingsPage() {
  const { t } = useTexts()
  const may = useMay()
  const query = useCall(getRegisterSettings)
  return (
    <Page
      title={t('registerSettings.title')}
      lead={t('registerSettings.lead')}
      crumbs={[{ label: t('activities.title'), to: '/activities' }]}
      narrow
    >
      <Answer query={query}>
        {({ defaults, allowed }) => (
          <Stack gap={16}>
            <Settings key={JSON.stringify(defaults)} defaults={defaults} may={allowed.change} />
            <RecordKeeping />
            {may('system.change') && <RecordImport />}
          </Stack>
        )}
      </Answer>
    </Page>
  )
}

function Settings({ defaults, may }: { defaults: RegisterDefaults; may: boolean }) {
  const { t } = useTexts()
  const change = useCommand(changeRegisterSettings, () => announce(t('registerSettings.saved')))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const party = (who: (typeof WHO)[number]) =>
      text(`${who}-name`) ? { name: text(`${who}-name`), contact: text(`${who}-contact`) || null } : null
    change.mutate({
      body: { controller: party('controller'), dpo: party('dpo'), representative: party('representative') },
    })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap={16}>
        {!may && <p className="dim">{t('registerSettings.readOnly')}</p>}
        {WHO.map(who => (
          <Card key={who} title={t(`registerSettings.${who}`)}>
            <Stack gap={12}>
              <TextInput
                name={`${who}-name`}
                label={t('registerSettings.name')}
                aria-label={`${t(`registerSettings.${who}`)}: ${t('registerSettings.name')}`}
                defaultValue={defaults[who]?.name ?? ''}
                readOnly={!may}
                maxLength={300}
                autoComplete="off"
              />
              <TextInput
                name={`${who}-contact`}
                label={t('registerSettings.contact')}
                aria-label={`${t(`registerSettings.${who}`)}: ${t('registerSettings.contact')}`}
                defaultValue={defaults[who]?.contact ?? ''}
                readOnly={!may}
                maxLength={500}
                autoComplete="off"
              />
            </Stack>
          </Card>
        ))}
        {change.error && <p role="alert">{t(`problem.${problemOf(change.error).code}`)}</p>}
        {may && (
          <div>
            <Button type="submit" loading={change.isPending}>
              {t('registerSettings.save')}
            </Button>
          </div>
        )}
      </Stack>
    </form>
  )
}
