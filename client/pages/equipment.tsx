import { Button, TextInput } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { type EquipmentRow, listEquipment, saveStock } from '#contract/equipment.ts'
import { equipmentState } from '#contract/lists.ts'
import { problemOf } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { useEquipmentColumns } from '../ui/equipment.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/equipment')
const limit = 50
type Stock = ResponseOf<typeof listEquipment>['stock'][number]

/** Who has which thing, since when, and when it is to come back. */
export function EquipmentPage() {
  const { t, number } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const things = useEquipmentColumns()
  const query = useCall(
    listEquipment,
    {
      query: {
        ...(search.state ? { state: search.state } : {}),
        ...(search.system ? { system: search.system } : {}),
        ...(search.person ? { person: search.person } : {}),
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const columns: Column<EquipmentRow>[] = [
    {
      key: 'person',
      label: t('equipment.columns.person'),
      cell: row => (
        <>
          <PersonLink person={row.person} />
          {row.unit && <div className="meta">{row.unit.name}</div>}
        </>
      ),
    },
    ...things,
    {
      key: 'do',
      label: t('equipment.columns.do'),
      rank: 1,
      cell: row =>
        row.taskId && (
          <Link
            to="/tasks"
            search={{ person: row.person.id, coming: true }}
            className="link no-print"
            aria-label={t('equipment.taskOf', {
              thing: row.thing.name,
              who: row.person.name ?? t('people.protectedPerson'),
            })}
          >
            {t('equipment.task')}
          </Link>
        ),
    },
  ]
  const data = query.data
  return (
    <Page
      title={t('equipment.title')}
      lead={t('equipment.lead')}
      actions={
        <Button variant="default" className="no-print" onClick={() => window.print()}>
          {t('tasks.print')}
        </Button>
      }
    >
      <ListFrame
        query={query}
        cards
        url={url}
        limit={limit}
        caption={t('equipment.caption')}
        columns={columns}
        rowKey={row => row.id}
        filters={
          <>
            <Choice
              label={t('equipment.columns.state')}
              value={search.state}
              onChange={state => url.change({ state })}
              options={equipmentState.options.map(value => ({
                value,
                label: `${t(`equipment.state.${value}`)}${data ? ` (${number(data.counts[value])})` : ''}`,
              }))}
            />
            <Choice
              label={t('equipment.columns.system')}
              value={search.system}
              onChange={system => url.change({ system })}
              options={(data?.systems ?? []).map(one => ({ value: one.id, label: one.name }))}
            />
          </>
        }
        empty={<Empty title={t('equipment.empty')} help={t('equipment.emptyHelp')} />}
      />
      {data && data.stock.length > 0 && (
        <Card title={t('equipment.stock')}>
          <DataTable
            caption={t('equipment.stockCaption')}
            columns={[
              { key: 'thing', label: t('equipment.columns.thing'), cell: (row: Stock) => row.thing.name },
              {
                key: 'owned',
                label: t('equipment.owned'),
                cell: row =>
                  data.mayStock ? (
                    <Owned row={row} />
                  ) : row.owned === null ? (
                    t('equipment.uncounted')
                  ) : (
                    number(row.owned)
                  ),
              },
              { key: 'out', label: t('equipment.out'), cell: row => number(row.out) },
              { key: 'ordered', label: t('equipment.ordered'), cell: row => number(row.ordered) },
              {
                key: 'left',
                label: t('equipment.left'),
                cell: row => (row.owned === null ? '' : number(row.owned - row.out - row.ordered)),
              },
            ]}
            rows={data.stock}
            rowKey={row => row.thing.id}
            empty={null}
          />
        </Card>
      )}
    </Page>
  )
}

/** How many there are, changed in its place: kept when the field is left or Enter is pressed. */
function Owned(props: { row: Stock }) {
  const { t } = useTexts()
  const { thing, owned } = props.row
  const save = useCommand(saveStock, () => announce(t('equipment.stockSaved')))
  const keep = (text: string) => {
    const next = text.trim() === '' ? null : Number(text)
    if (next === owned || (next !== null && !(Number.isInteger(next) && next >= 0))) return
    save.mutate({ params: { entitlementId: thing.id }, body: { owned: next } })
  }
  return (
    <TextInput
      type="number"
      min={0}
      w={110}
      aria-label={t('equipment.ownedOf', { thing: thing.name })}
      defaultValue={owned ?? ''}
      error={save.error ? t(`problem.${problemOf(save.error).code}`) : undefined}
      onBlur={event => keep(event.currentTarget.value)}
      onKeyDown={event => event.key === 'Enter' && keep(event.currentTarget.value)}
    />
  )
}
