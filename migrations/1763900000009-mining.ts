import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Runs that look for roles in what people hold, with what each proposed and what was decided about it. */
export class Mining1763900000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table mining_run (
        id uuid primary key,
        scope_kind text not null check (scope_kind in ('all', 'unit', 'area', 'system')),
        -- Id of the unit or system, name of the area; '' for the whole municipality.
        scope_key text not null default '',
        -- Set where the run is about one system: its owner may see it.
        system_id uuid,
        aim text not null check (aim in ('few', 'light', 'broad')),
        options jsonb not null,
        state text not null check (state in ('running', 'done', 'stopped', 'failed', 'interrupted')),
        stop_asked boolean not null default false,
        progress jsonb,
        matrix jsonb,
        result jsonb,
        error text,
        started_by text not null,
        started_at timestamptz not null default clock_timestamp(),
        -- Moves while its process lives: one that stands still is of a dead process.
        beat_at timestamptz not null default clock_timestamp(),
        ended_at timestamptz
      );
      create unique index mining_run_one on mining_run (scope_kind, scope_key) where state = 'running';
      create index mining_run_recent on mining_run (started_at);

      create table mining_proposal (
        run_id uuid not null references mining_run (id) on delete cascade,
        nr int not null,
        state text not null default 'open' check (state in ('open', 'accepted', 'rejected')),
        -- Entitlements and people, by id and without foreign keys: what they were when the run read them.
        rights uuid[] not null,
        holders uuid[] not null,
        -- Of the keys of its rights: the same set is known again in later runs.
        rights_hash text not null,
        unit_key text,
        position_key text,
        kinds text[] not null default '{}',
        hits int not null,
        meets int not null,
        newly int not null,
        name text,
        reason text,
        decided_by text,
        decided_at timestamptz,
        draft_id uuid references what_if_draft (id) on delete set null,
        role_key text,
        rule_key text,
        primary key (run_id, nr)
      );
      create index mining_proposal_rejected on mining_proposal (rights_hash) where state = 'rejected';
      create index mining_proposal_draft on mining_proposal (draft_id);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table mining_proposal, mining_run')
  }
}
