import { IconCornerDownRight } from '@tabler/icons-react'
import { getRightPaths, type RightPaths as Paths } from '#contract/user-lists.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Failure, Waiting } from '../../ui/states.tsx'
import classes from './chain.module.css'

/** Every way by which an account holds a right, group by group, and where a removal has to be aimed. */
export function RightPaths(props: { accountId: string; entitlementId: string }) {
  const { t } = useTexts()
  const query = useCall(getRightPaths, { params: props })
  const { data } = query
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  if (!data) return <Waiting />
  if (data.listed) return <p>{t('paths.listed')}</p>
  const byId = new Map(data.groups.map(group => [group.id, group]))
  const nameOf = (id: string) => {
    const group = byId.get(id)
    if (!group) return id
    return group.circle > 1 ? t('paths.circle', { name: group.name, count: group.circle }) : group.name
  }
  return (
    <div className="stack">
      <p>
        {t('paths.count', { count: data.paths.length, username: data.account.username })}
        {data.more !== 0 && ` (${data.more === null ? t('paths.moreMany') : t('paths.more', { count: data.more })})`}
      </p>
      {data.paths.map((path, index) => (
        <ol
          key={path.join()}
          className={classes.groups}
          aria-label={[t('paths.path', { n: index + 1 }), data.account.username].join(': ')}
        >
          {path.map((id, place) => (
            <li key={id}>
              <IconCornerDownRight size={14} aria-hidden />
              {nameOf(id)}
              {place === path.length - 1 && <span className="dim"> · {t('paths.gives')}</span>}
            </li>
          ))}
        </ol>
      ))}
      <Aim paths={data} nameOf={id => byId.get(id)?.name ?? id} />
    </div>
  )
}

function Aim(props: { paths: Paths; nameOf: (id: string) => string }) {
  const { t } = useTexts()
  const { nameOf } = props
  const { account, bridges, cut } = props.paths
  const memberOf = (member: string | null) => (member === null ? account.username : nameOf(member))
  const others = (count: number) => (count === 0 ? t('paths.nobodyElse') : t('paths.others', { count }))
  return (
    <section className="stack" aria-label={t('paths.aim')}>
      <h3 style={{ margin: 0, fontSize: '0.875rem' }}>{t('paths.aim')}</h3>
      {bridges.length > 0 ? (
        <ul className={classes.groups}>
          {bridges.map(one => (
            <li key={`${one.member}${one.group}`} style={{ display: 'block' }}>
              {t('paths.bridge', { member: memberOf(one.member), group: nameOf(one.group) })}{' '}
              <span className="dim">{others(one.others)}</span>
            </li>
          ))}
        </ul>
      ) : (
        cut.memberships.length > 0 && (
          <>
            <p>{t('paths.cutAll', { count: cut.memberships.length })}</p>
            <ul className={classes.groups}>
              {cut.memberships.map(one => (
                <li key={`${one.member}${one.group}`}>
                  {t('paths.cut', { member: memberOf(one.member), group: nameOf(one.group) })}
                </li>
              ))}
            </ul>
            <p className="dim">{others(cut.others)}</p>
          </>
        )
      )}
    </section>
  )
}
