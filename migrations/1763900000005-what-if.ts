import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Drafts of changes with what they would do, result by result; what was approved stays beside what is computed anew, so
 * that carrying out can be held against it. And which unit an old one continues as.
 */
export class WhatIf1763900000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table what_if_draft (
        id uuid primary key,
        name text not null,
        note text not null default '',
        on_date date not null,
        state text not null check (state in ('draft', 'approved', 'applied', 'stale', 'withdrawn')),
        -- Closed kinds, see contract/what-if.ts, in the order in which they count.
        changes jsonb not null,
        version int not null default 1,
        created_by text not null,
        created_at timestamptz not null default clock_timestamp(),
        updated_at timestamptz not null default clock_timestamp(),
        shared_at timestamptz,
        approved_by text,
        approved_at timestamptz,
        approved_hash text,
        -- Why it waits although its date has come.
        held jsonb,
        decided_by text,
        decided_at timestamptz,
        decided_reason text,
        -- What was carried out: rules, roles, announcements.
        carried_out jsonb
      );
      create index what_if_draft_due on what_if_draft (on_date) where state = 'approved';

      -- base: what it is compared with; 'approved' is the result of the same date as it was approved.
      create table what_if_result (
        draft_id uuid not null references what_if_draft (id) on delete cascade,
        base text not null check (base in ('same-date', 'today', 'approved')),
        version int not null,
        hash text not null,
        -- Rules, units, people and date that it rests on.
        stamp jsonb not null,
        computed_at timestamptz not null,
        summary jsonb not null,
        primary key (draft_id, base)
      );

      create table what_if_difference (
        draft_id uuid not null references what_if_draft (id) on delete cascade,
        base text not null check (base in ('same-date', 'today', 'approved')),
        affiliation_id uuid not null,
        entitlement text not null,
        person_id uuid not null,
        effect text not null check (effect in ('gain', 'loss', 'limit')),
        -- The id of the change, or 'date'.
        cause text not null,
        -- Unit keys before and after; null: in no unit.
        unit_before text,
        unit_after text,
        carried boolean not null default false,
        limit_before jsonb,
        limit_after jsonb,
        primary key (draft_id, base, affiliation_id, entitlement)
      );

      create table unit_succession (
        draft_id uuid not null references what_if_draft (id) on delete cascade,
        from_key text not null,
        to_key text not null,
        on_date date not null,
        primary key (draft_id, from_key, to_key)
      );
      create index unit_succession_from on unit_succession (from_key, on_date);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table unit_succession, what_if_difference, what_if_result, what_if_draft')
  }
}
