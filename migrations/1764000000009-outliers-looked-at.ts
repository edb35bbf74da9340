import type { MigrationInterface, QueryRunner } from 'typeorm'

/** When everybody was last compared with everybody: it is not done each time that a right changes. */
export class OutliersLookedAt1764000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table finding_notice add column outliers_at timestamptz')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table finding_notice drop column outliers_at')
  }
}
