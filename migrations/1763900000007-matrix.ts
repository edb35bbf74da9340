import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Filters of a screen that somebody keeps under a name, and whom they share them with. */
export class Matrix1763900000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table saved_view (
        id uuid primary key,
        -- First step of the screen's address: rights, people, systems.
        screen text not null,
        name text not null,
        -- Search parameters as they stand in the address; names of people never do.
        search jsonb not null default '{}',
        owner_id uuid not null references tool_user (id) on delete cascade,
        -- Roles that see it too; none is private.
        shared_with text[] not null default '{}',
        created_at timestamptz not null default clock_timestamp(),
        changed_at timestamptz not null default clock_timestamp(),
        unique (owner_id, screen, name)
      );
      create index saved_view_screen on saved_view (screen);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table saved_view')
  }
}
