import { Link } from '@tanstack/react-router'
import type { getSheet } from '#contract/catalogue.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { SHEET, type Sheet, type SheetField, type SystemContract, type SystemFlow } from '#contract/sheet.ts'
import { useTexts } from '../../texts/i18n.ts'
import { PersonLink } from '../../ui/person-link.tsx'
import classes from './systems.module.css'
import { contractParts, flowParts, flowWay, valueText } from './value-text.ts'

export type SheetAnswer = ResponseOf<typeof getSheet>

/** A value in words: one line. */
export function useValueText(): (field: SheetField, value: unknown) => string {
  const words = useTexts()
  return (field, value) => valueText(words, field, value)
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
  const words = useTexts()
  return (
    <ul className={classes.list}>
      {props.contracts.map(one => (
        <li key={`${one.name}${one.number}${one.from}`}>
          <b>{one.name}</b> {one.number}
          <div className="meta">{contractParts(words, one).join(' · ')}</div>
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
  const texts = useTexts()
  const byKey = new Map(props.systems.map(one => [one.key, one]))
  return (
    <ul className={classes.list}>
      {props.flows.map((flow, place) => {
        const teller = props.told?.[place]
        const other = teller ?? byKey.get(flow.system)
        const away = teller ? flow.direction === 'in' : flow.direction === 'out'
        const words = flowWay(texts, away, other?.name ?? flow.system)
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
                ...flowParts(texts, flow),
                ...(teller ? [texts.t('catalogue.flow.told', { name: teller.name })] : []),
              ].join(' · ')}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
