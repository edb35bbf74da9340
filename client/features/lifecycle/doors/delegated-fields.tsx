import { Button } from '@mantine/core'
import type { EndForm } from '#contract/lifecycle-forms.ts'
import type { Delegated } from '#contract/lifecycle-subject.ts'
import { useTexts } from '../../../texts/i18n.ts'
import classes from '../lifecycle.module.css'
import { PersonPick } from './person-pick.tsx'
import type { PartProps } from './subject.ts'

/** What is said elsewhere (the organisation, a draft of a rule): a name here is a wish, and a line on the worklist until then. */
const ELSEWHERE: readonly Delegated['kind'][] = ['unit', 'deputy', 'rule']

/** Who takes over what the leaver answers for: one for all, another for a kind, and another for one thing. */
export function DelegatedFields(props: PartProps<EndForm>) {
  const { t } = useTexts()
  const { form, change, subject } = props
  const rows = subject?.delegated ?? []
  const names = new Map([
    ...props.people.map(one => [one.id, one.name] as const),
    ...rows.flatMap(row => (row.proposed ? [[row.proposed.id, row.proposed.name] as const] : [])),
  ])
  const takerOf = (row: Delegated) =>
    form.handovers.find(one => one.kind === row.kind && one.id === row.id)?.toPersonId ?? null
  const give = (list: readonly Delegated[], toPersonId: string | null) => {
    const keep = form.handovers.filter(one => !list.some(row => row.kind === one.kind && row.id === one.id))
    const given = toPersonId === null ? [] : list.map(({ kind, id }) => ({ kind, id, toPersonId }))
    change({ ...form, handovers: [...keep, ...given] })
  }
  /** The one who takes over all of them; null: nobody does, or not one alone. */
  const oneOf = (list: readonly Delegated[]) => {
    const [first, ...others] = new Set(list.map(takerOf))
    return others.length === 0 ? (first ?? null) : null
  }
  if (rows.length === 0) return <p className="meta">{t(subject ? 'doors.delegatedNone' : 'doors.delegatedLater')}</p>
  // An approval goes to whoever would be asked when the leaver has gone: nobody may be named for it.
  const given = rows.filter(row => row.kind !== 'approval')
  const manager = rows.find(row => row.proposed)?.proposed ?? null
  const pick = (list: readonly Delegated[], where: string, label: string) => {
    const taker = oneOf(list)
    return (
      <PersonPick
        key={`${where}${taker}`}
        where={`handovers/${where}`}
        label={label}
        value={taker}
        name={names.get(taker ?? '') ?? null}
        onChange={id => give(list, id)}
      />
    )
  }
  return (
    <>
      <p className="meta">{t('doors.delegatedHelp')}</p>
      {given.length > 0 && (
        <div className={classes.fields}>
          {pick(given, 'all', t('doors.takesOverAll'))}
          {manager && oneOf(given) !== manager.id && (
            <div>
              <Button variant="default" size="xs" onClick={() => give(given, manager.id)}>
                {t('doors.proposeAll')}
              </Button>
            </div>
          )}
        </div>
      )}
      <ul className={classes.list}>
        {[...Map.groupBy(rows, row => row.kind)].map(([kind, list]) => (
          <li key={kind} className={classes.right}>
            <span className={classes.rightText}>
              <span className="meta">{t(`doors.handover.${kind}`)}</span>
              <div className={classes.name}>{list.length === 1 ? list[0]?.name : String(list.length)}</div>
              {ELSEWHERE.includes(kind) && <div className="meta">{t('doors.takesOverElsewhere')}</div>}
              {kind === 'approval' && <div className="meta">{t('doors.takesOverApproval')}</div>}
              {list.length > 1 && (
                <details className={classes.fold}>
                  <summary>{t('doors.takesOverEach')}</summary>
                  <ul className={classes.list}>
                    {list.map(row => (
                      <li key={row.id}>
                        <div className={classes.name}>{row.name}</div>
                        {kind !== 'approval' && pick([row], `${kind}/${row.id}`, t('doors.takesOver'))}
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </span>
            {kind !== 'approval' && <div className={classes.rightText}>{pick(list, kind, t('doors.takesOver'))}</div>}
          </li>
        ))}
      </ul>
    </>
  )
}
