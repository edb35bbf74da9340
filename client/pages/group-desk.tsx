import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { getGroupCase, searchGroups } from '#contract/mappings.ts'
import { NewEntitlement } from '../features/entitlements/new-entitlement.tsx'
import { ChangePreview } from '../features/mappings/change-preview.tsx'
import { GroupCaseDetail, rightName } from '../features/mappings/group-case.tsx'
import { GroupList, type GroupRow, mayBulk } from '../features/mappings/group-list.tsx'
import { MappingTabs } from '../features/mappings/mapping-tabs.tsx'
import { UndoLine } from '../features/mappings/undo-line.tsx'
import { useDeskPages } from '../features/mappings/use-desk-pages.ts'
import { type Step, useMappingChange } from '../features/mappings/use-mapping-change.ts'
import { isRefused } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { BoxBar } from '../ui/case-list.tsx'
import classes from '../ui/desk.module.css'
import { Choice, FilterRow, SearchField } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import type { PickedRight } from '../ui/right-picker.tsx'
import { Answer, Empty, Failure } from '../ui/states.tsx'
import { KeyHelp, useDesk, useTicked } from '../ui/use-desk.tsx'

const route = getRouteApi('/app/group-mappings/desk')
const limit = 50
const SHOWS = ['strong', 'possible', 'weak', 'none', 'notRight', 'aside'] as const

