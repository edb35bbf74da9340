import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What was entered by hand, the newest first, among all that was said. */
export class FactsLeft1764100000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index fact_by_hand on fact (recorded_at) where source = 'manual'`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index fact_by_hand')
  }
}
