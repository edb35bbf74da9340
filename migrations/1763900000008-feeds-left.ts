import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What feeds say is not to be followed, and a list of changes that costs the same however large its units are. */
export class FeedsLeft1763900000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The feed itself marks the account as one that nobody here follows.
      alter table account add column feed_out_of_scope boolean not null default false;

      -- Accounts that a source leaves out: what a full read compares its settings with.
      create index account_link_left_out on account_link (account_id)
        where until is null and verdict = 'out-of-scope' and decided_by = 'rule';

      -- By which version of what this program finds in entries the source was read whole. Null: an older one.
      alter table source add column parse_version int;

      -- Counting those who are in a unit reads the index alone.
      drop index source_record_part;
      create index source_record_part on source_record (source, kind, part) where part is not null and gone_at is null;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table source drop column parse_version;
      drop index source_record_part;
      create index source_record_part on source_record (source, kind, part) where part is not null;
      -- Without its mark nobody would ever end what a source has left out.
      delete from account_link where verdict = 'out-of-scope' and decided_by = 'rule';
      drop index account_link_left_out;
      alter table account drop column feed_out_of_scope;
    `)
  }
}
