import { UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getRuleReach } from '#contract/rule-looks.ts'
import { useCall } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import { Answer } from '../../../ui/states.tsx'
import classes from './editor.module.css'

type Unit = ResponseOf<typeof getRuleReach>['units'][number]

/** The unit tree as far as a rule reaches: where it is named, what it covers from above, and how many of how many. */
export function ReachTree(props: { ruleKey: string }) {
  const { t } = useTexts()
  const query = useCall(getRuleReach, { params: { key: props.ruleKey } })
  return (
    <Card title={t('ruleDesk.reach')}>
      <Answer query={query}>{reach => <Reached reach={reach} />}</Answer>
    </Card>
  )
}

/** The tree of an answer, of a rule that is stored or of conditions that are being written. */
export function Reached(props: { reach: ResponseOf<typeof getRuleReach> }) {
  const { t, number } = useTexts()
  const { units, withoutUnit } = props.reach
  const below = Map.groupBy(units, one => one.parent)
  const tops = below.get(null) ?? []
  if (units.length + withoutUnit === 0) return <p className="dim">{t('ruleDesk.reachNone')}</p>
  return (
    <div className={classes.stack}>
      <p className="dim">{t('ruleDesk.reachHelp')}</p>
      <ul className={classes.reach}>
        {tops.map(one => (
          <Branch key={one.unit.id} one={one} below={below} open={tops.length === 1} />
        ))}
      </ul>
      {withoutUnit > 0 && (
        <p className="meta">
          {t('ruleDesk.withoutUnit')}: {number(withoutUnit)}
        </p>
      )}
    </div>
  )
}

function Branch(props: { one: Unit; below: ReadonlyMap<string | null, Unit[]>; open: boolean }) {
  const { t, number } = useTexts()
  const { one, below } = props
  const inner = below.get(one.unit.id) ?? []
  const [open, setOpen] = useState(props.open)
  const Sign = open ? IconChevronDown : IconChevronRight
  return (
    <li>
      <div>
        {inner.length > 0 ? (
          <UnstyledButton
            aria-expanded={open}
            aria-label={t(open ? 'ruleDesk.reachClose' : 'ruleDesk.reachOpen', { name: one.unit.name })}
            onClick={() => setOpen(!open)}
          >
            <Sign size={16} aria-hidden />
          </UnstyledButton>
        ) : (
          <span />
        )}
        <span data-how={one.how}>
          <Link to="/org/$unitId" params={{ unitId: one.unit.id }} className="link">
            {one.unit.name}
          </Link>{' '}
          {one.how !== 'around' && <span className="meta">{t(`ruleDesk.reachHow.${one.how}`)}</span>}
        </span>
        <span className={classes.bar} aria-hidden>
          <span style={{ width: `${Math.min(100, (100 * one.below) / Math.max(1, one.of))}%` }} />
        </span>
        <span className="meta nowrap">
          {t('ruleDesk.reachCount', { below: number(one.below), of: number(one.of) })}
        </span>
      </div>
      {open && inner.length > 0 && (
        <ul className={classes.reach}>
          {inner.map(child => (
            <Branch key={child.unit.id} one={child} below={below} open={inner.length === 1 || child.how === 'around'} />
          ))}
        </ul>
      )}
    </li>
  )
}
