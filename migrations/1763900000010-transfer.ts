import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Files that the catalogue is read from: what was sent in (its content only until it has been let in, or is old), columns
 * that are remembered under a name, and what another register calls a system, with what it says that has no place here.
 */
export class Transfer1763900000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table catalogue_import (
        id uuid primary key,
        user_id uuid not null,
        at timestamptz not null,
        name text not null,
        kind text not null check (kind in ('table', 'kitos')),
        content jsonb,
        applied_at timestamptz,
        undone_at timestamptz,
        created int not null default 0,
        changed int not null default 0,
        left_out int not null default 0
      );
      create index catalogue_import_at on catalogue_import (at);

      create table catalogue_columns (
        name text primary key,
        headings text[] not null,
        columns jsonb not null,
        user_id uuid not null,
        at timestamptz not null
      );

      create table system_external_key (
        scheme text not null,
        key text not null,
        system_id uuid not null references it_system (id) on delete cascade,
        rest jsonb not null default '{}',
        import_id uuid,
        primary key (scheme, key)
      );
      create index system_external_key_system on system_external_key (system_id);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table system_external_key, catalogue_columns, catalogue_import')
  }
}
