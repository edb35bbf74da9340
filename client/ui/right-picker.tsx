import { IconKey } from '@tabler/icons-react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listEntitlements } from '#contract/entitlements.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Finder, useFinding } from './finder.tsx'

export type PickedRight = Pick<ResponseOf<typeof listEntitlements>['rows'][number], 'id' | 'key' | 'name' | 'system'>

/** A field and the rights it finds by system, name or key; each is a button. */
export function RightPicker(props: {
  label: string
  hint?: string
  id?: string
  /** Only rights of systems that the reader owns. */
  own?: boolean
  /** Only rights that may be given as emergency access. */
  emergency?: boolean
  except?: string
  onPick: (right: PickedRight) => void
}) {
  const { t } = useTexts()
  const finding = useFinding()
  const query = useCall(
    listEntitlements,
    {
      query: {
        text: finding.asked,
        limit: 8,
        ...(props.own ? { own: 'true' } : {}),
        ...(props.emergency ? { emergency: 'true' } : {}),
      },
    },
    { enabled: finding.on, keep: true },
  )
  const rows = finding.on ? query.data?.rows.filter(row => row.id !== props.except) : undefined
  const hits = rows?.map(row => ({
    key: row.id,
    row,
    sign: <IconKey size={16} aria-hidden />,
    body: (
      <>
        {row.system.name}: {row.name} <span className="meta">{row.key}</span>
      </>
    ),
  }))
  return (
    <Finder
      {...{ finding, hits, label: props.label, hint: props.hint, id: props.id }}
      none={t('groupDesk.nothingFound')}
      onPick={hit => props.onPick(hit.row)}
    />
  )
}
