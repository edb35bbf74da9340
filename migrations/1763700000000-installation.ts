import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What an installation knows of itself: that its demonstration has been made, which key its data were written with. */
export class Installation1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table installation (
        key text primary key,
        value jsonb not null,
        changed_at timestamptz not null default clock_timestamp()
      )
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table installation')
  }
}
