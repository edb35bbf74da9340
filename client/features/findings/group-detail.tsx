import { Button, Kbd } from '@mantine/core'
import type { SettleAction } from '#contract/findings.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { RuleButton } from './finding-actions.tsx'
import { causeText, type FindingGroup } from './finding-words.ts'
import classes from './findings.module.css'

/** What the digits do, in the order of the buttons. */
export const BY_DIGIT = ['explained', 'exception', 'removal', 'accept', 'not-a-finding'] as const

/** What can be done about several: of those that are settled also opening them again, of exceptions ending them. */
export const actionsOn = (filters: { state?: string | undefined; batch?: string | undefined }): SettleAction[] =>
  filters.state === 'exception'
    ? ['end']
    : filters.state === 'closed'
      ? []
      : filters.batch
        ? ['reopen', 'end', ...BY_DIGIT]
        : filters.state
          ? ['reopen', ...BY_DIGIT]
          : [...BY_DIGIT]

/** A whole line: what its findings have in common, and one decision for all of them. */
export function GroupDetail(props: {
  group: FindingGroup
  may: boolean
  actions: readonly SettleAction[]
  onAct: (action: SettleAction) => void
  onAssign: () => void
  onOnly: (next: { system?: string; unit?: string }) => void
}) {
  const texts = useTexts()
  const { t } = texts
  const { group } = props
  const mayDo = useMay()
  return (
    <>
      <div className={classes.head}>
        <h2>{causeText(texts, group)}</h2>
        <p>{t(`findings.what.${group.code}`)}</p>
        <div className={classes.actions}>
          {group.system && (
            <Button size="xs" variant="subtle" onClick={() => props.onOnly({ system: group.system!.id })}>
              {t('findings.onlySystem', { name: group.system.name })}
            </Button>
          )}
          {group.unit && (
            <Button size="xs" variant="subtle" onClick={() => props.onOnly({ unit: group.unit!.id })}>
              {t('findings.onlyUnit', { name: group.unit.name })}
            </Button>
          )}
        </div>
      </div>
      {props.may ? (
        <section aria-label={t('findings.actions')} className={`${classes.actions} no-print`}>
          {group.ruleFrom && mayDo('rule.change') && props.actions.includes('explained') && (
            <RuleButton from={group.ruleFrom} />
          )}
          {props.actions.map(action => (
            <Button key={action} variant="default" size="sm" onClick={() => props.onAct(action)}>
              {t(`findings.action.${action}`)}
            </Button>
          ))}
          <Button variant="default" size="sm" onClick={props.onAssign}>
            {t('findings.assign.do')}
          </Button>
        </section>
      ) : (
        <p className="dim">{t('findings.mayNot')}</p>
      )}
    </>
  )
}

/** What the keys of the list do. */
export function FindingKeys() {
  const { t } = useTexts()
  const keys = [
    ['j / k', 'move'],
    ['Enter', 'open'],
    [t('findings.space'), 'select'],
    ['1-5', 'act'],
    ['g', 'assign'],
    ['z', 'undo'],
  ] as const
  return (
    <ul className={`${classes.keys} no-print`} aria-label={t('findings.keys')}>
      {keys.map(([key, what]) => (
        <li key={key}>
          <Kbd size="xs">{key}</Kbd> {t(`findings.keysHelp.${what}`)}
        </li>
      ))}
    </ul>
  )
}
