import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Dated records beside the register (agreements, DPIAs, grounds, samples, controls), strict mode of systems with the rights that it
 * holds back, plans for rights whose purpose ends, and retiring an activity as something that a second person agrees to.
 */
export class Records1764100000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What a system or an activity has to show, with the day on which it is due again. Never overwritten: ended rows are known too.
      create table dated_record (
        id uuid primary key,
        kind text not null constraint dated_record_kind_check check (kind in
          ('processor-agreement', 'dpia', 'transfer-ground', 'log-sample', 'consent-control')),
        system_id uuid references it_system (id),
        activity_id uuid references activity (id),
        on_day date not null,
        next_due date,
        reference text not null,
        note text,
        -- From this day on it counts no more.
        ended_on date,
        ended_reason text,
        origin text not null constraint dated_record_origin_check check (origin in ('manual', 'imported')),
        recorded tstzrange not null,
        recorded_by text not null,
        constraint dated_record_about_check check ((system_id is null) <> (activity_id is null)),
        constraint dated_record_due_check check (next_due > on_day)
      );
      create index dated_record_system on dated_record (system_id) where upper_inf(recorded);
      create index dated_record_activity on dated_record (activity_id) where upper_inf(recorded);

      -- Kinds that are kept here; what is not said is kept elsewhere, and nothing is found about it.
      create table record_keeping (
        kind text primary key constraint record_keeping_kind_check check (kind in
          ('processor-agreement', 'dpia', 'transfer-ground', 'log-sample', 'consent-control')),
        kept boolean not null,
        changed_at timestamptz not null,
        changed_by text not null
      );

      -- Systems in which nothing new is given without a purpose.
      create table strict_mode (
        id uuid primary key,
        system_id uuid not null references it_system (id),
        recorded tstzrange not null,
        reason text not null,
        set_by text not null,
        ended_by text,
        ended_reason text
      );
      create unique index strict_mode_system on strict_mode (system_id) where upper_inf(recorded);

      -- What rules or people give and strict mode holds back. Worked out with the rights; while emergency access lasts the row stays.
      create table withheld_right (
        affiliation_id uuid not null references affiliation (id),
        entitlement_id uuid not null references entitlement (id),
        derivation_id bigint not null,
        constraints jsonb not null,
        since timestamptz not null,
        primary key (affiliation_id, entitlement_id)
      );
      create index withheld_right_entitlement on withheld_right (entitlement_id);

      -- Rights of one system that lose what they were for; its owner says what becomes of each.
      create table purpose_plan (
        id uuid primary key,
        system_id uuid not null references it_system (id),
        cause text not null constraint purpose_plan_cause_check check (cause in
          ('activity', 'purpose', 'basis', 'retention', 'processor-agreement')),
        activity_id uuid references activity (id),
        record_id uuid references dated_record (id),
        -- Purposes or retention rules that are gone, by key.
        keys text[] not null default '{}',
        from_day date not null,
        made_at timestamptz not null,
        made_by text not null,
        closed_at timestamptz
      );
      create index purpose_plan_open on purpose_plan (system_id) where closed_at is null;
      create table purpose_plan_right (
        plan_id uuid not null references purpose_plan (id),
        entitlement_id uuid not null references entitlement (id),
        people int not null,
        choice text constraint purpose_plan_right_choice_check check (choice in ('bind', 'accept', 'take-away')),
        until date,
        reason text,
        -- What came of it: the new binding, or the draft that takes the right away.
        binding_id uuid,
        draft_id uuid,
        decided_at timestamptz,
        decided_by text,
        primary key (plan_id, entitlement_id)
      );

      -- An activity that rights rest on is retired by two people: asked for by one, done by another.
      create table activity_retirement (
        activity_id uuid primary key references activity (id),
        from_day date not null,
        reason text not null,
        rights int not null,
        asked_at timestamptz not null,
        asked_by text not null
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table activity_retirement, purpose_plan_right, purpose_plan, withheld_right, strict_mode, record_keeping, dated_record
    `)
  }
}
