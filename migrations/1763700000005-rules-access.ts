import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Rights rules and roles with their versions, and the assignments that follow from them. */
export class RulesAccess1763700000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row a version. The newest version of a key whose recorded range is open is what counts.
      create table rights_rule (
        key text not null,
        version int not null,
        name text not null,
        state text not null check (state in ('draft', 'active')),
        inverted boolean not null default false,
        reason text,
        conditions jsonb not null,
        entitlements text[] not null default '{}',
        roles text[] not null default '{}',
        constraints jsonb not null default '{}',
        valid daterange not null,
        owner text,
        purpose text,
        position int not null default 0,
        recorded tstzrange not null default tstzrange(now(), null),
        recorded_by text,
        content_hash bytea not null,
        primary key (key, version),
        check (not inverted or reason is not null),
        check (cardinality(entitlements) + cardinality(roles) > 0),
        exclude using gist (key with =, recorded with &&)
      );
      create table rights_role (
        key text not null,
        version int not null,
        name text not null,
        description text,
        entitlements jsonb not null default '[]',
        roles text[] not null default '{}',
        recorded tstzrange not null default tstzrange(now(), null),
        recorded_by text,
        content_hash bytea not null,
        primary key (key, version),
        exclude using gist (key with =, recorded with &&)
      );

      -- A change of rules that waits for a second person, or has been let through: the text as it was given.
      create table rules_change (
        id uuid primary key,
        yaml text not null,
        hash text not null,
        state text not null check (state in ('held', 'applied', 'stale')),
        counts jsonb not null,
        created_at timestamptz not null default clock_timestamp(),
        created_by text not null,
        decided_at timestamptz,
        decided_by text
      );

      -- A reason is stored once and shared by every assignment that has the same.
      create table derivation (
        id bigint generated always as identity primary key,
        hash bytea not null unique,
        rule_key text not null,
        rule_version int not null,
        role_path text[] not null,
        matched jsonb not null,
        also jsonb not null default '[]'
      );
      create index derivation_rule on derivation (rule_key);

      create table access_run (
        id uuid primary key,
        started_at timestamptz not null default clock_timestamp(),
        ended_at timestamptz,
        cause text not null,
        on_date date not null,
        affiliations int not null default 0,
        added int not null default 0,
        changed int not null default 0,
        removed int not null default 0
      );

      -- Narrow current table; what was stands in the history beside it. No foreign keys: one function writes it, from
      -- rows read in the same transaction of tables from which nothing is ever deleted, and checking 150,000 rows three
      -- times each took longer than writing them.
      create table assignment (
        affiliation_id uuid not null,
        entitlement_id uuid not null,
        derivation_id bigint not null,
        constraints jsonb not null default '[]',
        valid_to date,
        valid_to_because text check (valid_to_because in ('rule', 'affiliation')),
        -- Since when the right is expected, and since when for this reason.
        since timestamptz not null,
        reason_since timestamptz not null,
        primary key (affiliation_id, entitlement_id)
      );
      create index assignment_right on assignment (entitlement_id);
      create index assignment_derivation on assignment (derivation_id);

      create table assignment_history (
        affiliation_id uuid not null,
        entitlement_id uuid not null,
        derivation_id bigint not null,
        constraints jsonb not null,
        held tstzrange not null,
        run_id uuid
      );
      create index assignment_history_affiliation on assignment_history (affiliation_id);

      -- Counts that lists sort by; refreshed with the rows that they count.
      create table person_rights (
        person_id uuid primary key references person (id),
        systems int not null default 0,
        expected int not null default 0,
        observed int not null default 0,
        missing int not null default 0,
        unexplained int not null default 0,
        not_read int not null default 0,
        protected_data int not null default 0
      );
      create index person_rights_drift on person_rights ((missing + unexplained));

      -- Which facts of an affiliation were decided last, and under which rules: what differs is what must be decided
      -- again. A killed process loses nothing, since nothing has to be remembered beside the data themselves.
      create table affiliation_decided (
        affiliation_id uuid primary key references affiliation (id),
        facts_hash bytea not null
      );
      create table access_state (
        one boolean primary key default true check (one),
        rules_stamp text not null,
        on_date date not null
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table access_state, affiliation_decided, person_rights, assignment_history, assignment, access_run, derivation, rules_change, rights_role, rights_rule
    `)
  }
}
