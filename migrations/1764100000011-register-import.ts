import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The register from a file: what was sent in, what became of it, and columns that were saved under a name. */
export class RegisterImport1764100000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table register_import (
        id uuid primary key,
        user_id uuid not null,
        at timestamptz not null,
        name text not null,
        -- Until it is let in; gone then, or after two days.
        content jsonb,
        applied_at timestamptz,
        undone_at timestamptz,
        -- Versions that it made, with the lock they had: what nobody has touched since can be taken back.
        made jsonb not null default '[]',
        drafts int not null default 0,
        proposals int not null default 0,
        left_out int not null default 0
      );
      create index register_import_at on register_import (at);

      create table register_columns (
        name text primary key,
        headings jsonb not null,
        columns jsonb not null,
        user_id uuid not null,
        at timestamptz not null
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table register_columns, register_import')
  }
}