/** Groups that nobody has mapped: what they may give, decided one by one or, where it is plain, together. */
export function GroupDeskPage() {
  const { t, number, ago } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate(), { stay: true })
  const { change: go } = url
  const [text, setText] = useUrlText(search.text, value => go({ text: value, group: undefined }))
  const { show } = search
  const list = useCall(
    searchGroups,
    {
      body: {
        ...(search.text ? { text: search.text } : {}),
        ...(search.source ? { source: search.source } : {}),
        ...(show === 'notRight'
          ? { notRight: true }
          : show === 'aside'
            ? { aside: true }
            : show
              ? { level: show }
              : {}),
        sort: search.sort ?? 'members',
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const rows = list.data?.rows ?? []
  const ids = rows.map(row => row.id)
  const desk = useDesk({
    ids,
    wanted: search.group,
    choose: group => go({ group, offset: url.offset || undefined }),
  })
  const { chosen, choose } = desk
  const row = rows.find(one => one.id === chosen)
  const found = useCall(getGroupCase, { params: { groupId: chosen ?? '' } }, { enabled: chosen !== undefined })
  const group = found.data?.id === chosen ? found.data : undefined
  const [pick, setPick] = useState<{ of: string; right: PickedRight | null } | null>(null)
  const best = group?.candidates[0]
  const picked =
    pick && pick.of === chosen
      ? pick.right
      : best?.allowed && (best.level === 'strong' || best.level === 'possible') && !group?.notRight
        ? best.entitlement
        : null
  const setPicked = (right: PickedRight | null) => chosen && setPick({ of: chosen, right })
  const [preview, setPreview] = useState<{ title: string; steps: Step[]; said: string } | null>(null)
  const [asking, setAsking] = useState(false)
  const [making, setMaking] = useState(false)
  const mapping = useMappingChange()
  const mayAside = list.data?.allowed.aside ?? false
  const ticked = useTicked(rows, { id: one => one.id, may: one => mayBulk(one, mayAside) })

  const pages = useDeskPages({ list, offset: url.offset, limit, desk: desk.ref, go })

  /** What has been decided leaves the list; the next one comes to the hand, from the next page where this one ends. */
  const next = () => {
    if (chosen !== undefined && chosen === ids.at(-1)) pages.refill()
    desk.goOn()
  }
  const accept = () => {
    if (!group || !picked || !group.allowed.change || group.aside) return
    mapping.change(
      { steps: [{ do: 'map', group: group.id, entitlement: picked.id }], hash: null },
      t('groupDesk.acceptedOne', { group: group.name, right: rightName(picked) }),
      next,
    )
  }
  const stepOf = (one: GroupRow): Step =>
    one.bulk && one.entitlement
      ? { do: 'map', group: one.id, entitlement: one.entitlement.id }
      : { do: 'not-right', group: one.id, reason: t('groupDesk.notRightDefault') }
  const bulk = () => {
    const maps = ticked.rows.filter(one => one.bulk)
    const of = maps.length > 0 ? maps : ticked.rows
    const said = maps.length > 0 ? 'mapping.done' : 'mapping.aside'
    setPreview({
      title: t(maps.length > 0 ? 'groupDesk.bulk' : 'groupDesk.bulkAside'),
      steps: of.map(stepOf),
      said: t(said, { count: of.length }),
    })
  }
  const findOther = () => {
    const button = desk.ref.current?.querySelector<HTMLButtonElement>('[data-other]')
    if (button?.getAttribute('aria-expanded') === 'false') button.click()
    requestAnimationFrame(() => document.getElementById('other-right')?.focus())
  }
  const keys = desk.props({
    pick: place => {
      if (place === 1) accept()
      if (place === 2) findOther()
      if (place === 3 && group?.allowed.aside && !group.aside) setAsking(true)
    },
    ...{ select: ticked.turn, undo: mapping.undo, turn: pages.turn },
  })
  if (isRefused(list))
    return (
      <Page title={t('groupDesk.title')}>
        <Failure error={list.error} />
      </Page>
    )
  const counts = list.data?.counts
  return (
    <Page title={t('groupDesk.title')} section={t('nav.mappings')} lead={t('groupDesk.lead')}>
      <MappingTabs at="desk" />
      <FilterRow>
        <SearchField label={t('groupDesk.search')} hint={t('groupDesk.searchHint')} value={text} onChange={setText} />
        <Choice
          label={t('groupDesk.show')}
          value={show}
          all={t('groupDesk.all')}
          onChange={value => go({ show: value, group: undefined })}
          options={SHOWS.map(value => ({
            value,
            label: `${t(`groupDesk.levels.${value}`)}${counts ? ` (${number(counts[value])})` : ''}`,
          }))}
        />
        <Choice
          label={t('groupDesk.source')}
          value={search.source}
          onChange={source => go({ source, group: undefined })}
          options={(list.data?.sources ?? []).map(value => ({ value, label: value }))}
        />
        <Choice
          label={t('groupDesk.sort')}
          value={search.sort}
          all={t('groupDesk.sorts.members')}
          onChange={sort => go({ sort, group: undefined })}
          options={(['confidence', 'name'] as const).map(value => ({ value, label: t(`groupDesk.sorts.${value}`) }))}
        />
      </FilterRow>
      {!preview && <UndoLine change={mapping} />}
      <Answer query={list}>
        {data =>
          data.rows.length === 0 ? (
            <Card>
              {url.filtered ? (
                <Empty
                  title={t('list.emptyFiltered')}
                  help={t('list.emptyFilteredHelp')}
                  action={
                    <Button variant="default" onClick={url.clear}>
                      {t('do.clear')}
                    </Button>
                  }
                />
              ) : (
                <Empty good title={t('groupDesk.empty')} help={t('groupDesk.emptyHelp')} />
              )}
            </Card>
          ) : (
            <div {...keys}>
              <div className={classes.side}>
                <BoxBar
                  ticked={ticked}
                  all={t('groupDesk.selectAll')}
                  none={t('groupDesk.selectNone')}
                  said={t('groupDesk.selected', { count: ticked.rows.length })}
                >
                  <Button size="xs" data-bulk onClick={bulk}>
                    {t(ticked.rows.some(one => one.bulk) ? 'groupDesk.bulk' : 'groupDesk.bulkAside')}
                  </Button>
                </BoxBar>
                <GroupList rows={data.rows} chosen={chosen} ticked={ticked} aside={mayAside} onChoose={choose} />
                <div className={classes.sideFoot}>
                  <Pager offset={url.offset} limit={limit} total={data.total} onMove={url.move} hint={false} />
                  <p className="meta">
                    {data.madeAt ? t('groupDesk.madeAt', { when: ago(data.madeAt) }) : t('groupDesk.making')}
                  </p>
                </div>
              </div>
              <div className={classes.detail}>
                <Keys />
                {chosen === undefined ? (
                  <p className="dim">{t('groupDesk.choose')}</p>
                ) : (
                  <Answer query={found}>
                    {one => (
                      <GroupCaseDetail
                        key={one.id}
                        group={one}
                        busy={mapping.busy}
                        picked={picked}
                        onPick={setPicked}
                        onAccept={accept}
                        onPreview={() =>
                          picked &&
                          setPreview({
                            title: t('groupDesk.acceptedOne', { group: one.name, right: rightName(picked) }),
                            steps: [{ do: 'map', group: one.id, entitlement: picked.id }],
                            said: t('groupDesk.acceptedOne', { group: one.name, right: rightName(picked) }),
                          })
                        }
                        onAside={() => setAsking(true)}
                        onReopen={() =>
                          mapping.change(
                            { steps: [{ do: 'reopen', group: one.id }], hash: null },
                            t('mapping.reopened'),
                            next,
                          )
                        }
                        onNewRight={() => setMaking(true)}
                      />
                    )}
                  </Answer>
                )}
              </div>
            </div>
          )
        }
      </Answer>
      {preview && (
        <ChangePreview
          {...preview}
          change={mapping}
          onDone={() => {
            ticked.clear()
            go({ group: undefined, offset: undefined })
          }}
          onClose={() => setPreview(null)}
        />
      )}
      {asking && group && (
        <ReasonDialog
          title={t('groupDesk.notRightQuestion')}
          verb={t('groupDesk.notRight')}
          busy={mapping.busy}
          error={mapping.problem}
          onConfirm={reason =>
            mapping.change(
              { steps: [{ do: 'not-right', group: group.id, reason }], hash: null },
              t('mapping.aside', { count: 1 }),
              () => {
                setAsking(false)
                next()
              },
            )
          }
          onClose={() => setAsking(false)}
        >
          <p>{group.name}</p>
        </ReasonDialog>
      )}
      {making && group && (
        <NewEntitlement
          system={row?.entitlement?.system ?? null}
          onDone={made => {
            setMaking(false)
            setPicked(made)
          }}
          onClose={() => setMaking(false)}
        />
      )}
    </Page>
  )
}

function Keys() {
  const { t } = useTexts()
  return (
    <KeyHelp
      label={t('groupDesk.keys')}
      keys={[
        ['j / k', t('groupDesk.keysHelp.move')],
        ['1', t('groupDesk.keysHelp.accept')],
        ['2', t('groupDesk.keysHelp.other')],
        ['3', t('groupDesk.keysHelp.aside')],
        [t('groupDesk.space'), t('groupDesk.keysHelp.select')],
        ['z', t('groupDesk.keysHelp.undo')],
      ]}
    />
  )
}
