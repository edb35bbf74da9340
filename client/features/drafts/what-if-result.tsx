import { Alert, Tabs, UnstyledButton } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import type { WhatIfResult } from '#contract/what-if.ts'
import { DATE_CAUSE, type DraftPage } from '#contract/what-if-draft.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { useChangeWords } from './change-words.ts'
import classes from './draft.module.css'

export type Tab = 'unit' | 'system' | 'cause' | 'people'
export type Narrow = { unit?: string | undefined; system?: string | undefined; cause?: string | undefined }

/** What a draft would do: in a sentence, what is to be looked at, and by unit, system and cause. Counts lead to rows. */
export function WhatIfResultPanel(props: {
  result: WhatIfResult
  draft: DraftPage
  tab: Tab
  onTab: (tab: Tab) => void
  onNarrow: (narrow: Narrow) => void
  people: React.ReactNode
  /** Which guards it would trip, as changes of rules show them. */
  guards: React.ReactNode
}) {
  const { t } = useTexts()
  const { result, draft } = props
  const { total } = result
  const words = useChangeWords(draft.names)
  const cause = (id: string) => {
    if (id === DATE_CAUSE) return t('drafts.dateCause')
    const change = draft.changes.find(one => one.id === id)
    return change ? words(change) : id
  }
  const nothing = total.gains + total.losses + total.limits === 0
  return (
    <div className="stack">
      {result.moved.length > 0 && (
        <Alert color="yellow" icon={<IconInfoCircle size={18} aria-hidden />}>
          {t('drafts.moved', { what: result.moved.map(one => t(`drafts.movedName.${one}`)).join(', ') })}
        </Alert>
      )}
      <p className={classes.summary}>
        {nothing ? t('drafts.summary.nothing') : t('drafts.summary.people', { count: total.people })}
      </p>
      {!nothing && (
        <p>{t('drafts.summary.rights', { gains: total.gains, losses: total.losses, limits: total.limits })}</p>
      )}
      {total.withheld > 0 && <p>{t('drafts.summary.withheld', { count: total.withheld })}</p>}
      {total.carried > 0 && <p>{t('drafts.summary.carried', { count: total.carried })}</p>}
      {total.movers > 0 && <p>{t('drafts.summary.movers', { count: total.movers })}</p>}
      <Notes result={result} shown={props.guards} />
      <Tabs value={props.tab} onChange={value => props.onTab((value ?? 'unit') as Tab)} keepMounted={false}>
        <Tabs.List aria-label={t('drafts.tabsLabel')}>
          {(['unit', 'system', 'cause', 'people'] as const).map(tab => (
            <Tabs.Tab key={tab} value={tab}>
              {t(`drafts.tabs.${tab}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="unit" pt={12}>
          <Effects
            by="unit"
            rows={result.byUnit.map(one => ({ ...one, key: one.unit, label: one.name || t('drafts.noUnit') }))}
            onPick={unit => props.onNarrow({ unit })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="system" pt={12}>
          <Effects
            by="system"
            rows={result.bySystem.map(one => ({ ...one, key: one.system, label: one.name }))}
            onPick={system => props.onNarrow({ system })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="cause" pt={12}>
          <Effects
            by="cause"
            rows={result.byCause.map(one => ({ ...one, key: one.cause, label: cause(one.cause) }))}
            onPick={one => props.onNarrow({ cause: one })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="people" pt={12}>
          {props.people}
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}

/** What has to be looked at before anybody approves it. */
function Notes(props: { result: WhatIfResult; shown: React.ReactNode }) {
  const { t } = useTexts()
  const { guards, waves, protectedData, overCap, dangling, translations } = props.result
  return (
    <>
      {guards.length > 0 && (
        <Alert color="yellow" title={t('drafts.guardsTitle')}>
          {props.shown}
        </Alert>
      )}
      <Lines
        title={t('drafts.wavesTitle')}
        lines={waves.map(one =>
          t(one.unit === null ? 'drafts.wave' : 'drafts.waveUnit', {
            ...{ source: one.source, unit: one.unit ?? '', count: one.count, limit: one.limit },
          }),
        )}
      />
      <Lines
        title={t('drafts.protectedTitle')}
        lines={protectedData.map(one => t('drafts.protectedLine', { name: one.name, count: one.people }))}
      />
      <Lines
        title={t('drafts.overCapTitle')}
        lines={overCap.map(one => t('drafts.overCap', { name: one.name, held: one.held, cap: one.cap }))}
      />
      <Lines
        title={t('drafts.danglingTitle')}
        lines={dangling.map(one => t('drafts.dangling', { name: one.name, unit: one.unit }))}
      />
      {translations.length > 0 && (
        <details>
          <summary>{t('drafts.translationsTitle', { count: translations.length })}</summary>
          <ul className={classes.list}>
            {translations.map(one => (
              <li key={`${one.kind} ${one.key}`}>
                {one.name}
                <ul>
                  <li>
                    {t('drafts.before')}: <code className={classes.code}>{one.before}</code>
                  </li>
                  <li>
                    {t('drafts.after')}: <code className={classes.code}>{one.after}</code>
                  </li>
                </ul>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

const SHOWN = 8

function Lines(props: { title: string; lines: readonly string[] }) {
  const { t } = useTexts()
  if (props.lines.length === 0) return null
  const item = (line: string) => <li key={line}>{line}</li>
  return (
    <div>
      <h3 style={{ fontSize: '0.9375rem' }}>{props.title}</h3>
      <ul className={classes.list}>{props.lines.slice(0, SHOWN).map(item)}</ul>
      {props.lines.length > SHOWN && (
        <details>
          <summary>{t('do.showAll')}</summary>
          <ul className={classes.list}>{props.lines.slice(SHOWN).map(item)}</ul>
        </details>
      )}
    </div>
  )
}

type Effect = {
  key: string
  label: string
  people: number
  gains: number
  losses: number
  limits: number
  withheld: number
}

function Effects(props: { by: 'unit' | 'system' | 'cause'; rows: Effect[]; onPick: (key: string) => void }) {
  const { t, number } = useTexts()
  const columns: Column<Effect>[] = [
    {
      key: 'label',
      label: t(`drafts.cols.${props.by}`),
      cell: row =>
        row.key === '' ? (
          row.label
        ) : (
          <UnstyledButton className="link" onClick={() => props.onPick(row.key)}>
            {row.label}
          </UnstyledButton>
        ),
    },
    { key: 'people', label: t('drafts.cols.people'), number: true, cell: row => number(row.people) },
    { key: 'gains', label: t('drafts.cols.gains'), number: true, cell: row => number(row.gains) },
    { key: 'losses', label: t('drafts.cols.losses'), number: true, cell: row => number(row.losses) },
    { key: 'limits', label: t('drafts.cols.limits'), number: true, rank: 1, cell: row => number(row.limits) },
    ...(props.rows.some(row => row.withheld > 0)
      ? [
          {
            ...{ key: 'withheld', label: t('drafts.cols.withheld'), number: true, rank: 1 as const },
            cell: (row: Effect) => number(row.withheld),
          },
        ]
      : []),
  ]
  return (
    <DataTable
      caption={t(`drafts.byCaption.${props.by}`)}
      columns={columns}
      rows={props.rows}
      rowKey={row => row.key}
      empty={<p style={{ padding: 16 }}>{t('drafts.summary.nothing')}</p>}
    />
  )
}
