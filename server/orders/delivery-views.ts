import { z } from 'zod'
import type { getDelivery } from '#contract/account-types.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { personRefSql, visibleTo } from '../access/visible.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { allows } from '../policy/policy.ts'
import type { Connector } from './connector.ts'
import { unheardOf } from './kept-store.ts'
import { instant, OPEN } from './order-visible.ts'

type Delivery = ResponseOf<typeof getDelivery>
type Row = Omit<Delivery, 'kinds' | 'allowed' | 'rungAt' | 'connector'> & {
  rungAt: Date | null
  connector: (Omit<NonNullable<Delivery['connector']>, never> & { testedAt: string | null }) | null
}

/** How a system is steered. One statement, and one more where something is kept. */
export async function deliveryView(
  tx: Tx,
  actor: Actor,
  systemId: string,
  connectors: readonly Connector[],
): Promise<Delivery | null> {
  const q = statement()
  const shown = (p: string) => visibleTo(actor, q).name(p)
  const [row] = await tx.query<Row>(
    `select jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system, s.rung, s.rung_at as "rungAt",
       (select jsonb_build_object('kind', c.kind, 'settings', c.settings, 'enabled', c.enabled, 'testedAt', c.tested_at,
          'testedOk', c.tested_ok, 'failures', c.failures, 'restsUntil', c.rests_until, 'lastFailure', c.last_failure,
          'version', c.version) from system_connector c where c.system_id = s.id) as connector,
       coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'version', t.version, 'key', t.key, 'name', t.name, 'per', t.per,
           'source', t.source, 'leadDays', t.lead_days, 'dependsOn', t.depends_on, 'disableAfter', t.disable_after,
           'deleteAfter', t.delete_after, 'rules', t.rules, 'userName', t.user_name, 'keeps', t.keeps,
           'accounts', (select count(*) from account a where a.source = t.source and a.gone_at is null and a.kind = 'personal'))
           order by t.name, t.id)
         from account_type t where t.system_id = s.id and t.gone_at is null), '[]') as "accountTypes",
       coalesce((select jsonb_agg(distinct jsonb_build_object('id', u.unit_id, 'name', u.name))
         from account_type t cross join lateral jsonb_array_elements(t.rules) r join org_unit_current u on u.unit_id = (r ->> 'unitId')::uuid
         where t.system_id = s.id and t.gone_at is null), '[]') as units,
       coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'name', i.name || ': ' || t.name) order by i.name, t.name)
         from account_type t join it_system i on i.id = t.system_id where t.gone_at is null), '[]') as others,
       coalesce((select jsonb_agg(jsonb_build_object('key', so.key, 'name', coalesce(so.declaration -> 'name' ->> 'da', so.key)) order by so.key)
         from source so where exists (select from account a where a.source = so.key)), '[]') as sources,
       s.task_words as words, s.carries, s.task_sample as sample, ${personRefSql('ra', shown('ra'))} as responsible,
       ${personRefSql('da', shown('da'))} as deputy,
       (select count(*) from provisioning_order o where o.system_id = s.id and o.state in ${OPEN}) as open
     from it_system s
     left join affiliation raf on raf.id = s.responsible_affiliation_id left join person_current ra on ra.person_id = raf.person_id
     left join affiliation daf on daf.id = s.task_deputy_affiliation_id left join person_current da on da.person_id = daf.person_id
     where s.id = ${q.bind(systemId, 'uuid')} and s.gone_at is null`,
    q.params,
  )
  if (!row) return null
  const unheard = await unheardOf(tx, row.accountTypes)
  const at = (value: string | null) => (value === null ? null : instant(new Date(value)))
  return {
    ...row,
    rungAt: instant(row.rungAt),
    accountTypes: row.accountTypes.map(one => ({ ...one, unheard: unheard.get(one.id) ?? [] })),
    connector: row.connector && {
      ...row.connector,
      testedAt: at(row.connector.testedAt),
      restsUntil: at(row.connector.restsUntil),
    },
    kinds: connectors.map(one => ({
      kind: one.kind,
      schema: z.toJSONSchema(one.settings, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>,
      actions: [...one.actions],
    })),
    allowed: {
      rung: allows(actor, 'approve', 'Delivery', { systemId }),
      connector: allows(actor, 'start', 'Delivery', { systemId }),
      accountTypes: allows(actor, 'change', 'Delivery', { systemId }),
      words: allows(actor, 'change', 'System', { id: systemId }),
    },
  }
}
