import type { ResponseOf } from '#contract/endpoint.ts'
import type { getRightPaths } from '#contract/user-lists.ts'
import { problem } from '../platform/problem.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { bridges, fewestCut, groupPaths, type Nesting, type Step, whoLoses } from '../systems/group-paths.ts'
import { visibleTo } from './visible.ts'

/** Every way by which an account holds a right, and where to cut them. Three statements. */
export async function rightPathsView(
  tx: Tx,
  actor: Actor,
  { accountId, entitlementId }: { accountId: string; entitlementId: string },
): Promise<ResponseOf<typeof getRightPaths>> {
  const q = statement()
  const may = visibleTo(actor, q)
  const [held] = await tx.query<{
    account: { id: string; username: string; source: string }
    entitlement: { id: string; name: string }
    listed: boolean
  }>(
    `select jsonb_build_object('id', acc.id, 'username', acc.username, 'source', acc.source) as account,
       jsonb_build_object('id', e.id, 'name', e.name) as entitlement, o.listed
     from observed_right o join account acc on acc.id = o.account_id join entitlement e on e.id = o.entitlement_id
     left join person_current p on p.person_id = acc.person_id
     where o.account_id = ${q.bind(accountId, 'uuid')} and o.entitlement_id = ${q.bind(entitlementId, 'uuid')}
       and ${may.account('acc', 'p')}
       and case when acc.person_id is null then ${may.nobodysRight('e')} else ${may.observed('acc', 'p', 'e')} end`,
    q.params,
  )
  if (!held) throw problem('not-found', { detail: 'The account does not hold this right.' })
  const groups = await tx.query<{ id: string; name: string; gives: boolean }>(
    `with recursive below (group_id) as (
       select ge.group_id from group_entitlement ge join directory_group g on g.id = ge.group_id
       where ge.entitlement_id = $1 and g.gone_at is null and g.source = $2
       union
       select m.member_group_id from below b join group_member m on m.group_id = b.group_id where m.member_group_id is not null
     )
     select g.id, g.name, exists (select from group_entitlement ge where ge.group_id = g.id and ge.entitlement_id = $1) as gives
     from below b join directory_group g on g.id = b.group_id`,
    [entitlementId, held.account.source],
  )
  const members = await tx.query<{ group_id: string; account: string | null; nested: string | null }>(
    `select group_id, member_account_id as account, member_group_id as nested from group_member
     where group_id = any($1::uuid[])
       and (member_account_id is null or exists (select from account a where a.id = member_account_id and a.gone_at is null))`,
    [groups.map(group => group.id)],
  )
  const nested: Nesting[] = []
  const accounts = new Map<string, string[]>()
  for (const { group_id: group, account, nested: member } of members)
    if (member !== null) nested.push({ group, member })
    else if (account !== null) accounts.set(account, [...(accounts.get(account) ?? []), group])
  const graph = {
    own: accounts.get(accountId) ?? [],
    nested,
    targets: new Set(groups.filter(group => group.gives).map(group => group.id)),
  }
  const { nodes, paths, more } = groupPaths(graph)
  const others = (removed: readonly Step[]) =>
    whoLoses(accounts, graph, removed, accountId).filter(one => one !== accountId).length
  const cut = fewestCut(graph)
  const single = bridges(graph)
  const named = new Set([
    ...paths.flat(),
    ...[...cut, ...single].flatMap(step => [step.group, step.member ?? step.group]),
  ])
  return {
    ...held,
    groups: groups
      .filter(group => named.has(group.id))
      .map(({ id, name, gives }) => ({
        id,
        name,
        gives: nodes.get(id)?.gives ?? gives,
        circle: nodes.get(id)?.groups.length ?? 1,
      })),
    paths,
    more,
    cut: { memberships: cut, others: others(cut) },
    bridges: single.map(step => ({ ...step, others: others([step]) })),
  }
}
