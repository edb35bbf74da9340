import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Who may sign in, with what, in which dated local role, and the sessions. */
export class Auth1763700000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tool_user (
        id uuid primary key,
        -- person: somebody of the municipality; outsider: a named person from outside, such as a shared DPO or an auditor;
        -- administrator: the first one of an installation; emergency: for the day when nothing else works.
        kind text not null check (kind in ('person', 'outsider', 'administrator', 'emergency')),
        username text not null,
        display_name text,
        person_id uuid references person (id),
        password_hash text,
        password_set_at timestamptz,
        disabled_at timestamptz,
        last_sign_in_at timestamptz,
        created_at timestamptz not null default clock_timestamp(),
        check ((kind = 'person') = (person_id is not null)),
        check (kind = 'person' or display_name is not null)
      );
      -- Only those with a password of our own are found by user name; others come in through the directory.
      create unique index tool_user_username on tool_user (lower(username)) where kind <> 'person';
      create unique index tool_user_person on tool_user (person_id) where person_id is not null;

      create table local_role (
        id uuid primary key,
        user_id uuid not null references tool_user (id),
        role text not null check (role in ('admin', 'hr', 'it', 'dpo', 'auditor')),
        -- Closed-open; never without an end.
        valid daterange not null check (not upper_inf(valid) and not lower_inf(valid) and not isempty(valid)),
        reason text not null,
        granted_by uuid references tool_user (id),
        granted_at timestamptz not null default clock_timestamp(),
        exclude using gist (user_id with =, role with =, valid with &&)
      );

      create table one_time_link (
        token_hash bytea primary key,
        user_id uuid not null references tool_user (id),
        purpose text not null check (purpose in ('first-administrator', 'invitation', 'reset')),
        created_at timestamptz not null default clock_timestamp(),
        expires_at timestamptz not null,
        used_at timestamptz
      );
      create index one_time_link_user on one_time_link (user_id);

      create table second_factor (
        id uuid primary key,
        user_id uuid not null references tool_user (id),
        kind text not null check (kind in ('totp', 'passkey')),
        name text not null,
        -- totp: encrypted secret and the last time step that was used; a code counts once.
        secret text,
        last_step bigint,
        -- passkey: WebAuthn credential.
        credential_id text unique,
        public_key bytea,
        counter bigint,
        transports text[],
        confirmed_at timestamptz,
        created_at timestamptz not null default clock_timestamp(),
        last_used_at timestamptz,
        check ((kind = 'totp') = (secret is not null)),
        check ((kind = 'passkey') = (credential_id is not null and public_key is not null and counter is not null))
      );
      create index second_factor_user on second_factor (user_id);

      create table recovery_code (
        user_id uuid not null references tool_user (id),
        code_hash bytea not null,
        used_at timestamptz,
        primary key (user_id, code_hash)
      );

      -- Failed attempts, by user name and by address; both as keyed hashes, because people type passwords into name fields.
      create table sign_in_attempt (
        key bytea primary key,
        failures int not null,
        first_at timestamptz not null,
        locked_until timestamptz
      );

      -- As connect-pg-simple wants it.
      create table session (
        sid varchar not null primary key,
        sess json not null,
        expire timestamp(6) not null
      );
      create index session_expire on session (expire);
      create index session_user_id on session ((sess #>> '{passport,user}'));
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table session, sign_in_attempt, recovery_code, second_factor, one_time_link, local_role, tool_user
    `)
  }
}
