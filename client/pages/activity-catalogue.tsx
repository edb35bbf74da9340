import { Button, Checkbox, Group } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { z } from 'zod'
import { adoptActivities, type CatalogueRow, listCatalogueActivities } from '#contract/activity-catalogue.ts'
import { problemOf } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import type { Column } from '../ui/data-table.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/activities/catalogue')
/** The whole catalogue is one list. */
const limit = 1000
const yesNo = z.enum(['yes', 'no'])

/** Activities to begin records from, by area: look at one whole, adopt one or many. */
export function ActivityCataloguePage() {
  const { t, number, language } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const adopted = yesNo.safeParse(search.adopted).data
  const [text, setText] = useUrlText(search.text, value => url.change({ text: value }))
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const query = useCall(
    listCatalogueActivities,
    {
      query: {
        ...(search.text ? { search: search.text } : {}),
        ...(search.area ? { area: search.area } : {}),
        ...(adopted ? { adopted } : {}),
      },
    },
    { keep: true },
  )
  const data = query.data
  const adopt = useCommand(adoptActivities, ({ made }) => {
    setChosen(new Set())
    announce(t('activityCatalogue.adoptedNow', { count: made.length }))
  })
  const may = data?.allowed.adopt === true
  const free = (data?.rows ?? []).filter(row => row.adopted === null).map(row => row.key)
  const nameOf = (row: CatalogueRow) => (language === 'da' ? row.name : row.nameEn)
  const classNames = useTexts().all.activity.class
  const columns: Column<CatalogueRow>[] = [
    {
      key: 'name',
      label: t('activityCatalogue.columns.name'),
      width: '55%',
      cell: row => (
        <Group gap={10} wrap="nowrap" align="flex-start">
          {may && row.adopted === null && (
            <Checkbox
              mt={2}
              className="no-print"
              aria-label={t('activityCatalogue.select', { name: nameOf(row) })}
              checked={chosen.has(row.key)}
              onChange={event => {
                const next = new Set(chosen)
                if (event.currentTarget.checked) next.add(row.key)
                else next.delete(row.key)
                setChosen(next)
              }}
            />
          )}
          <div>
            <Link to="/activities/catalogue/$key" params={{ key: row.key }} className="link">
              {nameOf(row)}
            </Link>
            <div className="meta">{language === 'da' ? row.about : row.aboutEn}</div>
          </div>
        </Group>
      ),
    },
    { key: 'kle', label: t('activityCatalogue.columns.kle'), rank: 2, cell: row => row.kle.join(', ') },
    {
      key: 'classes',
      label: t('activityCatalogue.columns.classes'),
      rank: 1,
      cell: row => <span className="meta">{row.classes.map(one => classNames[one]).join(', ')}</span>,
    },
    {
      key: 'adopted',
      label: t('activityCatalogue.columns.adopted'),
      cell: row =>
        row.adopted ? (
          <Status tone="ok" icon={IconCircleCheck} plain>
            <Link to="/activities/$activityId" params={{ activityId: row.adopted.activityId }} className="link">
              {row.adopted.ref}
            </Link>
          </Status>
        ) : (
          <span className="meta">{t('activityCatalogue.notAdopted')}</span>
        ),
    },
  ]
  return (
    <Page
      title={t('activityCatalogue.title')}
      lead={t('activityCatalogue.lead')}
      crumbs={[{ label: t('activities.title'), to: '/activities' }]}
    >
      <ErrorSummary errors={adopt.error ? [{ text: t(`problem.${problemOf(adopt.error).code}`) }] : []} />
      <ListFrame
        query={query}
        url={url}
        limit={limit}
        caption={t('activityCatalogue.caption')}
        columns={columns}
        rowKey={row => row.key}
        groupOf={row => ({ key: row.area, label: language === 'da' ? row.area : row.areaEn })}
        search={{
          label: t('activityCatalogue.search'),
          hint: t('activityCatalogue.searchHint'),
          ...{ value: text, onChange: setText },
        }}
        filters={
          <>
            <Choice
              label={t('activityCatalogue.area')}
              value={search.area}
              onChange={area => url.change({ area })}
              options={(data?.areas ?? []).map(one => ({
                value: one.area,
                label: `${language === 'da' ? one.area : one.areaEn} (${number(one.count)})`,
              }))}
            />
            <Choice
              label={t('activityCatalogue.adopted')}
              value={adopted}
              onChange={value => url.change({ adopted: value })}
              options={yesNo.options.map(value => ({ value, label: t(`activityCatalogue.${value}`) }))}
            />
          </>
        }
        note={
          data && (
            <Group gap={12} mb={8}>
              <p className="dim">
                {t('activityCatalogue.counts', { adopted: number(data.adopted), all: number(data.all) })}
              </p>
              {may && (
                <Group gap={8} className="no-print">
                  <Button
                    variant="default"
                    size="compact-sm"
                    disabled={free.length === 0 && chosen.size === 0}
                    onClick={() => setChosen(new Set(chosen.size > 0 ? [] : free))}
                  >
                    {t(chosen.size > 0 ? 'activityCatalogue.selectNone' : 'activityCatalogue.selectAll')}
                  </Button>
                  {chosen.size > 0 && (
                    <Button
                      size="compact-sm"
                      loading={adopt.isPending}
                      onClick={() => adopt.mutate({ body: { keys: [...chosen] } })}
                    >
                      {t('activityCatalogue.adoptMany', { count: chosen.size })}
                    </Button>
                  )}
                </Group>
              )}
            </Group>
          )
        }
        empty={<Empty title={t('activityCatalogue.empty')} help={t('activityCatalogue.emptyHelp')} />}
      />
    </Page>
  )
}
