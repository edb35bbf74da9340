import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { approveMappingChange, listMappingChanges, rejectMappingChange, undoMappingChange } from '#contract/mappings.ts'
import { EffectFacts, HeldBack } from '../features/mappings/change-preview.tsx'
import { MappingTabs } from '../features/mappings/mapping-tabs.tsx'
import { isRefused, problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Translate } from '../texts/translate.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import classes from '../ui/desk.module.css'
import { Page } from '../ui/page.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Answer, Empty, Failure } from '../ui/states.tsx'

type Change = ResponseOf<typeof listMappingChanges>['rows'][number]

const stepText = (t: Translate, step: Change['steps'][number]): string =>
  t(`mapping.step.${step.do as 'map'}`, { what: step.what, gives: step.gives ?? '' })

/** Who has mapped what: changes that wait for a second person first. */
export function MappingChangesPage() {
  const { t, instant } = useTexts()
  const query = useCall(listMappingChanges)
  const undo = useCommand(undoMappingChange, answer => announce(t(answer.applied ? 'mapping.undone' : 'mapping.sent')))
  const code = undo.error ? problemOf(undo.error).code : null
  if (isRefused(query))
    return (
      <Page title={t('mapping.changesTitle')}>
        <Failure error={query.error} />
      </Page>
    )
  const columns: Column<Change>[] = [
    {
      key: 'when',
      label: t('mapping.changeColumns.when'),
      cell: row => <span className="nowrap">{instant(row.createdAt)}</span>,
    },
    { key: 'who', label: t('mapping.changeColumns.who'), rank: 2, cell: row => row.createdBy },
    {
      key: 'what',
      label: t('mapping.changeColumns.what'),
      cell: row => (
        <>
          {row.undoes && <div className="meta">{t('mapping.undoOf')}</div>}
          <Steps change={row} />
          {row.reason && <div className="meta">{row.reason}</div>}
        </>
      ),
    },
    {
      key: 'effect',
      label: t('mapping.changeColumns.effect'),
      rank: 3,
      cell: row => t('mapping.effect', { gains: row.counts.gains, losses: row.counts.losses }),
    },
    { key: 'state', label: t('mapping.changeColumns.state'), cell: row => t(`mapping.state.${row.state}`) },
    {
      key: 'actions',
      label: t('mapping.changeColumns.actions'),
      cell: row =>
        row.allowed.undo && (
          <Button
            variant="default"
            size="xs"
            loading={undo.isPending && undo.variables.params?.changeId === row.id}
            aria-label={`${t('mapping.undo')}: ${row.steps[0] ? stepText(t, row.steps[0]) : ''}`}
            onClick={() => undo.mutate({ params: { changeId: row.id } })}
          >
            {t('mapping.undo')}
          </Button>
        ),
    },
  ]
  return (
    <Page title={t('mapping.changesTitle')} section={t('nav.mappings')} lead={t('mapping.changesLead')}>
      <MappingTabs at="changes" />
      {code && (
        <p role="alert" className={classes.wrong}>
          {code === 'conflict' ? t('mapping.conflict') : t(`problem.${code}`)}
        </p>
      )}
      <Answer query={query}>
        {({ rows }) => {
          const held = rows.filter(row => row.state === 'held')
          return (
            <Stack gap={16}>
              {held.length > 0 && (
                <section className="stack">
                  <h2 className="section">{t('mapping.waiting')}</h2>
                  {held.map(row => (
                    <Held key={row.id} change={row} />
                  ))}
                </section>
              )}
              <section>
                <h2 className="section">{t('mapping.made')}</h2>
                <DataTable
                  caption={t('mapping.changesCaption')}
                  columns={columns}
                  rows={rows.filter(row => row.state !== 'held')}
                  rowKey={row => row.id}
                  empty={<Empty title={t('mapping.changesEmpty')} />}
                />
              </section>
            </Stack>
          )
        }}
      </Answer>
    </Page>
  )
}

function Steps(props: { change: Change }) {
  const { t } = useTexts()
  const { steps, stepCount } = props.change
  return (
    <ul style={{ margin: 0, paddingLeft: 18 }}>
      {steps.slice(0, 4).map(step => (
        <li key={stepText(t, step)}>{stepText(t, step)}</li>
      ))}
      {stepCount > 4 && <li className="meta">{t('mapping.more', { count: stepCount - 4 })}</li>}
    </ul>
  )
}

function Held(props: { change: Change }) {
  const { t, instant } = useTexts()
  const { change } = props
  const [rejecting, setRejecting] = useState(false)
  const approve = useCommand(approveMappingChange, () => announce(t('mapping.approved')))
  const reject = useCommand(rejectMappingChange, () => {
    setRejecting(false)
    announce(t('mapping.rejected'))
  })
  const code = approve.error ? problemOf(approve.error).code : null
  return (
    <Card tone="wait" level={3} title={t('mapping.by', { who: change.createdBy, when: instant(change.createdAt) })}>
      <Stack gap={12}>
        <Steps change={change} />
        <EffectFacts counts={change.counts} />
        <HeldBack counts={change.counts} />
        {code && (
          <p role="alert" className={classes.wrong}>
            {code === 'plan-stale' ? t('mapping.stale') : t(`problem.${code}`)}
          </p>
        )}
        {change.own && <p className="dim">{t('mapping.ownChange')}</p>}
        <Group gap={8}>
          {change.allowed.approve && (
            <Button loading={approve.isPending} onClick={() => approve.mutate({ params: { changeId: change.id } })}>
              {t('mapping.approve')}
            </Button>
          )}
          {(change.allowed.approve || change.own) && (
            <Button variant="default" onClick={() => setRejecting(true)}>
              {t('mapping.reject')}
            </Button>
          )}
        </Group>
      </Stack>
      {rejecting && (
        <ReasonDialog
          title={t('mapping.reject')}
          danger
          busy={reject.isPending}
          error={reject.error ? t(`problem.${problemOf(reject.error).code}`) : null}
          onConfirm={reason => reject.mutate({ params: { changeId: change.id }, body: { reason } })}
          onClose={() => setRejecting(false)}
        >
          <Steps change={change} />
        </ReasonDialog>
      )}
    </Card>
  )
}
