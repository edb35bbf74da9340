import { UnstyledButton } from '@mantine/core'
import { IconClockExclamation, IconEyeOff, IconShieldHalf } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import { lastDay } from '../../lib/formats.ts'
import { useTexts } from '../../texts/i18n.ts'
import { moveBetweenRows } from '../../ui/data-table.tsx'
import { Sensitivity } from '../../ui/sensitivity.tsx'
import { Status } from '../../ui/status.tsx'
import type { Right, SystemRights } from './person.ts'
import { RightState } from './right-state.tsx'
import classes from './rights-table.module.css'

/** One group of rows per system. Arrows move the choice, the explanation follows. */
export function RightsTable(props: {
  systems: readonly SystemRights[]
  selected: string | undefined
  onSelect: (key: string) => void
  /** Where there is no room beside the table, the explanation opens below its row. */
  inline: ReactNode
}) {
  const { t } = useTexts()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: moves the focus between buttons that are there anyway
    <div
      className={classes.box}
      onKeyDown={event => {
        moveBetweenRows(event)
        const key = (document.activeElement as HTMLElement | null)?.dataset.right
        if (props.inline === null && key && key !== props.selected && event.key.startsWith('Arrow')) props.onSelect(key)
      }}
    >
      <table className={classes.table}>
        <caption>{t('person.rightsCaption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('person.columns.right')}</th>
            <th scope="col">{t('person.columns.state')}</th>
            <th scope="col" className={classes.through}>
              {t('person.columns.through')}
            </th>
            <th scope="col" className={classes.until}>
              {t('person.columns.until')}
            </th>
          </tr>
        </thead>
        {props.systems.map(system => (
          <tbody key={system.system.id}>
            <SystemRow system={system} />
            {system.rights.map(right => (
              <Fragment key={right.key}>
                <RightRow
                  right={right}
                  selected={props.selected === right.key}
                  onSelect={() => props.onSelect(right.key)}
                />
                {props.inline !== null && props.selected === right.key && (
                  <tr className={classes.inline}>
                    <td colSpan={4}>{props.inline}</td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}

function SystemRow(props: { system: SystemRights }) {
  const { t, ago } = useTexts()
  const { system, rights } = props.system
  return (
    <tr className={classes.system}>
      <th scope="rowgroup" colSpan={4}>
        <div>
          <Link to="/systems/$systemId" params={{ systemId: system.id }} className={classes.systemName} tabIndex={0}>
            {system.name}
          </Link>
          {system.area && <span className="meta">{system.area}</span>}
          <span className={classes.read}>
            {system.reading === 'none' ? (
              <Status tone="quiet" icon={IconEyeOff} plain>
                {t('person.systemNotRead')}
              </Status>
            ) : (
              system.readAt &&
              (system.late ? (
                <Status tone="wait" icon={IconClockExclamation} plain>
                  {t('person.systemReadLate', { when: ago(system.readAt) })}
                </Status>
              ) : (
                <span className="meta">{t('person.systemReadAt', { when: ago(system.readAt) })}</span>
              ))
            )}
            <span className="meta">{t('person.rightsCount', { count: rights.length })}</span>
          </span>
        </div>
      </th>
    </tr>
  )
}

function RightRow(props: { right: Right; selected: boolean; onSelect: () => void }) {
  const { t, date } = useTexts()
  const { right } = props
  const rules = [
    ...new Set(right.because.map(because => (because.grant ? t(`why.grant.${because.grant.kind}`) : because.ruleName))),
  ]
  return (
    <tr className={classes.row} data-selected={props.selected || undefined} onClick={props.onSelect}>
      <th scope="row">
        <UnstyledButton
          className={classes.name}
          data-right={right.key}
          aria-expanded={props.selected}
          aria-controls={props.selected ? 'why' : undefined}
        >
          {right.name}
        </UnstyledButton>
        <span className={classes.marks}>
          <Sensitivity sensitivity={right.sensitivity} />
          {right.privileged && (
            <Status tone="wait" icon={IconShieldHalf}>
              {t('person.privileged')}
            </Status>
          )}
          {right.kind !== 'role' && <span className="meta">{t(`enum.entitlementKind.${right.kind}`)}</span>}
        </span>
      </th>
      <td>
        <RightState state={right.state} plain />
      </td>
      <td className={classes.through} title={rules.join(', ')}>
        {rules.length === 0 ? (
          <span className={classes.none}>{t('person.noGround')}</span>
        ) : rules.length === 1 ? (
          rules[0]
        ) : (
          t('person.grounds', { count: rules.length })
        )}
      </td>
      <td className={classes.until}>
        {right.until ? date(lastDay(right.until)) : <span className="meta">{t('person.open')}</span>}
      </td>
    </tr>
  )
}
