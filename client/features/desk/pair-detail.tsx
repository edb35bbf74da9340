import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { type getPersonCase, keepPersonsApart, reopenPersonCase } from '#contract/person-matches.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import classes from '../../ui/desk.module.css'
import { PersonLink } from '../../ui/person-link.tsx'
import { PersonStatus } from '../../ui/person-status.tsx'
import { CompareTable } from './compare-table.tsx'
import { MergeDialog } from './merge-dialog.tsx'

export type PersonPair = ResponseOf<typeof getPersonCase>
type Side = PersonPair['people'][number]

/** Two records side by side; nobody but a person says that they are one. */
export function PairDetail(props: { pair: PersonPair; onDone: () => void }) {
  const { t, day, instant } = useTexts()
  const { pair } = props
  const [merging, setMerging] = useState(false)
  const keep = useCommand(keepPersonsApart, () => {
    announce(t('pairs.keptApart'))
    props.onDone()
  })
  const reopen = useCommand(reopenPersonCase, () => announce(t('pairs.reopened')))
  const error = keep.error ?? reopen.error
  const [one, two] = pair.people
  if (!one || !two) return null
  const at = { params: { caseId: pair.id } }
  const nameOf = (side: Side) => side.person.name ?? t('people.protectedPerson')
  return (
    <>
      <div className={classes.detailHead}>
        <h2>{t('pairs.pair', { one: nameOf(one), two: nameOf(two) })}</h2>
      </div>
      <p className="dim">
        {t(`pairs.evidence.${pair.evidence}`)}, {t('desk.since', { when: day(pair.since) })}.{' '}
        {pair.runId && (
          <Link to="/sync/runs/$runId" params={{ runId: pair.runId }} className="link">
            {t('desk.sinceRun')}
          </Link>
        )}
      </p>
      <CompareTable
        caption={t('pairs.caption')}
        first={<SideHead side={one} />}
        columns={[{ key: two.person.id, head: <SideHead side={two} />, compared: pair.compared }]}
      />
      <p className="meta">{t('pairs.secret')}</p>
      {pair.decision && (
        <p className="dim">
          {t(`pairs.states.${pair.state}`)}.{' '}
          {t('pairs.decided', { who: pair.decision.by, when: instant(pair.decision.at) })}
          {pair.decision.reason && `: ${pair.decision.reason}`}
        </p>
      )}
      {error && (
        <p role="alert" className={classes.wrong}>
          {t(`problem.${problemOf(error).code}`)}
        </p>
      )}
      <div className={classes.actions}>
        {pair.state === 'open' && pair.allowed.merge && (
          <Button onClick={() => setMerging(true)}>{t('pairs.merge')}</Button>
        )}
        {pair.state === 'open' && pair.allowed.decide && (
          <Button variant="default" loading={keep.isPending} onClick={() => keep.mutate({ ...at, body: {} })}>
            {t('pairs.different')}
          </Button>
        )}
        {pair.state === 'different' && pair.allowed.decide && (
          <Button variant="default" loading={reopen.isPending} onClick={() => reopen.mutate(at)}>
            {t('pairs.reopen')}
          </Button>
        )}
        {pair.state === 'merged' && (
          <Button component={Link} to="/desk/merges" variant="default">
            {t('pairs.toMerge')}
          </Button>
        )}
      </div>
      {merging && (
        <MergeDialog
          one={one.person}
          two={two.person}
          onClose={() => setMerging(false)}
          onDone={() => {
            setMerging(false)
            props.onDone()
          }}
        />
      )}
    </>
  )
}

function SideHead(props: { side: Side }) {
  const { t } = useTexts()
  const { side } = props
  return (
    <span className={classes.candidate}>
      <span className={classes.candidateName}>
        <PersonLink person={side.person} />
      </span>
      <span className="meta">
        {[side.title ?? t(`enum.personKind.${side.kind}`), side.unit?.name].filter(Boolean).join(' · ')}
      </span>
      <PersonStatus status={side.status} plain />
      <span className="meta">{t('pairs.sources', { list: side.sources.join(', ') })}</span>
    </span>
  )
}
