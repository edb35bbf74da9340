import { Button, Group } from '@mantine/core'
import { useEffect, useState } from 'react'
import { whatIfEffect } from '#contract/lists.ts'
import {
  exportWhatIf,
  searchWhatIfPeople,
  type WhatIfBase,
  type WhatIfEffect,
  type WhatIfPerson,
} from '#contract/what-if.ts'
import type { DraftPage } from '#contract/what-if-draft.ts'
import type { ListUrl } from '../../lib/list-url.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { saveBytes } from '../../lib/save-file.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Column } from '../../ui/data-table.tsx'
import { Choice } from '../../ui/filters.tsx'
import { HeldBack } from '../../ui/held-back.tsx'
import { ListFrame } from '../../ui/list-frame.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Empty } from '../../ui/states.tsx'
import classes from './draft.module.css'

const limit = 50
type Filters = {
  offset?: number | undefined
  effect?: WhatIfEffect | undefined
  unit?: string | undefined
  system?: string | undefined
  cause?: string | undefined
}

/** Person by person: what is gained, lost and limited otherwise. What is typed may be a name and stays out of the address. */
export function WhatIfPeople(props: { draft: DraftPage; base: WhatIfBase; url: ListUrl<Filters>; narrowed: string[] }) {
  const { t, language } = useTexts()
  const { url, draft, base } = props
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 220)
    return () => clearTimeout(timer)
  }, [text])
  const { effect, unit, system, cause } = url.filters
  const body = {
    base,
    ...(effect ? { effect } : {}),
    ...(unit ? { unit } : {}),
    ...(system ? { system } : {}),
    ...(cause ? { cause } : {}),
  }
  const params = { draftId: draft.id }
  const query = useCall(
    searchWhatIfPeople,
    { params, body: { ...body, ...(asked ? { text: asked } : {}), offset: url.offset, limit } },
    { keep: true },
  )
  const file = useCommand(exportWhatIf, answer => saveBytes(answer.fileName, answer.mediaType, answer.base64))
  const columns: Column<WhatIfPerson>[] = [
    {
      key: 'person',
      label: t('drafts.cols.person'),
      cell: row => (
        <>
          <PersonLink person={row.person} />
          <div className="meta">{row.title}</div>
        </>
      ),
    },
    {
      key: 'unit',
      label: t('drafts.cols.unit'),
      rank: 2,
      cell: row =>
        row.newUnit === null ? (
          (row.unit ?? t('drafts.noUnit'))
        ) : (
          <>
            {t('drafts.movesTo', { from: row.unit ?? t('drafts.noUnit'), to: row.newUnit })}
            {row.carried && <div className="meta">{t('drafts.carriedMark')}</div>}
          </>
        ),
    },
    {
      key: 'rights',
      label: t('drafts.effect'),
      cell: row => (
        <>
          <Rights label={t('drafts.effectName.gain')} rights={row.gains} />
          <Rights label={t('drafts.effectName.loss')} rights={row.losses} />
          <Rights
            label={t('drafts.effectName.limit')}
            rights={row.limits.map(one => ({ ...one, name: `${one.name} (${one.before} → ${one.after})` }))}
          />
        </>
      ),
    },
  ]
  return (
    <ListFrame
      query={query}
      url={url as never}
      limit={limit}
      caption={t('drafts.peopleCaption')}
      columns={columns}
      rowKey={row => row.affiliationId}
      search={{ label: t('drafts.peopleSearch'), value: text, onChange: setText }}
      filters={
        <Choice
          label={t('drafts.effect')}
          value={effect}
          onChange={next => url.change({ effect: next })}
          options={whatIfEffect.options.map(value => ({ value, label: t(`drafts.effectName.${value}`) }))}
        />
      }
      note={
        <Group gap={8} my={8}>
          {props.narrowed.map(what => (
            <span key={what} className="meta">
              {t('drafts.only', { what })}
            </span>
          ))}
          {props.narrowed.length > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => url.change({ unit: undefined, system: undefined, cause: undefined })}
            >
              {t('drafts.showAll')}
            </Button>
          )}
          {(['csv', 'xlsx'] as const).map(format => (
            <Button
              key={format}
              size="compact-sm"
              variant="default"
              loading={file.isPending}
              onClick={() => file.mutate({ params, body: { ...body, format, language } })}
            >
              {t(format === 'csv' ? 'drafts.exportCsv' : 'drafts.exportXlsx')}
            </Button>
          ))}
          {query.data && query.data.hidden > 0 && (
            <span className="meta">{t('drafts.hidden', { count: query.data.hidden })}</span>
          )}
        </Group>
      }
      empty={<Empty title={t('drafts.nobody')} />}
    />
  )
}

const FEW = 4

type Right = { key: string; name: string; system: string; withheldIn?: string | null }

function Rights(props: { label: string; rights: readonly Right[] }) {
  const { t } = useTexts()
  const { rights } = props
  if (rights.length === 0) return null
  const item = (one: Right) => (
    <li key={one.key}>
      {one.system}: {one.name}
      {one.withheldIn && <HeldBack systemId={one.withheldIn} />}
    </li>
  )
  return (
    <div>
      <strong>{props.label}</strong>
      <ul className={classes.list}>{rights.slice(0, FEW).map(item)}</ul>
      {rights.length > FEW && (
        <details>
          <summary>{t('do.showMore')}</summary>
          <ul className={classes.list}>{rights.slice(FEW).map(item)}</ul>
        </details>
      )}
    </div>
  )
}
