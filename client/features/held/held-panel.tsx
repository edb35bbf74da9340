import { Button } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RunDetail } from '#contract/feeds.ts'
import { getHeld, type HeldChanges } from '#contract/held.ts'
import { useCall } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { Answer } from '../../ui/states.tsx'
import { asDecision, type Chosen, chooseGroup, countChosen, firstChoice } from './choice.ts'
import { DecideHeld } from './decide-held.tsx'
import classes from './held.module.css'
import { HeldDecisions } from './held-decisions.tsx'
import { HeldGroupRow } from './held-group.tsx'

/** What the guards hold back, grouped by cause: a second person ticks what is right and carries it out. */
export function HeldPanel(props: { run: RunDetail }) {
  const query = useCall(getHeld, { params: { runId: props.run.id } })
  return <Answer query={query}>{held => <Panel key={held.hash} run={props.run} held={held} />}</Answer>
}

function Panel(props: { run: RunDetail; held: HeldChanges }) {
  const { t, instant } = useTexts()
  const { run, held } = props
  const may = useMay()('run.approve')
  const [chosen, setChosen] = useState<Chosen>(() => firstChoice(held.groups))
  const [deciding, setDeciding] = useState<'approve' | 'reject' | null>(null)
  const [none, setNone] = useState(false)
  if (held.waiting === 0 && held.decisions.length === 0) return null
  if (held.waiting === 0) return <HeldDecisions decisions={held.decisions} />
  const count = countChosen(chosen, held.groups)
  const decide = (kind: 'approve' | 'reject') => {
    setNone(count === 0)
    if (count > 0) setDeciding(kind)
  }
  const open = held.hash !== null && held.replacedBy === null
  return (
    <Card
      tone="wait"
      title={t(held.mayNot === null && may ? 'held.title' : 'held.titleOthers')}
      aside={<IconHandStop size={20} aria-hidden style={{ color: 'var(--app-wait)' }} />}
    >
      <div className="stack">
        <p>
          {t('held.count', { count: held.waiting })}. {open && t('held.help')}
        </p>
        <p className="meta">
          {[
            held.since && t('held.since', { when: instant(held.since) }),
            held.expiresAt && t('held.expires', { when: instant(held.expiresAt) }),
          ]
            .filter(Boolean)
            .join('. ')}
        </p>
        {held.replacedBy && (
          <p>
            {t('held.replaced')}{' '}
            <Link to="/sync/runs/$runId" params={{ runId: held.replacedBy }} className="link">
              {t('held.replacedLink')}
            </Link>
          </p>
        )}
        <ul className={classes.groups} aria-label={t('held.groups')}>
          {held.groups.map(group => (
            <HeldGroupRow
              key={group.cause}
              runId={run.id}
              group={group}
              chosen={chosen}
              choosing={open && may}
              onGroup={on => setChosen(chooseGroup(chosen, group.cause, on))}
              onChosen={setChosen}
            />
          ))}
        </ul>
        {held.mayNot && <p className={classes.note}>{t(`held.mayNot.${held.mayNot}`)}</p>}
        {open && may && (
          <div className={classes.foot}>
            {held.mayNot === null && (
              <Button onClick={() => decide('approve')}>{t('held.approveCount', { count })}</Button>
            )}
            <Button variant="outline" color="red" onClick={() => decide('reject')}>
              {t('held.rejectCount', { count })}
            </Button>
            {none && count === 0 && (
              <span role="alert" className={classes.wrong}>
                {t('held.noneChosen')}
              </span>
            )}
          </div>
        )}
        {held.decisions.length > 0 && <HeldDecisions decisions={held.decisions} inside />}
      </div>
      {deciding && held.hash !== null && (
        <DecideHeld
          runId={run.id}
          hash={held.hash}
          kind={deciding}
          count={count}
          decision={asDecision(chosen, held.groups)}
          onClose={() => setDeciding(null)}
        />
      )}
    </Card>
  )
}
