import type { ResponseOf } from '#contract/endpoint.ts'
import type { getGuards } from '#contract/held.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'

type Guards = ResponseOf<typeof getGuards>
const stopping = ['empty', 'stale', 'truncated', 'hole', 'shifted', 'format', 'keys', 'encoding'] as const
const holding = ['add', 'change', 'gone', 'part', 'aspect', 'cause', 'group', 'emptied'] as const
const detailed = ['hole', 'shifted', 'format', 'add', 'part', 'aspect', 'cause'] as const
/** What the guards on the shape compare with is what the last read that was let in had of it. */
const compared = { keys: 'doubled', shifted: 'rejected', encoding: 'garbled' } as const
type Row = { key: string; name: string; detail?: string; does: string; inForce: string; learned: string; usual: string }

/** Every guard of a source in words, also of one that the sources file owns: in force, learned, and by default. */
export function GuardsInForce(props: { guards: Guards }) {
  const { t, number, instant } = useTexts()
  const { settings, defaults, shapes } = props.guards
  const say = (value: unknown): string => {
    if (value === false) return t('sources.learned.off')
    if (typeof value !== 'object' || value === null) return t('sources.allGuards.on')
    const { percent, floor } = value as { percent: number; floor: number }
    return t('sources.learned.share', { percent: number(percent), floor: number(floor) })
  }
  const newest = shapes[0]?.at
  const last = shapes.filter(one => one.at === newest)
  const reads = new Set(shapes.map(one => one.at)).size
  const learned = (name: string): string => {
    if (name === 'add' || name === 'change' || name === 'gone')
      return settings.learn === false ? t('sources.learned.off') : t('sources.allGuards.perKind')
    if (name === 'truncated' || name === 'empty')
      return last.length === 0
        ? t('sources.allGuards.notYet')
        : t('sources.allGuards.last.read', {
            list: last.map(one => `${t(`sync.record.${one.kind}`)} ${number(one.read)}`).join(', '),
          })
    if (name === 'stale')
      return newest ? t('sources.allGuards.last.at', { when: instant(newest) }) : t('sources.allGuards.notYet')
    const records = last.reduce((sum, one) => sum + one.read, 0)
    if (name === 'hole' || name === 'format')
      return last.length === 0
        ? t('sources.allGuards.notYet')
        : t(`sources.allGuards.last.${name}`, { number: number(records) })
    const field = compared[name as keyof typeof compared]
    if (!field) return t('sources.allGuards.fixed')
    if (last.length === 0) return t('sources.allGuards.notYet')
    return t('sources.allGuards.last.count', { number: number(last.reduce((sum, one) => sum + one[field], 0)) })
  }
  const guard = (does: string) => (name: (typeof stopping)[number] | (typeof holding)[number]) => ({
    ...{ key: name, name: t(`sources.guard.${name}`), does, learned: learned(name) },
    ...{ inForce: say(settings[name]), usual: say(defaults[name]) },
    ...(isDetailed(name) ? { detail: t(`sources.allGuards.detail.${name}`) } : {}),
  })
  const always = (key: string, name: string): Row => ({
    ...{ key, name, does: t('sources.allGuards.holds'), learned: t('sources.allGuards.fixed') },
    ...{ inForce: t('sources.allGuards.always'), usual: t('sources.allGuards.always') },
  })
  const days = (value: unknown) => t('sources.allGuards.days', { count: Number(value) })
  const rows: Row[] = [
    ...stopping.map(guard(t('sources.allGuards.stops'))),
    ...holding.map(guard(t('sources.allGuards.holds'))),
    always('protected-account', t('sources.allGuards.protectedAccount')),
    always('last-administrator', t('sources.allGuards.lastAdministrator')),
    {
      ...{ key: 'learn', name: t('sources.guard.learn'), does: t('sources.allGuards.sets') },
      ...{ inForce: say(settings.learn), usual: say(defaults.learn) },
      learned: t('sources.allGuards.reads', { count: reads }),
    },
    {
      ...{
        key: 'expireDays',
        name: t('sources.allGuards.expiry'),
        does: t('sources.allGuards.sets'),
        learned: t('sources.allGuards.fixed'),
      },
      ...{ inForce: days(settings.expireDays), usual: days(defaults.expireDays) },
    },
  ]
  const columns: Column<Row>[] = [
    {
      key: 'guard',
      label: t('sources.allGuards.columns.guard'),
      cell: row => (
        <>
          {row.name}
          {row.detail && <div className="meta">{row.detail}</div>}
        </>
      ),
    },
    { key: 'does', label: t('sources.allGuards.columns.does'), rank: 2, cell: row => row.does },
    {
      key: 'inForce',
      label: t('sources.allGuards.columns.inForce'),
      cell: row => (
        <>
          <b>{row.inForce}</b>
          {row.inForce !== row.usual && <div className="meta">{t('sources.allGuards.set')}</div>}
        </>
      ),
    },
    { key: 'learned', label: t('sources.allGuards.columns.learned'), rank: 3, cell: row => row.learned },
    { key: 'usual', label: t('sources.allGuards.columns.usual'), rank: 1, cell: row => row.usual },
  ]
  return (
    <DataTable
      caption={t('sources.allGuards.caption')}
      columns={columns}
      rows={rows}
      rowKey={row => row.key}
      empty={null}
    />
  )
}

const isDetailed = (name: string): name is (typeof detailed)[number] => (detailed as readonly string[]).includes(name)
