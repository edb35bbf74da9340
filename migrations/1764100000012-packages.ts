import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What is handed to an inspection: what it is about, how far it has come, and the file in pieces until it is let go. */
export class Packages1764100000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table package (
        id uuid primary key,
        -- Contract shape of what was asked for.
        scope jsonb not null,
        -- As of when the content was known: fixed when it is asked for, so that it can be made again.
        known timestamptz not null,
        reason text not null,
        state text not null constraint package_state_check check (state in ('waiting', 'making', 'made', 'failed', 'expired')),
        made_by uuid not null references tool_user (id),
        -- The role under which it is made: it says which people are in it.
        made_as text not null,
        asked_at timestamptz not null,
        taken_at timestamptz,
        made_at timestamptz,
        bytes bigint,
        parts int,
        sha256 text,
        files jsonb not null default '[]',
        -- From this day on only that it was made, and its hash, are kept.
        expires_on date not null
      );
      create index package_asked on package (asked_at);
      create index package_waiting on package (asked_at) where state in ('waiting', 'making');

      create table package_part (
        package_id uuid not null references package (id) on delete cascade,
        place int not null,
        content bytea not null,
        primary key (package_id, place)
      );
      -- It is packed already.
      alter table package_part alter column content set storage external;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table package_part, package')
  }
}
