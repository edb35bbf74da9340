import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Of rights that have changed also of which systems, so that only those are counted again. */
export class FindingsDueSystems1764100000020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Null, as in rows from before: any system.
    await queryRunner.query('alter table finding_due add column systems uuid[]')
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table finding_due drop column systems')
  }
}
