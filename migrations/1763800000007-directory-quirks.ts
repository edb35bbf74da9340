import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Active Directory names a member's primary group on the member and not on the group: both sides by the group's SID.
 * And what a reader has to say of a read that stops nothing: servers passed over, parts of the tree that are elsewhere.
 */
export class DirectoryQuirks1763800000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table account add column primary_group text;
      alter table directory_group add column sid text;
      alter table feed_run add column notes jsonb not null default '[]';
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table feed_run drop column notes;
      alter table directory_group drop column sid;
      alter table account drop column primary_group;
    `)
  }
}
