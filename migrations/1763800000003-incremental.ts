import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Reading only what has changed: where it goes on, which way each run went, and what a small change leaves to work out. */
export class Incremental1763800000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table source
        -- From where changes can be read; null: the next read is a full one. Good for one server only.
        add column change_state jsonb,
        add column change_run uuid,
        -- The last time changes were read to their end.
        add column changes_at timestamptz;

      alter table feed_run
        add column mode text not null default 'full' check (mode in ('full', 'changes')),
        -- Why everything was read where changes might have been; null where there was no question of it.
        add column full_because text;

      -- Accounts and groups whose links and observed rights must be worked out again, where only a few have changed;
      -- where a whole source must be, it stands in observe_due.
      create table observe_due_subject (
        source text not null,
        kind text not null check (kind in ('account', 'group')),
        subject_id uuid not null,
        primary key (source, kind, subject_id)
      );

      -- What has a run changed?
      create index source_record_run on source_record (run_id);

      -- How large is a unit, for the guards of a small change?
      create index source_record_part on source_record (source, kind, part) where part is not null;

      -- Who lists this account or group? Asked for a few names at a time.
      create index directory_group_members on directory_group using gin (members);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index directory_group_members;
      drop index source_record_part;
      drop index source_record_run;
      drop table observe_due_subject;
      alter table feed_run drop column full_because, drop column mode;
      alter table source drop column changes_at, drop column change_run, drop column change_state;
    `)
  }
}
