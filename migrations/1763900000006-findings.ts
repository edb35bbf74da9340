import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What is not as it should be, in one shape; exceptions from the rules with a date; sources too old to conclude from. */
export class Findings1763900000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table right_deviation drop constraint right_deviation_state_check;
      alter table right_deviation add constraint right_deviation_state_check
        check (state in ('missing', 'unexplained', 'exception', 'stale'));
      -- Which side of the difference is there: a stale one may be either.
      alter table right_deviation add column observed boolean not null default false;
      update right_deviation set observed = true where state = 'unexplained';

      -- Sources whose last observation is older than their rhythm. Written down when it becomes so, so that what is
      -- stored of the comparison and what a page compares always rest on the same answer.
      create table stale_source (source text primary key, since timestamptz not null default now());

      -- A right that no rule gives, made legitimate by a person until a date. in_force is kept by whoever changes the
      -- date or the row, for the same reason.
      create table right_exception (
        id uuid primary key default gen_random_uuid(),
        person_id uuid not null references person (id),
        entitlement_id uuid not null references entitlement (id),
        valid_from date not null,
        valid_to date not null,
        reason text not null,
        owner_person_id uuid references person (id),
        in_force boolean not null,
        created_at timestamptz not null default now(),
        created_by text not null,
        ended_at timestamptz,
        ended_by text,
        check (valid_from < valid_to)
      );
      create unique index right_exception_in_force on right_exception (person_id, entitlement_id) where in_force;
      create index right_exception_ends on right_exception (valid_to) where ended_at is null;

      create table finding (
        id uuid primary key default gen_random_uuid(),
        code text not null,
        subject_id uuid not null,
        object_id uuid,
        cause text not null,
        severity text not null check (severity in ('high', 'medium', 'low')),
        person_id uuid,
        system_id uuid,
        unit_id uuid,
        owner_role text not null,
        owner_person_id uuid,
        detail jsonb not null default '{}',
        opened_at timestamptz not null,
        state text not null default 'open'
          check (state in ('open', 'accepted', 'explained', 'removal', 'not-a-finding', 'closed')),
        until date,
        reason text,
        decided_at timestamptz,
        decided_by text,
        batch_id uuid,
        closed_at timestamptz,
        check ((state = 'closed') = (closed_at is not null))
      );
      create unique index finding_current on finding (code, subject_id, object_id) nulls not distinct where closed_at is null;
      create index finding_person on finding (person_id) where closed_at is null;
      create index finding_system on finding (system_id) where closed_at is null;
      create index finding_cause on finding (code, cause) where closed_at is null;
      create index finding_until on finding (until) where until is not null and closed_at is null;

      -- What people have done with findings. What a finding was before stands in it, so that a decision can be undone.
      create table finding_event (
        id bigint generated always as identity primary key,
        finding_id uuid not null references finding (id) on delete cascade,
        at timestamptz not null,
        by text,
        action text not null,
        batch_id uuid,
        before jsonb,
        after jsonb
      );
      create index finding_event_of on finding_event (finding_id, id);
      create index finding_event_batch on finding_event (batch_id) where batch_id is not null;

      -- How many were open at the end of a day. No system or no unit: the id of zeros, since a key has no nulls.
      create table finding_day (
        on_date date not null,
        code text not null,
        system_id uuid not null,
        unit_id uuid not null,
        open int not null,
        primary key (on_date, code, system_id, unit_id)
      );

      -- Which kinds are looked at, area by area; '' is every area that nothing else is said of.
      create table finding_switch (
        code text not null,
        area text not null,
        mode text not null check (mode in ('off', 'counted', 'listed')),
        changed_at timestamptz not null,
        changed_by text not null,
        primary key (code, area)
      );

      -- That the employees' representatives have discussed last use and outliers, and employees have been told.
      create table finding_notice (
        one boolean primary key default true check (one),
        discussed_on date not null,
        reference text not null,
        told_on date not null,
        recorded_at timestamptz not null,
        recorded_by text not null
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table finding_notice, finding_switch, finding_day, finding_event, finding, right_exception, stale_source;
      delete from right_deviation where state in ('exception', 'stale');
      alter table right_deviation drop column observed;
      alter table right_deviation drop constraint right_deviation_state_check;
      alter table right_deviation add constraint right_deviation_state_check check (state in ('missing', 'unexplained'))
    `)
  }
}
