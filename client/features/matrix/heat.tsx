import { IconAlertCircle, IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { type CSSProperties, useMemo, useState } from 'react'
import { useTexts } from '../../texts/i18n.ts'
import { moveBetweenRows } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/states.tsx'
import classes from './heat.module.css'
import type { HeatData } from './matrix-data.ts'

type Into = { unit: string; area?: string; system?: string }
type Sum = { people: number; differing: number }

/**
 * Units by areas: the share of people with something there, as number and shade, and how many of them with a difference.
 * Each number leads to its people, each head to what is in it.
 */
export function Heat(props: { heat: HeatData; onInto: (into: Into) => void; onArea: (area: string) => void }) {
  const { t, number, percent } = useTexts()
  const { heat } = props
  const { units, columns } = heat
  const sums = useMemo(() => {
    const found = new Map<number, Sum>()
    for (let at = 0; at < heat.cells.length; at += 4)
      found.set((heat.cells[at] ?? 0) * columns.length + (heat.cells[at + 1] ?? 0), {
        people: heat.cells[at + 2] ?? 0,
        differing: heat.cells[at + 3] ?? 0,
      })
    return found
  }, [heat, columns.length])
  const children = useMemo(() => new Set(units.flatMap(unit => unit.parent ?? [])), [units])
  // The top and two steps below it: a directorate with its departments; what they are made of comes when it is asked for.
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const startLevel = units.length <= 24 ? 99 : 2
  const isOpen = (place: number): boolean => {
    const unit = units[place]
    return unit !== undefined && unit.level < startLevel !== toggled.has(unit.id)
  }
  const visible = (place: number): boolean => {
    const parent = units[place]?.parent ?? null
    return parent === null || (isOpen(parent) && visible(parent))
  }
  const toggle = (id: string) => {
    const next = new Set(toggled)
    if (!next.delete(id)) next.add(id)
    setToggled(next)
  }
  const byArea = columns.some(column => column.id === null)
  if (columns.length === 0) return <Empty title={t('matrix.empty')} help={t('matrix.emptyHelp')} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to be able to scroll it
    <section className={classes.box} aria-label={t('matrix.heatCaption')} tabIndex={0} onKeyDown={moveBetweenRows}>
      <table className={classes.table}>
        <caption>{t('matrix.heatCaption')}</caption>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              {t('people.columns.unit')}
            </th>
            <th scope="col" className={classes.total}>
              {t('matrix.people')}
            </th>
            {columns.map(column => (
              <th
                key={column.id ?? column.name}
                scope="col"
                className={classes.name}
                data-protected={(!byArea && isProtected(column.sensitivity)) || undefined}
              >
                {byArea && column.area !== null ? (
                  <button type="button" onClick={() => props.onArea(column.area ?? '')}>
                    {column.name}
                  </button>
                ) : (
                  column.name || t('matrix.noArea')
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {units.map((unit, place) =>
            visible(place) ? (
              <tr key={unit.id} data-level={Math.min(unit.level, 4)}>
                <th scope="row" className={classes.unit}>
                  <span className={classes.unitName} style={{ '--level': unit.level } as CSSProperties}>
                    {children.has(place) ? (
                      <button
                        type="button"
                        className={classes.fold}
                        aria-expanded={isOpen(place)}
                        onClick={() => toggle(unit.id)}
                      >
                        {isOpen(place) ? (
                          <IconChevronDown size={16} aria-hidden />
                        ) : (
                          <IconChevronRight size={16} aria-hidden />
                        )}
                        {unit.name}
                      </button>
                    ) : (
                      <span className={classes.leaf}>{unit.name}</span>
                    )}
                  </span>
                </th>
                <td className={classes.total}>{number(unit.people)}</td>
                {columns.map((column, at) => {
                  const sum = sums.get(place * columns.length + at)
                  if (!sum) return <td key={column.id ?? column.name} className={classes.none} />
                  const share = unit.people > 0 ? sum.people / unit.people : 0
                  const name = column.name || t('matrix.noArea')
                  return (
                    <td key={column.id ?? column.name} className={classes.cell} data-shade={Math.ceil(share * 5)}>
                      <button
                        type="button"
                        disabled={column.id === null && column.area === null}
                        onClick={() =>
                          props.onInto({
                            unit: unit.id,
                            ...(column.id ? { system: column.id } : column.area ? { area: column.area } : {}),
                          })
                        }
                        aria-label={[
                          t('matrix.heatCell', {
                            unit: unit.name,
                            name,
                            people: sum.people,
                            all: unit.people,
                            share: percent(share),
                          }),
                          ...(sum.differing > 0 ? [t('matrix.heatDiffering', { count: sum.differing })] : []),
                        ].join('; ')}
                        title={t('matrix.heatTitle', { people: sum.people, all: unit.people, name })}
                      >
                        <span>{percent(share)}</span>
                        {sum.differing > 0 && (
                          <span className={classes.differing}>
                            <IconAlertCircle size={11} stroke={2.4} aria-hidden />
                            {number(sum.differing)}
                          </span>
                        )}
                      </button>
                    </td>
                  )
                })}
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </section>
  )
}

const isProtected = (sensitivity: string) => ['confidential', 'special', 'criminal'].includes(sensitivity)
