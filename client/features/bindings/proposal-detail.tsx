import { Button, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Proposal } from '#contract/bindings.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/desk.module.css'
import { Confidence } from './proposal-list.tsx'
import own from './proposals.module.css'

export const NECESSITY = 'binding-necessity'

/** One proposal: what is bound to what, on what it rests, and the words that are kept when it is accepted. */
export function ProposalDetail(props: {
  proposal: Proposal
  busy: boolean
  necessity: string
  onNecessity: (words: string) => void
  onAccept: () => void
  onReject: () => void
  /** Say more otherwise than the words: part of the data, limits, an end. */
  onAdjust: () => void
}) {
  const { t } = useTexts()
  const may = useMay()
  const { proposal } = props
  const { allowed, activity, system } = proposal
  const usedFor = t('bindings.usedFor', {
    purpose: proposal.purpose.name,
    activity: `${activity.ref} ${activity.name}`,
  })
  return (
    <div className={own.form}>
      <div className={classes.detailHead}>
        <h2>{proposal.label}</h2>
        <Confidence of={proposal.confidence} />
      </div>
      <p className="dim">
        {proposal.object.level === 'system' ? (
          t('bindings.wholeSystem')
        ) : (
          <Link to="/systems/$systemId" params={{ systemId: system.id }} className="link">
            {t('bindings.oneRight', { system: system.name })}
          </Link>
        )}
        {' · '}
        {t('bindings.people', { count: proposal.people })}
      </p>
      <p>
        {may('activity.read') ? (
          <Link to="/activities/$activityId" params={{ activityId: activity.id }} className="link">
            {usedFor}
          </Link>
        ) : (
          usedFor
        )}
      </p>
      <div>
        <h3>{t('bindings.evidence')}</h3>
        <p>
          {t(`bindings.source.${proposal.source}`)}
          {proposal.source.endsWith('kle') && ` (${t('bindings.kle', { numbers: proposal.evidence.join(', ') })})`}
        </p>
        {proposal.scope.kle && <p className="dim">{t('bindings.scope', { numbers: proposal.scope.kle.join(', ') })}</p>}
      </div>
      {allowed.decide ? (
        <Textarea
          id={NECESSITY}
          label={t('bindings.necessity')}
          description={t('bindings.necessityHelp')}
          value={props.necessity}
          onChange={event => props.onNecessity(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={1000}
        />
      ) : (
        <div>
          <h3>{t('bindings.necessity')}</h3>
          <p>{proposal.necessity}</p>
        </div>
      )}
      {allowed.decide ? (
        <div className={classes.actions}>
          <Button onClick={props.onAccept} loading={props.busy} disabled={props.necessity.trim().length < 10}>
            {t('bindings.accept')}
          </Button>
          <Button variant="default" onClick={props.onAdjust} disabled={props.busy}>
            {t('bindingForm.adjust')}
          </Button>
          <Button variant="default" onClick={props.onReject} disabled={props.busy}>
            {t('bindings.reject')}
          </Button>
        </div>
      ) : (
        <p className="dim">{t('bindings.notYours')}</p>
      )}
    </div>
  )
}
