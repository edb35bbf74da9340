import type { MigrationInterface, QueryRunner } from 'typeorm'

/** A vocabulary of kinds of purpose: what a purpose of the register is, in words that others know. */
export class PurposeKinds1764100000022 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table vocabulary_term drop constraint vocabulary_term_kind_check;
      alter table vocabulary_term add constraint vocabulary_term_kind_check check (kind in
        ('basis6', 'basis9', 'national', 'law', 'purpose-kind', 'data', 'subject', 'recipient', 'transfer-ground', 'measure',
         'operation', 'adequacy'))`)
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // Records that name a kind keep its code: it is read by nobody then, and means the same again after the next upgrade.
    await queryRunner.query(`
      delete from vocabulary_term where kind = 'purpose-kind';
      alter table vocabulary_term drop constraint vocabulary_term_kind_check;
      alter table vocabulary_term add constraint vocabulary_term_kind_check check (kind in
        ('basis6', 'basis9', 'national', 'law', 'data', 'subject', 'recipient', 'transfer-ground', 'measure', 'operation', 'adequacy'))`)
  }
}
