import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { type Proposal, searchProposals } from '#contract/bindings.ts'
import { confidence } from '#contract/register-lists.ts'
import { BindingsTabs } from '../features/bindings/bindings-tabs.tsx'
import { NECESSITY, ProposalDetail } from '../features/bindings/proposal-detail.tsx'
import { mayTogether, ProposalList } from '../features/bindings/proposal-list.tsx'
import { useDecisions } from '../features/bindings/use-decisions.ts'
import { isRefused } from '../lib/call.ts'
import { lastDay } from '../lib/formats.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { BindingDialog } from '../ui/binding-dialog.tsx'
import { draftOf } from '../ui/binding-terms.ts'
import { Card } from '../ui/card.tsx'
import { BoxBar } from '../ui/case-list.tsx'
import { Coverage } from '../ui/coverage.tsx'
import classes from '../ui/desk.module.css'
import { Choice, FilterRow, Toggle } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Answer, Empty, Failure } from '../ui/states.tsx'
import { KeyHelp, LastDone, useDesk, useTicked } from '../ui/use-desk.tsx'

const route = getRouteApi('/app/bindings')
const limit = 100

/** What rights might be for: an owner settles a hundred in a sitting, one by one or, where it is plain, together. */
export function BindingsPage() {
  const { t, number } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate(), { stay: true })
  const list = useCall(
    searchProposals,
    {
      body: {
        ...(search.system ? { system: search.system } : {}),
        ...(search.confidence ? { confidence: search.confidence } : {}),
        ...(search.together ? { together: true } : {}),
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const rows = list.data?.rows ?? []
  const ids = rows.map(row => row.key)
  const desk = useDesk({
    ids,
    wanted: search.proposal && ids.includes(search.proposal) ? search.proposal : undefined,
    choose: key => url.change({ proposal: key, offset: url.offset || undefined }),
  })
  const { chosen, choose } = desk
  const proposal = rows.find(row => row.key === chosen)
  const [words, setWords] = useState<{ of: string; text: string } | null>(null)
  const [asking, setAsking] = useState<Proposal | null>(null)
  const [adjusting, setAdjusting] = useState<Proposal | null>(null)
  const decisions = useDecisions()
  const necessity = words && words.of === chosen ? words.text : (proposal?.necessity ?? '')
  const ticked = useTicked(rows, { id: row => row.key, may: mayTogether })

  const accept = () => {
    if (!proposal?.allowed.decide || necessity.trim().length < 10) return
    decisions.decide([{ action: 'accept', key: proposal.key, terms: { necessity: necessity.trim() } }], desk.goOn)
  }
  const keys = desk.props({
    pick: place => {
      // The case that is being decided still stands there until the answer is: the next key is meant for the one after it.
      if (decisions.busy) return
      if (place === 1) accept()
      if (place === 2) document.getElementById(NECESSITY)?.focus()
      if (place === 3 && proposal?.allowed.decide) setAsking(proposal)
    },
    ...{ select: ticked.turn, undo: decisions.undo },
  })
  if (isRefused(list))
    return (
      <Page title={t('bindings.title')}>
        <Failure error={list.error} />
      </Page>
    )
  return (
    <Page title={t('bindings.title')} lead={t('bindings.lead')}>
      <BindingsTabs at="desk" />
      <Coverage />
      <FilterRow>
        <Choice
          label={t('bindings.system')}
          value={search.system}
          onChange={system => url.change({ system, proposal: undefined })}
          options={(list.data?.systems ?? []).map(one => ({
            value: one.id,
            label: `${one.name} (${number(one.proposals)})`,
          }))}
        />
        <Choice
          label={t('bindings.strength')}
          value={search.confidence}
          all={t('bindings.all')}
          onChange={value => url.change({ confidence: value, proposal: undefined })}
          options={confidence.options.map(value => ({ value, label: t(`bindings.confidence.${value}`) }))}
        />
        <Toggle
          on={search.together === true}
          onChange={on => url.change({ together: on || undefined, proposal: undefined })}
        >
          {t('bindings.together')}
        </Toggle>
      </FilterRow>
      <LastDone {...decisions} verb={t('bindings.undo')} />
      <Answer query={list}>
        {data =>
          data.rows.length === 0 ? (
            <Card>
              <Empty good title={t('bindings.empty')} help={t('bindings.emptyHelp')} />
            </Card>
          ) : (
            <div {...keys}>
              <div className={classes.side}>
                <BoxBar
                  ticked={ticked}
                  all={t('bindings.selectAll')}
                  none={t('bindings.selectNone')}
                  said={t('bindings.selected', { count: ticked.rows.length })}
                >
                  <Button
                    size="xs"
                    loading={decisions.busy}
                    onClick={() =>
                      decisions.decide(
                        ticked.rows.map(row => ({ action: 'accept', key: row.key })),
                        () => {
                          ticked.clear()
                          choose(undefined)
                        },
                      )
                    }
                  >
                    {t('bindings.acceptSelected', { count: ticked.rows.length })}
                  </Button>
                </BoxBar>
                <ProposalList rows={data.rows} chosen={chosen} ticked={ticked} onChoose={choose} />
                <div className={classes.sideFoot}>
                  <Pager offset={url.offset} limit={limit} total={data.total} onMove={url.move} hint={false} />
                </div>
              </div>
              <div className={classes.detail}>
                <Keys />
                {proposal ? (
                  <ProposalDetail
                    key={proposal.key}
                    proposal={proposal}
                    busy={decisions.busy}
                    necessity={necessity}
                    onNecessity={text => setWords({ of: proposal.key, text })}
                    onAccept={accept}
                    onReject={() => setAsking(proposal)}
                    onAdjust={() => setAdjusting(proposal)}
                  />
                ) : (
                  <p className="dim">{t('bindings.choose')}</p>
                )}
              </div>
            </div>
          )
        }
      </Answer>
      {adjusting && (
        <BindingDialog
          title={t('bindingForm.adjustTitle')}
          what={`${adjusting.label}: ${adjusting.activity.name}`}
          verb={t('bindingForm.adjustAccept')}
          start={draftOf({ ...adjusting, necessity }, lastDay)}
          fixed
          busy={decisions.busy}
          problem={decisions.problem}
          onSubmit={({ activityId: _, ...terms }) =>
            decisions.decide([{ action: 'accept', key: adjusting.key, terms }], () => {
              setAdjusting(null)
              desk.goOn()
            })
          }
          onClose={() => setAdjusting(null)}
        />
      )}
      {asking && (
        <ReasonDialog
          title={t('bindings.rejectQuestion')}
          verb={t('bindings.reject')}
          busy={decisions.busy}
          error={decisions.problem}
          onConfirm={reason =>
            decisions.decide([{ action: 'reject', key: asking.key, reason }], () => {
              setAsking(null)
              desk.goOn()
            })
          }
          onClose={() => setAsking(null)}
        >
          <p>
            {asking.label}: {asking.activity.name}
          </p>
        </ReasonDialog>
      )}
    </Page>
  )
}

function Keys() {
  const { t } = useTexts()
  return (
    <KeyHelp
      label={t('bindings.keys')}
      keys={[
        ['j / k', t('bindings.keysHelp.move')],
        ['1', t('bindings.keysHelp.accept')],
        ['2', t('bindings.keysHelp.adjust')],
        ['3', t('bindings.keysHelp.reject')],
        [t('bindings.space'), t('bindings.keysHelp.select')],
        ['z', t('bindings.keysHelp.undo')],
      ]}
    />
  )
}
