import { type EquipmentRow, getMyEquipment, listEquipment } from '#contract/equipment.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { useEquipmentColumns } from '../../ui/equipment.tsx'

/** A person's things; nothing where there are none. */
export function EquipmentOf(props: { personId: string }) {
  const query = useCall(listEquipment, { query: { person: props.personId, limit: 50 } })
  return <Things rows={query.data?.rows ?? []} />
}

export function MyEquipment() {
  const query = useCall(getMyEquipment)
  return <Things rows={query.data?.rows ?? []} own />
}

function Things(props: { rows: EquipmentRow[]; own?: boolean }) {
  const { t } = useTexts()
  const columns = useEquipmentColumns()
  if (props.rows.length === 0) return null
  return (
    <Card title={t(props.own ? 'equipment.mine' : 'equipment.title')}>
      <DataTable
        caption={t('equipment.caption')}
        columns={columns}
        rows={props.rows}
        rowKey={row => row.id}
        empty={null}
      />
    </Card>
  )
}
