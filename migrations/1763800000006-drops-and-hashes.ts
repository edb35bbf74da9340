import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What a record looked like before it was parsed, so that an unchanged one is not parsed again; which records a read
 * did not see, told by the read itself; and files that were dropped into a watched folder.
 */
export class DropsAndHashes1763800000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Hash of the record as it was read. Null: not known yet, the next read parses it.
      alter table source_record add column seen_hash text;
      alter table plan_item add column seen_hash text;
      alter table feed_stage add column seen_hash text;
      -- Null: the read has it. 'unseen': the read does not have it. 'gone': the source states that it is gone.
      alter table feed_stage add column mark text check (mark in ('unseen', 'gone'));

      -- Filled values are counted before parsing from now on, where defaults are not filled in yet: shares of the old
      -- kind would look like columns that have lost their values.
      update source set shape = (
        select jsonb_object_agg(key, jsonb_set(value, '{filled}', '{}')) from jsonb_each(shape)
      ) where shape is not null and shape <> '{}';
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table feed_stage drop column mark;
      alter table feed_stage drop column seen_hash;
      alter table plan_item drop column seen_hash;
      alter table source_record drop column seen_hash;
    `)
  }
}
