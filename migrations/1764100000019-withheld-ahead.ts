import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Of what a draft would give, what strict mode would hold back. */
export class WithheldAhead1764100000019 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table what_if_difference add column withheld boolean not null default false')
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table what_if_difference drop column withheld')
  }
}
