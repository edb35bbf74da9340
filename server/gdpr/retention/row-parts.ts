import type { RetentionKey } from '#contract/retention-rows.ts'

/**
 * One kind of record of a row: what is there of it (`id, started, person, by_person, case_id, blocked`), and the statements
 * that take away what is personal in it, given ids as `$1::text[]`. What was done, when, and by which rule stays.
 */
export type Part = { name: string; due: string; erase: readonly string[] }

const DAY = (instant: string) => `(${instant} at time zone 'Europe/Copenhagen')::date`
const NO_ONE = 'null::uuid'
/** Who sees most of others: their lookups are kept long enough for two half-yearly samples. */
export const WIDE_FUNCTIONS = ['admin', 'it', 'dpo', 'auditor'] as const
const WIDE = `('${WIDE_FUNCTIONS.join("', '")}')`
const ids = (type: 'uuid' | 'bigint') => `any($1::text[]::${type}[])`

const part = (
  name: string,
  from: string,
  given: Partial<Record<'id' | 'started' | 'person' | 'by', string>>,
  erase: readonly string[],
): Part => ({
  name,
  due: `select ${given.id ?? 'x.id::text'} as id, ${given.started} as started, ${given.person ?? 'x.person_id'} as person,
      ${given.by ?? NO_ONE} as by_person, ${NO_ONE} as case_id, false as blocked from ${from}`,
  erase,
})

const entries = (which: string): readonly Part[] => [
  {
    name: 'entry',
    // Whoever is being looked into may be the one who looked.
    due: `select e.id::text as id, ${DAY('e.at')} as started, e.person_id as person, e.actor_person_id as by_person, e.case_id, false as blocked
      from audit_payload y join audit_entry e on e.id = y.entry_id where y.erased_at is null and ${which}`,
    erase: [
      `update audit_payload set salt = null, body = null, erased_at = clock_timestamp()
       where entry_id = ${ids('bigint')} and erased_at is null`,
    ],
  },
]

export const LOG_PARTS = {
  lookups: [
    ...entries(`e.lookup and e.actor_function not in ${WIDE}`),
    // Who tried to lock whom: counted for an hour, and a lookup like others after that.
    part('lock-attempt', 'person_lock_attempt x', { started: DAY('x.at') }, [
      `delete from person_lock_attempt where id = ${ids('uuid')}`,
    ]),
  ],
  'lookups-wide': entries(`e.lookup and e.actor_function in ${WIDE}`),
  changes: entries('not e.lookup'),
} satisfies Partial<Record<RetentionKey, readonly Part[]>>

/** A form that says nothing but its kind: every other field has a default. */
const BLANK_FORM = `jsonb_build_object('kind', c.form -> 'kind')`
const blankCases = [
  `update lifecycle_case c set form = ${BLANK_FORM}, cpr_sealed = null,
     withdrawn_at = case when c.state in ('draft', 'prepared') then clock_timestamp() else c.withdrawn_at end,
     state = case when c.state in ('draft', 'prepared') then 'withdrawn' else c.state end
   where c.id = ${ids('uuid')}`,
  `update lifecycle_case_event set detail = '{}' where case_id = ${ids('uuid')}`,
]
const caseDue = (started: string, states: string) =>
  `select c.id::text as id, ${started} as started, c.person_id as person, ${NO_ONE} as by_person, c.id as case_id, false as blocked
   from lifecycle_case c where c.state in (${states})
     and (c.form <> ${BLANK_FORM} or c.cpr_sealed is not null
       or exists (select from lifecycle_case_event v where v.case_id = c.id and v.detail <> '{}'))`

export const CASE_PARTS = {
  drafts: [
    {
      name: 'case',
      due: caseDue(DAY('coalesce(c.withdrawn_at, c.updated_at)'), `'draft', 'prepared', 'withdrawn'`),
      erase: blankCases,
    },
  ],
  cases: [
    {
      name: 'case',
      due: caseDue(`greatest(${DAY('c.sent_at')}, c.effective_on, c.deadline)`, `'sent', 'done'`),
      erase: blankCases,
    },
    part(
      'left-behind',
      // What a mailbox answered after its owner had left.
      `left_behind x where x.reply <> ''`,
      { started: `greatest(x.until, x.due_on, ${DAY('x.stated_at')})` },
      [`update left_behind set reply = '' where id = ${ids('uuid')}`],
    ),
  ],
  rectifications: [
    part(
      'rectification',
      // What nobody has answered is not over, however old; but it goes with the name.
      `rectification x where x.words <> '' or x.answer <> ''`,
      { started: `coalesce(${DAY('x.answered_at')}, 'infinity')` },
      [
        `update rectification set words = '', answer = case when answer is not null then '' end where id = ${ids('uuid')}`,
      ],
    ),
  ],
} satisfies Partial<Record<RetentionKey, readonly Part[]>>

