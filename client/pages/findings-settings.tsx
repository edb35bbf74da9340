import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import {
  changeFindingSwitch,
  getFindingSettings,
  recordFindingNotice,
  withdrawFindingNotice,
} from '#contract/finding-settings.ts'
import { FINDING_NUMBERS, type FindingCode, findingMode } from '#contract/findings.ts'
import { searchAll } from '#contract/home.ts'
import { aboutAccounts, codeIcon } from '../features/findings/finding-words.ts'
import classes from '../features/findings/findings.module.css'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Finder, useFinding } from '../ui/finder.tsx'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

type Settings = ResponseOf<typeof getFindingSettings>
type Mode = Settings['kinds'][number]['areas'][number]['mode']

export function FindingsSettingsPage() {
  const { t } = useTexts()
  const query = useCall(getFindingSettings)
  return (
    <Page
      title={t('findings.settingsTitle')}
      lead={t('findings.settingsLead')}
      crumbs={[{ label: t('findings.title'), to: '/findings' }]}
    >
      <Answer query={query}>
        {data => (
          <Stack gap={16}>
            <Kinds settings={data} />
            {data.allowed.change && <UnitSwitch settings={data} />}
            <Notice settings={data} />
          </Stack>
        )}
      </Answer>
    </Page>
  )
}

function Kinds({ settings }: { settings: Settings }) {
  const { t } = useTexts()
  const change = useCommand(changeFindingSwitch, () => announce(t('findings.saved')))
  const set = (code: FindingCode, area: string | null, mode: Mode | null, unit: string | null = null) =>
    change.mutate({ body: { code, area, mode, unit } })
  return (
    <Card flush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than a telephone is scrolled by the keyboard too */}
      <section className={classes.scroll} aria-label={t('findings.settingsTitle')} tabIndex={0}>
        <table className={classes.kinds} aria-label={t('findings.settingsTitle')} aria-busy={change.isPending}>
          <thead>
            <tr>
              <th scope="col">{t('findings.filterCode')}</th>
              <th scope="col">{t('findings.area')}</th>
              <th scope="col">{t('findings.filterState')}</th>
              <th scope="col">{t('findings.state.open')}</th>
            </tr>
          </thead>
          <tbody>
            {settings.kinds.flatMap(kind => [
              ...kind.areas.map((one, at) => {
                const where = one.area ?? t('findings.everywhere')
                return (
                  <tr key={`${kind.code}${one.area}`}>
                    <th scope="row">
                      {at === 0 && (
                        <>
                          <Status tone="quiet" icon={codeIcon[kind.code]} plain>
                            {t(`findings.code.${kind.code}`)}
                          </Status>
                          {numbersOf(kind.code, t(`findings.code.${kind.code}`)) && (
                            <div className="meta">{numbersOf(kind.code, t(`findings.code.${kind.code}`))}</div>
                          )}
                          {kind.gated && !settings.notice && <div className="meta">{t('findings.gatedNote')}</div>}
                        </>
                      )}
                    </th>
                    <td>
                      {where}
                      {one.area === null && settings.allowed.change && !aboutAccounts.has(kind.code) && (
                        <AddArea
                          code={kind.code}
                          areas={settings.areas.filter(area => !kind.areas.some(known => known.area === area))}
                          onAdd={area => set(kind.code, area, 'listed')}
                        />
                      )}
                    </td>
                    <td>
                      <NativeSelect
                        size="xs"
                        aria-label={`${t(`findings.code.${kind.code}`)}, ${where}`}
                        disabled={!settings.allowed.change}
                        value={one.mode}
                        onChange={event => set(kind.code, one.area, (event.currentTarget.value || null) as Mode | null)}
                        data={[
                          ...(one.area === null ? [] : [{ value: '', label: t('findings.asElsewhere') }]),
                          ...findingMode.options.map(value => ({ value, label: t(`findings.mode.${value}`) })),
                        ]}
                      />
                    </td>
                    <td className="num">{t('findings.openNow', { count: one.open })}</td>
                  </tr>
                )
              }),
              ...kind.units.map(one => (
                <tr key={`${kind.code}${one.unit.id}`}>
                  <td />
                  <th scope="row">{one.unit.name}</th>
                  <td>
                    <NativeSelect
                      size="xs"
                      aria-label={`${t(`findings.code.${kind.code}`)}, ${one.unit.name}`}
                      disabled={!settings.allowed.change}
                      value={one.mode}
                      onChange={event =>
                        set(kind.code, null, (event.currentTarget.value || null) as Mode | null, one.unit.id)
                      }
                      data={[
                        { value: '', label: t('findings.asAbove') },
                        ...findingMode.options.map(value => ({ value, label: t(`findings.mode.${value}`) })),
                      ]}
                    />
                  </td>
                  <td className="num">{t('findings.openNow', { count: one.open })}</td>
                </tr>
              )),
            ])}
          </tbody>
        </table>
      </section>
    </Card>
  )
}

