import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Sources that are declared on the screen beside those of the sources file, with a version each and their history. */
export class Sources1763800000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table source
        -- file: the sources file says what it is. screen: changed through the API. draft: only tried, never read in.
        add column owner text not null default 'file' check (owner in ('file', 'screen', 'draft')),
        add column version int not null default 1,
        -- As it was written, before the schema's defaults, in the writer's order (so json, not jsonb).
        add column written json,
        -- Where in the sources file: file:line.
        add column place text,
        add column declared_by text;

      create table source_version (
        source text not null references source (key) on delete cascade,
        version int not null,
        change text not null check (change in ('file', 'create', 'change', 'retire', 'restore', 'import', 'take-over')),
        written json not null,
        at timestamptz not null default clock_timestamp(),
        by text,
        reason text,
        primary key (source, version)
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table source_version;
      delete from source where owner = 'draft' and not exists (select from feed_run where source = key);
      alter table source drop column owner, drop column version, drop column written, drop column place, drop column declared_by;
    `)
  }
}
