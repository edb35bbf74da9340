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

      -- Files in watched folders, from the first look to where they stand afterwards.
      create table feed_drop (
        id uuid primary key,
        source text not null references source (key),
        pattern text not null,
        name text not null,
        bytes bigint not null,
        -- Milliseconds, exactly as the file system gives them: they are compared for equality.
        modified_at bigint not null,
        hash text,
        state text not null check (state in ('seen', 'taken', 'archived', 'again', 'set-aside')),
        run_id uuid references feed_run (id) on delete set null,
        -- Relative to the folder. Said before the file is moved; 'moved' says that it has been.
        place text not null,
        moved boolean not null,
        attempts int not null default 0,
        reason jsonb,
        noticed_at timestamptz not null,
        taken_at timestamptz,
        ended_at timestamptz,
        -- When the file itself was deleted, its time being up; what it was stays known.
        removed_at timestamptz
      );
      create unique index feed_drop_waiting on feed_drop (source, name) where state = 'seen';
      create index feed_drop_standing on feed_drop (source, pattern, modified_at);
      create index feed_drop_run on feed_drop (run_id);

      -- The last look at each watched folder.
      create table feed_watch (
        source text primary key references source (key),
        looked_at timestamptz not null,
        error jsonb,
        -- Names of files that no pattern fits: perhaps somebody has misspelt one.
        unmatched text[] not null default '{}'
      );

      -- Filled values are counted before parsing from now on, where defaults are not filled in yet: shares of the old
      -- kind would look like columns that have lost their values.
      update source set shape = (
        select jsonb_object_agg(key, jsonb_set(value, '{filled}', '{}')) from jsonb_each(shape)
      ) where shape is not null and shape <> '{}';
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table feed_watch, feed_drop;
      alter table feed_stage drop column mark;
      alter table feed_stage drop column seen_hash;
      alter table plan_item drop column seen_hash;
      alter table source_record drop column seen_hash;
    `)
  }
}
