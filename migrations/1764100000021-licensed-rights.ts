import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The few rights with a licence cap, which are counted after every change of anybody's rights. */
export class LicensedRights1764100000021 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('create index entitlement_licensed on entitlement (id) where licence_cap is not null')
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index entitlement_licensed')
  }
}
