import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The version of a rule and of a role that counts, found by its key in an ordinary index. Until now it was found in the
 * index of the constraint that no two count at once, and PostgreSQL 18.4 marks living entries of such an index (GiST) as
 * dead when one statement both reads and fills it while it grows past its first page: the rule was there and was not found.
 * What may have been marked so is put right.
 */
export class OpenRules1764100000024 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['rights_rule', 'rights_role'])
      await queryRunner.query(`
        reindex index ${table}_key_recorded_excl;
        create unique index ${table}_open on ${table} (key) where upper_inf(recorded)`)
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['rights_rule', 'rights_role']) await queryRunner.query(`drop index ${table}_open`)
  }
}
