import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Systems, entitlements, accounts, directory groups, mappings of groups, and the rights that are really there. */
export class Systems1763700000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table it_system (
        id uuid primary key default gen_random_uuid(),
        key text not null unique,
        name text not null,
        area text,
        kle text[] not null default '{}',
        owner_key text,
        owner_affiliation_id uuid references affiliation (id),
        responsible text,
        supplier text,
        criticality text,
        hosting text,
        kind text not null default 'it' check (kind in ('it', 'equipment', 'physical')),
        status text,
        reading text not null default 'none' check (reading in ('groups', 'none')),
        description text,
        source text not null,
        gone_at timestamptz,
        search text generated always as (lower(name || ' ' || key)) stored
      );
      create index it_system_owner on it_system (owner_affiliation_id);
      create index it_system_search on it_system using gin (search gin_trgm_ops);

      create table entitlement (
        id uuid primary key default gen_random_uuid(),
        key text not null unique,
        system_id uuid not null references it_system (id),
        name text not null,
        description text,
        kind text not null default 'role' check (kind in ('role', 'group', 'licence', 'mailbox', 'equipment', 'physical')),
        sensitivity text not null default 'none'
          check (sensitivity in ('none', 'personal', 'confidential', 'special', 'criminal')),
        privileged boolean not null default false,
        constraints text[] not null default '{}',
        source text not null,
        gone_at timestamptz
      );
      create index entitlement_system on entitlement (system_id);

      create table account (
        id uuid primary key default gen_random_uuid(),
        source text not null,
        key text not null,
        username text not null,
        display_name text,
        email text,
        dn text,
        employee_no text,
        person_key text,
        kind text not null default 'personal' check (kind in ('personal', 'shared', 'service', 'admin')),
        enabled boolean not null default true,
        last_sign_in timestamptz,
        expires_at timestamptz,
        description text,
        person_id uuid references person (id),
        affiliation_id uuid references affiliation (id),
        situation text not null default 'unmatched'
          check (situation in ('linked', 'unlinked', 'unmatched', 'disputed', 'gone')),
        evidence text,
        situation_since timestamptz not null default now(),
        first_seen_at timestamptz not null default now(),
        seen_at timestamptz not null default now(),
        gone_at timestamptz,
        unique (source, key)
      );
      create index account_person on account (person_id);
      create index account_affiliation on account (affiliation_id);
      create index account_dn on account (source, lower(dn));
      create index account_employee_no on account (employee_no) where employee_no is not null;
      create index account_situation on account (situation);
      create index account_username on account using gin (lower(username) gin_trgm_ops);

      create table directory_group (
        id uuid primary key default gen_random_uuid(),
        source text not null,
        key text not null,
        name text not null,
        dn text,
        description text,
        members text[] not null default '{}',
        first_seen_at timestamptz not null default now(),
        gone_at timestamptz,
        unique (source, key)
      );
      create index directory_group_dn on directory_group (source, lower(dn));

      create table group_member (
        group_id uuid not null references directory_group (id) on delete cascade,
        member_account_id uuid references account (id) on delete cascade,
        member_group_id uuid references directory_group (id) on delete cascade,
        check (num_nonnulls(member_account_id, member_group_id) = 1)
      );
      create unique index group_member_account on group_member (group_id, member_account_id) where member_account_id is not null;
      create unique index group_member_group on group_member (group_id, member_group_id) where member_group_id is not null;
      create index group_member_by_account on group_member (member_account_id);
      create index group_member_by_group on group_member (member_group_id);

      create table group_mapping (
        id uuid primary key default gen_random_uuid(),
        source text not null,
        pattern text not null,
        entitlement text not null,
        position int not null default 0,
        unique (source, pattern, entitlement)
      );
      create table group_entitlement (
        group_id uuid not null references directory_group (id) on delete cascade,
        entitlement_id uuid not null references entitlement (id),
        mapping_id uuid not null references group_mapping (id) on delete cascade,
        primary key (group_id, entitlement_id)
      );
      create index group_entitlement_by_right on group_entitlement (entitlement_id);
      create index group_entitlement_mapping on group_entitlement (mapping_id);

      -- Narrow current table; what was stands in the history beside it. When it was last seen is the source's last
      -- complete read: a row that has not changed is not rewritten by every run.
      create table observed_right (
        account_id uuid not null,
        entitlement_id uuid not null,
        -- The groups from the account outwards, the mapped one last: one shortest path a row is enough to aim a removal at.
        via uuid[] not null,
        paths int not null default 1,
        first_seen_at timestamptz not null,
        run_id uuid,
        primary key (account_id, entitlement_id)
      );
      create index observed_right_by_right on observed_right (entitlement_id);

      -- Sources whose accounts or groups have changed since links and observed rights were worked out; written in the
      -- transaction of the change, so that a killed run cannot forget it.
      create table observe_due (source text primary key);

      create table observed_right_history (
        account_id uuid not null,
        entitlement_id uuid not null,
        seen tstzrange not null,
        run_id uuid
      );
      create index observed_right_history_account on observed_right_history (account_id);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table observed_right_history, observe_due, observed_right, group_entitlement, group_mapping, group_member,
        directory_group, account, entitlement, it_system
    `)
  }
}
