import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * HR's facts: affiliations that are one, what HR decides about a last day, numbers that were replaced, tokens of other
 * programs, the events that those send, and pairs of a report and a payroll row.
 */
export class HrFacts1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table affiliation add column merged_into uuid references affiliation;
      create index affiliation_merged on affiliation (merged_into) where merged_into is not null;
      create table affiliation_merge (
        id uuid primary key,
        survivor_id uuid not null references affiliation,
        absorbed_id uuid not null references affiliation,
        at timestamptz not null,
        actor_id text not null,
        reason text not null,
        undone_at timestamptz,
        undone_by text,
        undone_reason text,
        constraint affiliation_merge_check check (survivor_id <> absorbed_id)
      );
      create unique index affiliation_merge_open on affiliation_merge (absorbed_id) where undone_at is null;
      create index affiliation_merge_survivor on affiliation_merge (survivor_id);

      alter table affiliation_current
        add column contract_ends_on date,
        add column access_ends_on date,
        add column last_working_day date,
        add column released_from date,
        add column end_governs text,
        add column agency text,
        add column hourly_paid boolean not null default false,
        add column payroll_confirmed boolean;
      update affiliation_current set contract_ends_on = ends_on;
      alter table person_current add column died_on date;

      create table person_cpr_former (
        person_id uuid not null references person on delete cascade,
        hash bytea not null,
        realm text not null,
        sealed text not null,
        key_id text not null,
        replaced_at timestamptz not null,
        primary key (person_id, hash),
        constraint person_cpr_former_realm_check check (realm in ('staff', 'pupil'))
      );
      create index person_cpr_former_hash on person_cpr_former (hash, realm);

      create table api_token (
        id uuid primary key,
        name text not null,
        hash bytea not null,
        hint text not null,
        rights text[] not null,
        feed text not null,
        created_at timestamptz not null,
        created_by text not null,
        expires_at timestamptz not null,
        last_used_at timestamptz,
        revoked_at timestamptz,
        revoked_by text,
        revoked_reason text,
        constraint api_token_hash_key unique (hash)
      );

      create table hr_event (
        id uuid primary key,
        feed text not null,
        source text not null,
        event_id text not null,
        type text not null,
        subject text not null,
        time timestamptz not null,
        effective_on date,
        sequence bigint,
        refers_source text,
        refers_id text,
        data jsonb not null,
        sealed text,
        ends boolean not null default false,
        received_at timestamptz not null,
        token_id uuid references api_token,
        constraint hr_event_feed_source_event_id_key unique (feed, source, event_id)
      );
      create index hr_event_subject on hr_event (feed, subject);
      create index hr_event_refers on hr_event (feed, refers_source, refers_id) where refers_id is not null;
      create index hr_event_received on hr_event (received_at desc, id);
      create index hr_event_ends on hr_event (feed, received_at) where ends;
      create table hr_event_state (
        event_id uuid primary key references hr_event on delete cascade,
        state text not null,
        why text,
        params jsonb not null default '{}',
        attempts int not null default 0,
        changed_at timestamptz not null,
        next_at timestamptz,
        person_id uuid references person,
        affiliation_id uuid references affiliation,
        facts text[] not null default '{}',
        notes jsonb not null default '[]',
        decided_by text,
        reason text,
        constraint hr_event_state_state_check check
          (state in ('received', 'applied', 'waiting', 'held', 'approved', 'failed', 'unknown-type', 'set-aside'))
      );
      create index hr_event_state_todo on hr_event_state (changed_at, event_id) where state in ('received', 'approved');
      create index hr_event_state_state on hr_event_state (state, changed_at desc);
      create index hr_event_state_person on hr_event_state (person_id) where person_id is not null;
      create index hr_event_state_affiliation on hr_event_state (affiliation_id) where affiliation_id is not null;

      create table affiliation_match (
        id uuid primary key,
        report_id uuid not null references affiliation on delete cascade,
        payroll_id uuid not null references affiliation on delete cascade,
        evidence text not null,
        confidence int not null,
        since timestamptz not null,
        state text not null default 'open',
        merge_id uuid references affiliation_merge,
        person_merge_id uuid,
        facts text[] not null default '{}',
        decided_by text,
        decided_at timestamptz,
        reason text,
        constraint affiliation_match_report_id_payroll_id_key unique (report_id, payroll_id),
        constraint affiliation_match_state_check check (state in ('open', 'same', 'different')),
        constraint affiliation_match_evidence_check check
          (evidence in ('employee-no', 'person-number', 'same-person', 'name-birth-date'))
      );
      create index affiliation_match_payroll on affiliation_match (payroll_id);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table affiliation_match;
      drop table hr_event_state;
      drop table hr_event;
      drop table api_token;
      drop table person_cpr_former;
      alter table person_current drop column died_on;
      alter table affiliation_current
        drop column contract_ends_on, drop column access_ends_on, drop column last_working_day,
        drop column released_from, drop column end_governs, drop column agency, drop column hourly_paid,
        drop column payroll_confirmed;
      drop table affiliation_merge;
      drop index affiliation_merged;
      alter table affiliation drop column merged_into;
    `)
  }
}
