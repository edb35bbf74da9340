import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Sources and their runs, what each source last said, and stored plans with their items. */
export class FeedsPlans1763700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table source (
        key text primary key,
        name jsonb not null,
        kind text not null,
        -- As declared; secrets are references here, never values.
        declaration jsonb not null,
        schedule_seconds int,
        -- False: no longer in the sources file. What it said stays, nothing is read.
        declared boolean not null default true,
        declared_at timestamptz not null default now(),
        -- The last read that was complete and let in; absence and the shape guards are judged against it.
        complete_at timestamptz,
        seen_at timestamptz,
        shape jsonb
      );

      create table plan (
        id uuid primary key,
        kind text not null,
        subject text not null,
        cause_id uuid,
        state text not null check (state in ('open', 'applying', 'applied', 'held', 'rejected', 'stale')),
        hash text not null,
        held_hash text,
        held jsonb not null default '[]',
        created_at timestamptz not null default clock_timestamp(),
        created_by text,
        decided_at timestamptz,
        decided_by text,
        reason text
      );
      create index plan_subject on plan (kind, subject, created_at);
      create index plan_cause on plan (cause_id);

      create table plan_item (
        plan_id uuid not null references plan (id) on delete cascade,
        n int not null,
        kind text not null,
        key text not null,
        op text not null check (op in ('add', 'change', 'gone', 'return')),
        part text,
        before jsonb,
        after jsonb,
        hash bytea,
        subject_id uuid,
        state text not null default 'planned' check (state in ('planned', 'held', 'applied', 'rejected')),
        guard text,
        primary key (plan_id, n)
      );
      create index plan_item_left on plan_item (plan_id, kind, n) where state = 'planned';

      create table feed_run (
        id uuid primary key,
        source text not null references source (key),
        trigger text not null,
        dry_run boolean not null default false,
        started_by text,
        state text not null check (state in ('running', 'done', 'held', 'rejected', 'failed')),
        phase text not null check (phase in ('read', 'compare', 'apply', 'after', 'end')),
        progress jsonb not null default '{}',
        counts jsonb not null default '{}',
        phases jsonb not null default '{}',
        held_back jsonb not null default '[]',
        error jsonb,
        rejected int not null default 0,
        plan_id uuid references plan (id),
        seen_at timestamptz,
        started_at timestamptz not null default clock_timestamp(),
        ended_at timestamptz,
        -- The lease: who works on it, and a sign of life that others may wait for.
        worker text not null,
        heartbeat_at timestamptz not null default clock_timestamp()
      );
      -- One run per source at a time, whatever number of processes.
      create unique index feed_run_one_at_a_time on feed_run (source) where state = 'running';
      create index feed_run_recent on feed_run (source, started_at);
      create index feed_run_started on feed_run (started_at);

      create table feed_reject (
        run_id uuid not null references feed_run (id) on delete cascade,
        n int not null,
        kind text,
        key text,
        at text,
        reason text not null,
        params jsonb not null default '{}',
        -- The entry as it came, personal values masked.
        raw jsonb,
        primary key (run_id, n)
      );

      -- What each source last said, record by record. A record that has not changed is not rewritten by a run: it was
      -- last seen in the source's last complete read unless missing_since says otherwise.
      create table source_record (
        source text not null,
        kind text not null,
        key text not null,
        hash bytea not null,
        part text,
        payload jsonb not null,
        subject_id uuid,
        situation text,
        first_seen_at timestamptz not null,
        changed_at timestamptz not null,
        run_id uuid not null,
        missing_since timestamptz,
        missing_runs int not null default 0,
        gone_at timestamptz,
        primary key (source, kind, key)
      );
      create index source_record_subject on source_record (subject_id);
      create index source_record_missing on source_record (source) where missing_since is not null;

      -- Not logged: after a crash the read is made again anyway.
      create unlogged table feed_stage (
        run_id uuid not null,
        n int not null,
        kind text not null,
        key text not null,
        hash bytea,
        part text,
        payload text,
        -- By key: the comparison must be quick without statistics, which a table that is filled and emptied never has.
        primary key (run_id, kind, key, n)
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table feed_stage, source_record, feed_reject, feed_run, plan_item, plan, source`)
  }
}
