import type { ReactNode } from 'react'
import { CELL_FAULTS } from '#contract/imports.ts'
import { useTexts } from '../texts/i18n.ts'
import type { TextKey } from '../texts/translate.ts'
import { Card } from './card.tsx'
import { DataTable } from './data-table.tsx'

type Place = { sheet: string | null; line: number }

/** Where in the file it stands, as a spreadsheet counts. */
export function useWhere(): (one: Place) => string {
  const { t } = useTexts()
  return ({ sheet, line }) => (sheet === null ? t('fileImport.row', { line }) : t('fileImport.rowIn', { sheet, line }))
}

type CellFault = (typeof CELL_FAULTS)[number]
const isCell = (code: string): code is CellFault => (CELL_FAULTS as readonly string[]).includes(code)
type Fault<C extends string> = { code: C; column: string | null; value: string; proposal: string | null }

/** What is wrong, and what to do. `keyOf`: the text of what can only be wrong with this kind of file. */
export function useFaultText<C extends string>(
  keyOf: (code: Exclude<C, CellFault>) => TextKey,
): (fault: Fault<C>) => string {
  const { t } = useTexts()
  return ({ code, column, value, proposal }) =>
    t(isCell(code) ? `fileImport.fault.${code}` : keyOf(code as Exclude<C, CellFault>), {
      ...{ column: column ?? '', value: value === '' ? '–' : `»${value}«`, proposal: proposal ?? '–' },
    })
}

/** What a file would do, in figures, with everything that cannot be taken above what can. */
export function ImportOutcome(props: {
  title: string
  counts: { new: number; changed: number; unchanged: number; bad: number }
  /** What else there is to say in one line. */
  also: string | false
  /** Lines that are shown, of how many. */
  shown: number
  total: number
  children: ReactNode
}) {
  const { t, number } = useTexts()
  const { counts } = props
  return (
    <Card title={props.title} id="outcome" tone={counts.bad > 0 ? 'wait' : 'plain'}>
      <div className="stack">
        <p role="status">
          {t('fileImport.counts', {
            ...{ new: number(counts.new), changed: number(counts.changed) },
            ...{ unchanged: number(counts.unchanged), bad: number(counts.bad) },
          })}{' '}
          {props.also}
        </p>
        {counts.new + counts.changed === 0 && <p>{t('fileImport.nothing')}</p>}
        {props.children}
        <FirstOf shown={props.shown} total={props.total} />
      </div>
    </Card>
  )
}

/** That there are more lines than are shown. */
export function FirstOf({ shown, total }: { shown: number; total: number }) {
  const { t, number } = useTexts()
  if (total <= shown) return null
  return <p className="meta">{t('fileImport.shown', { shown: number(shown), total: number(total) })}</p>
}

export type FaultLine = { key: string; where: string; name: string; text: string }

/** Everything that cannot be taken, with where it stands and what to do. */
export function FaultTable(props: { help: string; lines: readonly FaultLine[] }) {
  const { t } = useTexts()
  if (props.lines.length === 0) return null
  return (
    <section className="stack">
      <h3 className="section">{t('fileImport.bad')}</h3>
      <p className="dim">{props.help}</p>
      <DataTable
        caption={t('fileImport.badCaption')}
        columns={[
          {
            key: 'where',
            width: '36%',
            label: t('fileImport.where'),
            // Without its name a line is hard to find again, also on a narrow screen.
            cell: line => (
              <>
                {line.where}
                <div className="meta">{line.name || '–'}</div>
              </>
            ),
          },
          { key: 'what', label: t('fileImport.what'), cell: line => line.text },
        ]}
        rows={props.lines}
        rowKey={line => line.key}
        empty={null}
      />
    </section>
  )
}
