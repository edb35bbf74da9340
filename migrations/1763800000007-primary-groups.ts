import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Active Directory names a member's primary group on the member and not on the group: both sides by the group's SID. */
export class PrimaryGroups1763800000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table account add column primary_group text;
      alter table directory_group add column sid text;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table directory_group drop column sid;
      alter table account drop column primary_group;
    `)
  }
}
