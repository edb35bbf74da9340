import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What people say of entitlements (owner, licence cap, what feeds say wrongly), versions of what they consist of; and
 * which groups give them: mappings of the screen beside those of the file, changes that can be taken back, proposals.
 */
export class Entitlements1763900000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table entitlement
        add column technical_note text,
        add column owner_person_id uuid references person (id),
        add column licence_cap int check (licence_cap >= 0),
        add column licence_counts text not null default 'people-held'
          check (licence_counts in ('people-held', 'accounts-held', 'people-expected')),
        -- Retired by a person: no feed brings it back.
        add column status text not null default 'active' check (status in ('active', 'retired'));
      create index entitlement_owner on entitlement (owner_person_id) where owner_person_id is not null;

      -- A value that a person has set stands before the feed's until it is released.
      create table entitlement_set (
        entitlement_id uuid not null references entitlement (id) on delete cascade,
        attribute text not null,
        value jsonb not null,
        set_by text not null,
        set_at timestamptz not null,
        primary key (entitlement_id, attribute)
      );
      create table entitlement_include (
        entitlement_id uuid not null references entitlement (id) on delete cascade,
        includes_id uuid not null references entitlement (id) on delete cascade,
        primary key (entitlement_id, includes_id),
        check (entitlement_id <> includes_id)
      );
      create index entitlement_include_by_part on entitlement_include (includes_id);
      -- What an entitlement was and consisted of after each change that a person made; the first is what was before.
      create table entitlement_version (
        entitlement_id uuid not null references entitlement (id) on delete cascade,
        version int not null,
        recorded_at timestamptz not null,
        recorded_by text,
        reason text,
        content jsonb not null,
        primary key (entitlement_id, version)
      );

      alter table group_mapping
        -- Who declares it: an imported file, or people on the screen. An import removes only what files declare.
        add column origin text not null default 'file' check (origin in ('file', 'screen')),
        -- Not in force: removed on the screen. Kept, so that the next import of the same file does not bring it back.
        add column off_at timestamptz,
        add column changed_at timestamptz,
        add column changed_by text;

      -- A change of mappings as it was asked for, what takes it back, and, above the guard's limit, who let it through.
      create table mapping_change (
        id uuid primary key,
        state text not null check (state in ('held', 'applied', 'undone', 'rejected')),
        steps jsonb not null,
        undo jsonb,
        hash text not null,
        counts jsonb not null,
        reason text,
        undoes uuid references mapping_change (id),
        created_at timestamptz not null,
        created_by text not null,
        decided_at timestamptz,
        decided_by text
      );
      create index mapping_change_recent on mapping_change (created_at);

      -- Groups that somebody has said to give no right.
      create table group_not_right (
        group_id uuid primary key references directory_group (id) on delete cascade,
        reason text not null,
        decided_at timestamptz not null,
        decided_by text not null
      );
      -- What each group that gives no right yet might give, worked out anew as a whole.
      create table group_proposal (
        group_id uuid primary key references directory_group (id) on delete cascade,
        people int not null default 0,
        level text not null check (level in ('strong', 'possible', 'weak', 'none')),
        not_right boolean not null default false,
        entitlement_id uuid references entitlement (id) on delete cascade,
        confidence int not null default 0,
        candidates jsonb not null default '[]',
        reasons jsonb not null default '[]'
      );
      create index group_proposal_entitlement on group_proposal (entitlement_id);
      create table group_proposal_state (
        one boolean primary key default true check (one),
        stamp text not null,
        made_at timestamptz not null
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table group_proposal_state, group_proposal, group_not_right, mapping_change;
      delete from group_mapping where off_at is not null or origin = 'screen';
      alter table group_mapping drop column origin, drop column off_at, drop column changed_at, drop column changed_by;
      drop table entitlement_version, entitlement_include, entitlement_set;
      alter table entitlement drop column technical_note, drop column owner_person_id, drop column licence_cap,
        drop column licence_counts, drop column status;
    `)
  }
}