export const OTHER_PARTS = {
  account: [
    part(
      'account',
      `account x where x.gone_at is not null and (num_nonnulls(x.display_name, x.email, x.dn, x.employee_no, x.person_key, x.description, x.reason) > 0
        or x.candidates <> '[]' or x.person_id is null and x.username <> 'gone-' || left(x.id::text, 8))`,
      { started: DAY('x.gone_at') },
      [
        // A record that came back would bring all of it again; one that is gone is not needed to compare with.
        `delete from source_record where kind = 'account' and gone_at is not null and subject_id = ${ids('uuid')}`,
        `update account set display_name = null, email = null, dn = null, employee_no = null, person_key = null, description = null,
           reason = null, candidates = '[]', key = id::text,
           username = case when person_id is null then 'gone-' || left(id::text, 8) else username end
         where id = ${ids('uuid')} and gone_at is not null`,
      ],
    ),
  ],
  approvals: [
    part(
      'approval',
      `lifecycle_approval x where x.decided_at is not null and (x.reason is not null or x.why <> '')`,
      { started: DAY('x.decided_at') },
      [`update lifecycle_approval set reason = null, why = '' where id = ${ids('uuid')}`],
    ),
    part(
      'account-decision',
      `account_decision x join account a on a.id = x.account_id where x.reason is not null`,
      { started: DAY('x.at'), person: 'coalesce(x.person_id, a.person_id)' },
      [`update account_decision set reason = null where id = ${ids('uuid')}`],
    ),
    part(
      'exception',
      `right_exception x where x.reason <> '' and not x.in_force`,
      { started: `least(x.valid_to, ${DAY('x.ended_at')})` },
      [`update right_exception set reason = '' where id = ${ids('uuid')}`],
    ),
    part(
      'grant',
      `right_grant x join affiliation a on a.id = x.affiliation_id where (x.reason <> '' or x.ended_reason <> '' or x.check_note <> '')
        and (x.ended_at is not null or x.valid_to <= $1::date)`,
      { started: `least(x.valid_to, ${DAY('x.ended_at')})`, person: 'a.person_id' },
      [
        `update right_grant set reason = '', ended_reason = case when ended_reason is not null then '' end,
           check_note = case when check_note is not null then '' end where id = ${ids('uuid')}`,
      ],
    ),
    part(
      'match',
      `person_match x where x.decided_at is not null and x.reason <> ''`,
      { started: DAY('x.decided_at'), person: 'x.person_a', by: 'x.person_b' },
      [`update person_match set reason = '' where id = ${ids('uuid')}`],
    ),
    part(
      'merge',
      `person_merge x where x.reason <> '' or x.undone_reason <> ''`,
      { started: DAY('greatest(x.at, x.undone_at)'), person: 'x.survivor_id', by: 'x.absorbed_id' },
      [
        `update person_merge set reason = '', undone_reason = case when undone_reason is not null then '' end where id = ${ids('uuid')}`,
      ],
    ),
    part(
      'job-match',
      `affiliation_match x join affiliation a on a.id = x.report_id where x.decided_at is not null and x.reason <> ''`,
      { started: DAY('x.decided_at'), person: 'a.person_id' },
      [`update affiliation_match set reason = '' where id = ${ids('uuid')}`],
    ),
    part(
      'job-merge',
      `affiliation_merge x join affiliation a on a.id = x.survivor_id where x.reason <> '' or x.undone_reason <> ''`,
      { started: DAY('greatest(x.at, x.undone_at)'), person: 'a.person_id' },
      [
        `update affiliation_merge set reason = '', undone_reason = case when undone_reason is not null then '' end where id = ${ids('uuid')}`,
      ],
    ),
    part(
      'local-role',
      `local_role x join tool_user u on u.id = x.user_id where upper(x.valid) <= $1::date and x.reason <> ''`,
      { started: 'upper(x.valid)', person: 'u.person_id' },
      [`update local_role set reason = '' where id = ${ids('uuid')}`],
    ),
    part(
      'hold',
      // Why something was kept is as sensitive as what was kept.
      `legal_hold x left join lifecycle_case c on x.kind = 'case' and c.id = x.subject_id
       where (x.ended_at is not null or x.expires_on <= $1::date) and (x.reason <> '' or x.ended_reason <> '')`,
      {
        started: `least(x.expires_on, ${DAY('x.ended_at')})`,
        person: `case when x.kind = 'person' then x.subject_id else c.person_id end`,
      },
      [
        `update legal_hold set reason = '', ended_reason = case when ended_reason is not null then '' end where id = ${ids('uuid')}`,
      ],
    ),
    part(
      'sample',
      `lookup_sample x join audit_entry e on e.id = x.entry_id where x.note is not null`,
      { id: 'x.entry_id::text', started: DAY('x.answered_at'), person: 'e.person_id', by: 'e.actor_person_id' },
      [`update lookup_sample set note = null where entry_id = ${ids('bigint')}`],
    ),
    part(
      'lock',
      `person_lock x where x.released_at is not null and (x.reason <> '' or x.release_reason <> '')`,
      { started: DAY('x.released_at'), by: 'x.locked_by_person_id' },
      [`update person_lock set reason = '', release_reason = '' where id = ${ids('uuid')}`],
    ),
  ],
  findings: [
    part('finding', `finding x where x.closed_at is not null`, { started: DAY('x.closed_at') }, [
      `delete from finding where id = ${ids('uuid')} and closed_at is not null`,
    ]),
  ],
  'hr-events': [
    part(
      'event',
      `hr_event x join hr_event_state s on s.event_id = x.id
       where s.state in ('applied', 'set-aside', 'unknown-type') and (x.data <> '{}' or x.sealed is not null or s.params <> '{}')`,
      { started: DAY('greatest(x.received_at, s.changed_at)'), person: 's.person_id' },
      [
        `update hr_event set data = '{}', sealed = null where id = ${ids('uuid')}`,
        `update hr_event_state set params = '{}' where event_id = ${ids('uuid')}`,
      ],
    ),
  ],
  orders: [
    part(
      'order',
      // What a live account was made with is what the next order is compared with: only of those who have left.
      `provisioning_order x join left_person l on l.id = x.person_id
       where x.state in ('done', 'verified', 'cancelled', 'assumed') and (x.content <> '{}' or x.said is not null
         or exists (select from order_attempt t where t.order_id = x.id and (t.steps <> '[]' or t.said is not null)))`,
      { started: `greatest(l.left_on, ${DAY('coalesce(x.verified_at, x.done_at, x.made_at)')})` },
      [
        `update provisioning_order set content = '{}', said = null where id = ${ids('uuid')}`,
        `update order_attempt set steps = '[]', said = null where order_id = ${ids('uuid')}`,
      ],
    ),
  ],
  evidence: [
    part(
      'evidence',
      `task_evidence x join task k on k.id = x.task_id where coalesce(k.verified_at, k.done_at) is not null
        and (num_nonnulls(x.note, x.file_name, x.file) > 0 or x.detail <> '{}')`,
      { started: DAY('coalesce(k.verified_at, k.done_at)'), person: 'k.person_id' },
      [`update task_evidence set note = null, file_name = null, file = null, detail = '{}' where id = ${ids('uuid')}`],
    ),
  ],
  mails: [
    part(
      'told',
      `mail_item x where x.told_at is not null and (x.facts <> '{}' or x.about_person_id is not null)`,
      { started: DAY('x.told_at'), person: 'x.about_person_id', by: 'x.person_id' },
      [
        // The key stays: whoever has been told is not told again.
        `update mail_item set facts = '{}', about_person_id = null, mail_id = null where id = ${ids('uuid')}`,
      ],
    ),
    part(
      'mail',
      `mail x where x.state in ('sent', 'shown', 'failed')
        and not exists (select from mail_item i where i.mail_id = x.id and (i.facts <> '{}' or i.about_person_id is not null))`,
      { started: DAY('x.made_at') },
      [`delete from mail where id = ${ids('uuid')}`],
    ),
  ],
  exports: [
    part('import', `catalogue_import x where x.content is not null`, { started: DAY('x.at'), person: NO_ONE }, [
      `update catalogue_import set content = null where id = ${ids('uuid')}`,
    ]),
  ],
  runs: [
    part(
      'item',
      `plan_item x join feed_run r on r.plan_id = x.plan_id and r.state in ('done', 'rejected', 'failed')
       left join affiliation a on x.kind = 'affiliation' and a.id = x.subject_id
       left join account c on x.kind = 'account' and c.id = x.subject_id
       where x.kind in ('person', 'affiliation', 'account', 'held') and r.ended_at is not null`,
      {
        id: `x.plan_id || ':' || x.n`,
        started: DAY('r.ended_at'),
        // What is added has no subject yet when it is planned: then its source's key says who.
        person: `coalesce(a.person_id, c.person_id, case x.kind
          when 'person' then coalesce(x.subject_id, (select k.person_id from person_key k where k.source = r.source and k.key = x.key limit 1))
          when 'affiliation' then (select f.person_id from affiliation f where f.source = r.source and f.key = x.key)
          when 'account' then (select f.person_id from account f where f.source = r.source and f.key = x.key) end)`,
      },
      [
        `delete from plan_item x using unnest($1::text[]) t (id) where x.plan_id = split_part(t.id, ':', 1)::uuid and x.n = split_part(t.id, ':', 2)::int`,
      ],
    ),
    part(
      'reject',
      `feed_reject x join feed_run r on r.id = x.run_id where r.ended_at is not null and (x.raw is not null or x.key is not null)`,
      { id: `x.run_id || ':' || x.n`, started: DAY('r.ended_at'), person: NO_ONE },
      [
        `update feed_reject x set raw = null, key = null, params = '{}' from unnest($1::text[]) t (id)
         where x.run_id = split_part(t.id, ':', 1)::uuid and x.n = split_part(t.id, ':', 2)::int`,
      ],
    ),
  ],
} satisfies Partial<Record<RetentionKey, readonly Part[]>>
