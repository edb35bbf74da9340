import type { EquipmentRow } from '#contract/equipment.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from './data-table.tsx'

/** What is said of a thing, on the list of all, on a person's page and on one's own. */
export function useEquipmentColumns(): Column<EquipmentRow>[] {
  const { t, date } = useTexts()
  return [
    {
      key: 'thing',
      label: t('equipment.columns.thing'),
      cell: row => (
        <>
          {row.thing.name}
          <div className="meta">{row.serial ? t('equipment.serialNo', { serial: row.serial }) : row.system.name}</div>
        </>
      ),
    },
    {
      key: 'since',
      label: t('equipment.columns.since'),
      rank: 2,
      cell: row => (
        <span className="nowrap">
          {row.since ? date(row.since) : t('equipment.before')}
          {row.signature && <div className="meta">{t('equipment.signed', { who: row.signature })}</div>}
        </span>
      ),
    },
    {
      key: 'back',
      label: t('equipment.columns.back'),
      cell: row =>
        row.returnedOn ? (
          <span className="nowrap">
            {date(row.returnedOn)}
            {row.returnedTo && <div className="meta">{t('equipment.returnedTo', { who: row.returnedTo })}</div>}
          </span>
        ) : (
          row.dueBack && <span className="nowrap">{date(row.dueBack)}</span>
        ),
    },
    {
      key: 'state',
      label: t('equipment.columns.state'),
      cell: row =>
        row.state === 'overdue' ? (
          <strong>{t(`equipment.state.${row.state}`)}</strong>
        ) : (
          t(`equipment.state.${row.state}`)
        ),
    },
  ]
}
