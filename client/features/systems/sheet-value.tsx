import { Link } from '@tanstack/react-router'
import type { getSheet } from '#contract/catalogue.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { SHEET, type Sheet, type SheetField, type SystemContract, type SystemFlow } from '#contract/sheet.ts'
import { useTexts } from '../../texts/i18n.ts'
import { PersonLink } from '../../ui/person-link.tsx'
import classes from './systems.module.css'

export type SheetAnswer = ResponseOf<typeof getSheet>

export const fieldKey = (field: SheetField) => `catalogue.field.${field}` as const
export const choiceKey = (field: SheetField, value: string) =>
  `catalogue.choice.${field}.${value}` as 'catalogue.choice.status.planned'

/** A value in words, for lists of changes: one line. */
export function useValueText(): (field: SheetField, value: unknown) => string {
  const { t, date, number } = useTexts()
  return (field, value) => {
    if (value === null || value === undefined) return t('catalogue.none')
    switch (SHEET[field].kind) {
      case 'choice':
        return t(choiceKey(field, String(value)))
      case 'choices':
        return (value as string[]).map(one => t(choiceKey(field, one))).join(', ')
      case 'flag':
        return value ? t('catalogue.yes') : t('catalogue.no')
      case 'date':
        return date(String(value))
      case 'number':
        return number(Number(value))
      case 'list':
        return (value as string[]).join(', ')
      case 'person':
      case 'unit': {
        const ref = value as { words?: string; name?: string }
        return ref.words ?? ref.name ?? t(field === 'unit' ? 'catalogue.field.unit' : 'people.columns.name')
      }
      case 'contracts':
        return (value as SystemContract[]).map(one => one.name).join(', ')
      case 'flows':
        return (value as SystemFlow[]).map(one => one.system).join(', ')
      default:
        return String(value)
    }
  }
}

/** A value as the sheet shows it. */
export function SheetValue<F extends SheetField>(props: { field: F; value: Sheet[F]; sheet: SheetAnswer }) {
  const { t } = useTexts()
  const text = useValueText()
  const { field, value, sheet } = props
  switch (SHEET[field].kind) {
    case 'person': {
      const named = sheet.people[field as 'owner']
      if (!named?.person) return <>{named?.words ?? t('catalogue.none')}</>
      return (
        <>
          <PersonLink person={named.person} />
          <div className="meta">{[named.title, named.unit?.name].filter(Boolean).join(' · ')}</div>
          {named.ended && <div className="meta">{t('catalogue.ended')}</div>}
        </>
      )
    }
    case 'unit':
      return sheet.unit ? (
        <Link to="/org/$unitId" params={{ unitId: sheet.unit.id }} className="link">
          {sheet.unit.name}
        </Link>
      ) : (
        <span>{(value as { words?: string }).words}</span>
      )
    case 'link':
      return /^https?:\/\//.test(String(value)) ? (
        <a className="link" href={String(value)} target="_blank" rel="noreferrer" style={{ overflowWrap: 'anywhere' }}>
          {String(value)}
        </a>
      ) : (
        <span>{String(value)}</span>
      )
    case 'contracts':
      return <Contracts contracts={value as SystemContract[]} />
    case 'flows':
      return <Flows flows={value as SystemFlow[]} systems={sheet.systems} />
    default:
      return <span style={{ whiteSpace: 'pre-line' }}>{text(field, value)}</span>
  }
}

function Contracts(props: { contracts: SystemContract[] }) {
  const { t, date, number } = useTexts()
  return (
    <ul className={classes.list}>
      {props.contracts.map(one => (
        <li key={`${one.name}${one.number}${one.from}`}>
          <b>{one.name}</b> {one.number}
          <div className="meta">
            {[
              [
                one.from && date(one.from),
                one.to ? t('catalogue.contract.until', { date: date(one.to) }) : t('catalogue.contract.open'),
              ]
                .filter(Boolean)
                .join(' '),
              one.noticeOn && t('catalogue.contract.noticeOn', { date: date(one.noticeOn) }),
              one.renewal && t(`catalogue.contract.renewalName.${one.renewal}`),
              one.pricePerYear !== null && t('catalogue.contract.price', { price: number(one.pricePerYear) }),
              one.agreement &&
                t('catalogue.contract.agreed', { agreement: t(`catalogue.contract.agreementName.${one.agreement}`) }),
              one.agreementOn && date(one.agreementOn),
              one.agreementLink,
            ]
              .filter(Boolean)
              .join(' · ')}
          </div>
        </li>
      ))}
    </ul>
  )
}

export function Flows(props: {
  flows: readonly SystemFlow[]
  systems: readonly { id: string; key: string; name: string }[]
  /** Who has told each, in the flows' order; its direction is seen from there. */
  told?: readonly { id: string; key: string; name: string }[]
}) {
  const { t } = useTexts()
  const byKey = new Map(props.systems.map(one => [one.key, one]))
  return (
    <ul className={classes.list}>
      {props.flows.map((flow, place) => {
        const teller = props.told?.[place]
        const other = teller ?? byKey.get(flow.system)
        const away = teller ? flow.direction === 'in' : flow.direction === 'out'
        const name = other?.name ?? flow.system
        const words = t(away ? 'catalogue.flow.to' : 'catalogue.flow.from', { name })
        return (
          <li key={`${flow.system}${flow.direction}${flow.how}${teller?.id}`}>
            {other ? (
              <Link to="/systems/$systemId/sheet" params={{ systemId: other.id }} className="link">
                {words}
              </Link>
            ) : (
              words
            )}
            <div className="meta">
              {[
                flow.data.join(', '),
                t(`catalogue.flow.howName.${flow.how}`),
                flow.frequency && t(`catalogue.flow.frequencyName.${flow.frequency}`),
                flow.owner,
                teller && t('catalogue.flow.told', { name: teller.name }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
