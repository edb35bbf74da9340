import type { MigrationInterface, QueryRunner } from 'typeorm'

/** User lists of systems: what a list says of a right that is held, what its rights are called there, and files sent in. */
export class UserLists1763900000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table observed_right
        -- Said by a list of the system itself, and not worked out from groups: those leave such rows alone.
        add column listed boolean not null default false,
        -- Limits as the list writes them; empty where it says none.
        add column limits text[] not null default '{}',
        add column last_used date;

      -- What rights are called in the lists of a source, and which right each name means. Null: nobody knows yet.
      create table list_right (
        source text not null,
        -- In small letters, with single blanks.
        name_key text not null,
        name text not null,
        entitlement_id uuid references entitlement (id),
        decided_by text not null default 'name' check (decided_by in ('name', 'person')),
        first_seen_at timestamptz not null default now(),
        primary key (source, name_key)
      );
      create index list_right_by_right on list_right (entitlement_id);

      -- A file that somebody has sent in and not yet let in; it stands below the drop folder and is deleted after a day.
      create table user_list_upload (
        id uuid primary key default gen_random_uuid(),
        system_id uuid not null references it_system (id),
        name text not null,
        bytes int not null,
        sheet boolean not null,
        uploaded_by text not null,
        uploaded_at timestamptz not null default now()
      );
      create index user_list_upload_system on user_list_upload (system_id);

      -- Rights that a list names and that wait for the catalogue or for their account.
      create index source_record_held_waiting on source_record (source, situation)
        where kind = 'held' and situation is not null;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from observed_right where listed;
      drop index source_record_held_waiting;
      drop table user_list_upload, list_right;
      alter table observed_right drop column listed, drop column limits, drop column last_used;
    `)
  }
}
