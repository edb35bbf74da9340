import { NativeSelect } from '@mantine/core'
import type { ResponseOf } from '#contract/endpoint.ts'
import { compareDrafts, listDrafts, type WhatIfBase } from '#contract/what-if.ts'
import type { DraftPage } from '#contract/what-if-draft.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Pager } from '../../ui/pager.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Answer } from '../../ui/states.tsx'

type Compared = ResponseOf<typeof compareDrafts>
type Row = Compared['rows'][number]
const limit = 50

/** Two drafts beside each other: what only one of them does, and what they do differently. */
export function CompareDrafts(props: {
  draft: DraftPage
  base: WhatIfBase
  against: string | undefined
  offset: number
  onAgainst: (id: string | undefined) => void
  onMove: (offset: number) => void
}) {
  const { t } = useTexts()
  const others = useCall(listDrafts, { query: { limit: 200 } })
  const { against, base, draft } = props
  return (
    <Card title={t('drafts.compareTitle')}>
      <div className="stack">
        <NativeSelect
          label={t('drafts.compareWith')}
          value={against ?? ''}
          onChange={event => props.onAgainst(event.currentTarget.value || undefined)}
          data={[
            { value: '', label: t('drafts.compareNone') },
            ...(others.data?.rows ?? [])
              .filter(one => one.id !== draft.id)
              .map(one => ({ value: one.id, label: one.name })),
          ]}
        />
        {against && (
          <Differences {...{ draftId: draft.id, otherId: against, base, offset: props.offset }} onMove={props.onMove} />
        )}
      </div>
    </Card>
  )
}

function Differences(props: {
  draftId: string
  otherId: string
  base: WhatIfBase
  offset: number
  onMove: (offset: number) => void
}) {
  const { t } = useTexts()
  const { draftId, otherId, base, offset } = props
  const query = useCall(compareDrafts, { params: { draftId, otherId }, query: { base, offset, limit } }, { keep: true })
  return (
    <Answer query={query}>
      {answer => {
        const { one, other } = answer.names
        const side = (effect: Row['one']) => (effect === null ? t('drafts.nothing') : t(`drafts.effectName.${effect}`))
        const columns: Column<Row & { n: number }>[] = [
          {
            key: 'person',
            label: t('drafts.cols.person'),
            cell: row => (row.person ? <PersonLink person={row.person} /> : '–'),
          },
          { key: 'right', label: t('drafts.right'), cell: row => row.name },
          { key: 'one', label: one, cell: row => side(row.one) },
          { key: 'other', label: other, cell: row => side(row.other) },
        ]
        if (!answer.computed.one || !answer.computed.other) return <p>{t('drafts.compareNot')}</p>
        return (
          <>
            <p role="status">{t('drafts.compareSame', { one, other, ...answer.counts })}</p>
            <DataTable
              caption={t('drafts.compareCaption')}
              columns={columns}
              rows={answer.rows.map((row, n) => ({ ...row, n }))}
              rowKey={row => String(row.n)}
              empty={<p style={{ padding: 16 }}>{t('drafts.compareEqual')}</p>}
            />
            <Pager
              offset={offset}
              limit={limit}
              total={answer.total}
              onMove={props.onMove}
              of={t('drafts.compareTitle')}
            />
          </>
        )
      }}
    </Answer>
  )
}
