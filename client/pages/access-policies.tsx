import { Button, Group, NativeSelect, NumberInput, Stack } from '@mantine/core'
import { useState } from 'react'
import {
  ABSENCE_NAMES,
  type AccessPolicies,
  absenceEffect,
  changeAccessPolicies,
  getAccessPolicies,
  previewAccessPolicies,
  RIGHT_CLASS_NAMES,
} from '#contract/access-policies.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import classes from '../features/findings/findings.module.css'
import { problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Answer } from '../ui/states.tsx'

export function AccessPoliciesPage() {
  const { t } = useTexts()
  const query = useCall(getAccessPolicies)
  return (
    <Page title={t('accessPolicies.title')} lead={t('accessPolicies.lead')}>
      <Answer query={query}>{data => <Policies key={JSON.stringify(data.policies)} data={data} />}</Answer>
    </Page>
  )
}

function Policies({ data }: { data: ResponseOf<typeof getAccessPolicies> }) {
  const { t, number } = useTexts()
  const [policies, setPolicies] = useState<AccessPolicies>(data.policies)
  const [saving, setSaving] = useState(false)
  const preview = useCommand(previewAccessPolicies, effect => announce(effectText(effect)))
  const change = useCommand(changeAccessPolicies, () => {
    setSaving(false)
    announce(t('accessPolicies.saved'))
  })
  const may = data.allowed.change
  const changed = JSON.stringify(policies) !== JSON.stringify(data.policies)
  const givenOf = (name: (typeof RIGHT_CLASS_NAMES)[number]) => data.classes.find(one => one.class === name)?.given ?? 0
  const edit = (next: AccessPolicies) => {
    setPolicies(next)
    preview.reset()
  }
  function effectText(effect: ResponseOf<typeof previewAccessPolicies>): string {
    const { grace } = effect
    const resting =
      effect.suspended + effect.returned === 0
        ? t('accessPolicies.nothing')
        : t('accessPolicies.effectText', {
            suspended: number(effect.suspended),
            returned: number(effect.returned),
            people: number(effect.people),
          })
    const staying = t(grace.count === 0 ? 'accessPolicies.graceNone' : 'accessPolicies.graceText', {
      // A whole text beside it: the count says nothing of one or several there.
      ...{ count: grace.count, days: grace.days, sooner: number(grace.sooner), later: number(grace.later) },
    })
    return `${resting} ${staying}`
  }
  return (
    <Stack gap={16}>
      {!may && <p className="dim">{t('accessPolicies.readOnly')}</p>}
      <Card title={t('accessPolicies.absenceTitle')} flush>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than a telephone is scrolled by the keyboard too */}
        <section className={classes.scroll} aria-label={t('accessPolicies.absenceTitle')} tabIndex={0}>
          <table className={classes.kinds} aria-label={t('accessPolicies.absenceTitle')}>
            <thead>
              <tr>
                <th scope="col">{t('accessPolicies.rightClass')}</th>
                <th scope="col">{t('accessPolicies.given')}</th>
                {ABSENCE_NAMES.map(absence => (
                  <th key={absence} scope="col">
                    {t(`accessPolicies.absence.${absence}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {RIGHT_CLASS_NAMES.map(name => (
                <tr key={name}>
                  <th scope="row">{t(`accessPolicies.class.${name}`)}</th>
                  <td>{number(givenOf(name))}</td>
                  {ABSENCE_NAMES.map(absence => (
                    <td key={absence}>
                      {may ? (
                        <NativeSelect
                          aria-label={t('accessPolicies.cell', {
                            class: t(`accessPolicies.class.${name}`),
                            absence: t(`accessPolicies.absence.${absence}`),
                          })}
                          data={absenceEffect.options.map(value => ({
                            value,
                            label: t(`accessPolicies.effect.${value}`),
                          }))}
                          value={policies.absence[absence][name]}
                          onChange={event =>
                            edit({
                              ...policies,
                              absence: {
                                ...policies.absence,
                                [absence]: {
                                  ...policies.absence[absence],
                                  [name]: absenceEffect.parse(event.currentTarget.value),
                                },
                              },
                            })
                          }
                        />
                      ) : (
                        t(`accessPolicies.effect.${policies.absence[absence][name]}`)
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <p className="dim" style={{ padding: '8px 16px' }}>
          {t('accessPolicies.absenceHelp')}
        </p>
      </Card>
      <Card title={t('accessPolicies.graceTitle')}>
        <Stack gap={12} maw={420}>
          <p className="dim">{t('accessPolicies.graceHelp')}</p>
          {RIGHT_CLASS_NAMES.map(name => (
            <NumberInput
              key={name}
              label={t(`accessPolicies.class.${name}`)}
              suffix={` ${t('accessPolicies.days').toLowerCase()}`}
              min={0}
              max={90}
              allowDecimal={false}
              clampBehavior="strict"
              readOnly={!may}
              value={policies.grace[name]}
              onChange={value => edit({ ...policies, grace: { ...policies.grace, [name]: Number(value) || 0 } })}
            />
          ))}
        </Stack>
      </Card>
      {may && (
        <Group gap={8}>
          <Button
            variant="default"
            disabled={!changed}
            loading={preview.isPending}
            onClick={() => preview.mutate({ body: policies })}
          >
            {t('accessPolicies.preview')}
          </Button>
          <Button disabled={!changed || !preview.data} onClick={() => setSaving(true)}>
            {t('accessPolicies.save')}
          </Button>
          {preview.data && <p role="status">{effectText(preview.data)}</p>}
        </Group>
      )}
      {saving && preview.data && (
        <ReasonDialog
          title={t('accessPolicies.saveTitle')}
          verb={t('accessPolicies.save')}
          busy={change.isPending}
          error={change.error ? t(`problem.${problemOf(change.error).code}`) : null}
          onClose={() => setSaving(false)}
          onConfirm={reason => change.mutate({ body: { policies, reason } })}
        >
          <p>{effectText(preview.data)}</p>
        </ReasonDialog>
      )}
    </Stack>
  )
}
