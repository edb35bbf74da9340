import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What systems are to carry out: how far each is steered, its kinds of accounts, orders with their attempts, tasks. */
export class Orders1764000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- How far a system is steered, and since when: what a rule took away before that is nobody's order.
      alter table it_system add column rung text not null default 'observe'
        constraint it_system_rung_check check (rung in ('observe', 'add', 'apply', 'full'));
      alter table it_system add column rung_at timestamptz;
      -- Words of the system's owner for what is done by hand there, by action.
      alter table it_system add column task_words jsonb not null default '{}';
      -- Where nothing can be read, every nth task that is said to be done is looked at by a second person; 0 is never.
      alter table it_system add column task_sample int not null default 10 constraint it_system_task_sample_check check (task_sample >= 0);
      create index it_system_rung on it_system (id) where rung <> 'observe';

      create table account_type (
        id uuid primary key default gen_random_uuid(),
        system_id uuid not null references it_system (id),
        key text not null,
        name text not null,
        per text not null check (per in ('person', 'affiliation')),
        -- The source in which accounts of this kind are seen; null where nothing reads them.
        source text,
        lead_days int not null check (lead_days between 0 and 365),
        depends_on uuid references account_type (id),
        disable_after int not null check (disable_after between 0 and 3650),
        -- null: never deleted by us.
        delete_after int check (delete_after between 0 and 3650),
        rules jsonb not null default '[]',
        user_name jsonb,
        version int not null default 1,
        gone_at timestamptz,
        check (depends_on <> id)
      );
      create unique index account_type_key on account_type (system_id, key) where gone_at is null;
      create index account_type_system on account_type (system_id);

      create table system_connector (
        system_id uuid primary key references it_system (id) on delete cascade,
        kind text not null,
        settings jsonb not null default '{}',
        -- What it can carry out, as the program said when it was saved; a person does the rest.
        actions text[] not null default '{}',
        enabled boolean not null default false,
        tested_at timestamptz,
        tested_ok boolean,
        version int not null default 1,
        -- The breaker stands in the table, so that all processes share it.
        failures int not null default 0,
        last_failure text,
        rests_until timestamptz
      );

      create table task (
        id uuid primary key default gen_random_uuid(),
        system_id uuid not null references it_system (id),
        person_id uuid not null references person (id),
        due_on date not null,
        direction text not null check (direction in ('give', 'take')),
        state text not null default 'open' check (state in ('open', 'done', 'second', 'verified', 'cancelled')),
        made_at timestamptz not null,
        done_at timestamptz,
        done_by uuid,
        verified_at timestamptz,
        verified_by uuid,
        reopened_at timestamptz,
        reopened_why text,
        reminded_at timestamptz,
        escalated_at timestamptz,
        version int not null default 1
      );
      create unique index task_open on task (system_id, person_id, due_on, direction) where state = 'open';
      create index task_person on task (person_id);
      create index task_queue on task (due_on) where state in ('open', 'second');
      create index task_system on task (system_id, state);

      create table task_evidence (
        id uuid primary key default gen_random_uuid(),
        task_id uuid not null references task (id) on delete cascade,
        kind text not null check (kind in ('tick', 'note', 'file', 'handover')),
        note text,
        file_name text,
        file bytea,
        -- Of equipment: serial number and whose name stands under it.
        detail jsonb not null default '{}',
        at timestamptz not null,
        by uuid not null
      );
      create index task_evidence_task on task_evidence (task_id);

      create table provisioning_order (
        -- Also the key by which a target knows that it has had it.
        id uuid primary key,
        system_id uuid not null references it_system (id),
        person_id uuid not null references person (id),
        affiliation_id uuid references affiliation (id),
        account_type_id uuid references account_type (id),
        entitlement_id uuid references entitlement (id),
        action text not null check (action in ('create', 'enable', 'disable', 'rename', 'move', 'set', 'grant', 'revoke',
          'delete', 'hand-out', 'take-back')),
        due_on date not null,
        urgent boolean not null default false,
        state text not null check (state in ('planned', 'task', 'sending', 'retry', 'parked', 'done', 'verified',
          'cancelled', 'assumed')),
        cause text not null,
        -- What of the account is sent: user name, attributes, limits of the right.
        content jsonb not null default '{}',
        external_id text,
        attempts int not null default 0,
        next_try_at timestamptz,
        lease_until timestamptz,
        -- Orders that were handed over as one, so that they are handed over again as the same one.
        batch_id uuid,
        said text,
        -- Given to a person although a connector could do it.
        by_hand boolean not null default false,
        task_id uuid references task (id),
        made_at timestamptz not null,
        done_at timestamptz,
        done_by text,
        verified_at timestamptz,
        version int not null default 1,
        check ((account_type_id is null) <> (entitlement_id is null))
      );
      create unique index provisioning_order_open
        on provisioning_order (system_id, person_id, account_type_id, entitlement_id, action,
          (case when account_type_id is not null then affiliation_id end))
        nulls not distinct where state in ('planned', 'task', 'sending', 'retry', 'parked');
      create index provisioning_order_person on provisioning_order (person_id);
      create index provisioning_order_system on provisioning_order (system_id, made_at);
      create index provisioning_order_due on provisioning_order (system_id, due_on)
        where state in ('planned', 'retry', 'sending');
      create index provisioning_order_task on provisioning_order (task_id) where task_id is not null;
      create index provisioning_order_unseen on provisioning_order (system_id) where state in ('done', 'assumed');

      create table order_attempt (
        order_id uuid not null references provisioning_order (id) on delete cascade,
        n int not null,
        started_at timestamptz not null,
        ended_at timestamptz,
        outcome text check (outcome in ('done', 'already', 'retry', 'refused', 'lost', 'cut-off')),
        steps jsonb not null default '[]',
        said text,
        primary key (order_id, n)
      );

      -- Every user name that was ever given, also long after its account is gone.
      create table user_name_given (
        name text primary key,
        person_id uuid not null,
        account_type_id uuid not null references account_type (id),
        given_at timestamptz not null,
        freed_on date
      );
      create index user_name_given_person on user_name_given (person_id, account_type_id);

      -- Another rung that takes so much that a second person has to want it too.
      create table rung_change (
        system_id uuid primary key references it_system (id) on delete cascade,
        rung text not null check (rung in ('observe', 'add', 'apply', 'full')),
        reason text not null,
        hash text not null,
        asked_at timestamptz not null,
        asked_by uuid not null
      );

      -- Up to which deciding of rights orders have been planned by the job that catches up.
      create table order_planning (
        one boolean primary key default true check (one),
        through timestamptz not null
      );

      -- When a start counts from the day before, and until when on the day after an end counts as on time.
      create table unit_cutover (
        unit_id uuid primary key references org_unit (id) on delete cascade,
        starts_from_hour int check (starts_from_hour between 0 and 23),
        ends_until_hour int check (ends_until_hour between 0 and 23),
        changed_at timestamptz not null,
        changed_by uuid not null
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table order_planning, rung_change, unit_cutover, user_name_given, order_attempt, provisioning_order, task_evidence, task, system_connector,
        account_type;
      drop index it_system_rung;
      alter table it_system drop column rung, drop column rung_at, drop column task_words, drop column task_sample
    `)
  }
}