/** The numbers of the register's questions that a kind answers, where its name does not say them. */
const numbersOf = (code: FindingCode, name: string) =>
  Object.entries(FINDING_NUMBERS)
    .flatMap(([number, answered]) => (answered === code && !name.includes(number) ? number : []))
    .join(', ')

function AddArea(props: { code: FindingCode; areas: string[]; onAdd: (area: string) => void }) {
  const { t } = useTexts()
  if (props.areas.length === 0) return null
  return (
    <NativeSelect
      size="xs"
      mt={4}
      aria-label={`${t('findings.addArea')}: ${t(`findings.code.${props.code}`)}`}
      value=""
      onChange={event => event.currentTarget.value && props.onAdd(event.currentTarget.value)}
      data={[{ value: '', label: t('findings.addArea') }, ...props.areas]}
    />
  )
}

/** One kind in one unit and below it: whoever has the time for it begins, without the whole house. */
function UnitSwitch({ settings }: { settings: Settings }) {
  const { t } = useTexts()
  const [code, setCode] = useState<FindingCode | null>(null)
  const finding = useFinding()
  const query = useCall(searchAll, { body: { text: finding.asked } }, { enabled: finding.on })
  const change = useCommand(changeFindingSwitch, () => {
    finding.clear()
    announce(t('findings.saved'))
  })
  const chosen = code ?? settings.kinds[0]?.code
  return (
    <Card title={t('findings.addUnit')}>
      <Stack gap={12}>
        <NativeSelect
          label={t('findings.filterCode')}
          value={chosen}
          onChange={event => setCode(event.currentTarget.value as FindingCode)}
          data={settings.kinds
            .filter(kind => !aboutAccounts.has(kind.code))
            .map(kind => ({ value: kind.code, label: t(`findings.code.${kind.code}`) }))}
        />
        <Finder
          finding={finding}
          label={t('findings.unitToSwitch')}
          hits={finding.on ? query.data?.units.map(one => ({ key: one.id, sign: null, body: one.name })) : undefined}
          none={t('findings.noUnit')}
          onPick={hit => chosen && change.mutate({ body: { code: chosen, area: null, unit: hit.key, mode: 'listed' } })}
        />
      </Stack>
    </Card>
  )
}

function Notice({ settings }: { settings: Settings }) {
  const { t, date } = useTexts()
  const [wrong, setWrong] = useState(false)
  const [asking, setAsking] = useState(false)
  const record = useCommand(recordFindingNotice, () => announce(t('findings.saved')))
  const withdraw = useCommand(withdrawFindingNotice, () => {
    setAsking(false)
    announce(t('findings.saved'))
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const body = {
      discussedOn: String(form.get('discussedOn') ?? ''),
      toldOn: String(form.get('toldOn') ?? ''),
      reference: String(form.get('reference') ?? '').trim(),
    }
    const missing = body.discussedOn === '' || body.toldOn === '' || body.reference.length < 3
    setWrong(missing)
    if (!missing) record.mutate({ body })
  }
  const { notice, allowed } = settings
  return (
    <Card title={t('findings.noticeTitle')}>
      <Stack gap={12}>
        <p className="dim">{t('findings.noticeLead')}</p>
        <p>
          {notice
            ? t('findings.noticeDone', {
                discussed: date(notice.discussedOn),
                told: date(notice.toldOn),
                reference: notice.reference,
                by: notice.recordedBy,
              })
            : t('findings.noticeNone')}
        </p>
        {allowed.change && !notice && (
          <form onSubmit={submit} noValidate>
            <Stack gap={12}>
              <Group gap={12} align="flex-start">
                <TextInput type="date" name="discussedOn" label={t('findings.discussedOn')} />
                <TextInput type="date" name="toldOn" label={t('findings.toldOn')} />
              </Group>
              <TextInput name="reference" label={t('findings.reference')} maxLength={300} />
              {(wrong || record.isError) && (
                <p role="alert" style={{ color: 'var(--mantine-color-error)' }}>
                  {t('findings.noticeInvalid')}
                </p>
              )}
              <Group>
                <Button type="submit" color="petrol" loading={record.isPending}>
                  {t('findings.record')}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
        {allowed.change && notice && (
          <Group>
            <Button variant="default" onClick={() => setAsking(true)}>
              {t('findings.withdraw')}
            </Button>
          </Group>
        )}
      </Stack>
      {asking && (
        <Confirm
          title={t('findings.withdraw')}
          verb={t('findings.withdraw')}
          cancel={t('do.cancel')}
          danger
          busy={withdraw.isPending}
          error={withdraw.isError ? t('problem.unexpected') : null}
          onConfirm={() => withdraw.mutate({})}
          onClose={() => setAsking(false)}
        >
          <p>{t('findings.withdrawHelp')}</p>
        </Confirm>
      )}
    </Card>
  )
}
