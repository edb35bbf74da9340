import type { MigrationInterface, QueryRunner } from 'typeorm'

/** A system on another day asks the histories by right, which without these reads five years of everything. */
export class Pages1763900000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index assignment_history_right on assignment_history (entitlement_id);
      create index observed_right_history_right on observed_right_history (entitlement_id);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index assignment_history_right; drop index observed_right_history_right')
  }
}
