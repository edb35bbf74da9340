import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What the product itself owes: how long data are kept and what was deleted, what must not be (legal hold), its own texts in
 * versions and who has been shown the notice, and samples of its own log of lookups.
 */
export class Compliance1764100000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Where a row of the retention table is kept otherwise than it ships, and whether somebody has let it run once.
      create table retention_setting (
        row text primary key,
        -- Null: as shipped.
        amount int constraint retention_setting_amount_check check (amount > 0),
        unit text constraint retention_setting_unit_check check (unit in ('days', 'months')),
        -- By itself each night, or when somebody says so.
        mode text not null constraint retention_setting_mode_check check (mode in ('automatic', 'by-hand')),
        -- From so many on a second person has to agree.
        most int not null constraint retention_setting_most_check check (most > 0),
        reason text not null,
        changed_at timestamptz not null,
        changed_by uuid not null,
        constraint retention_setting_period_check check ((amount is null) = (unit is null))
      );
      -- Rows that somebody has seen a preview of and let run: only those run by themselves.
      create table retention_begun (row text primary key, run_id uuid not null, at timestamptz not null);

      create table retention_run (
        id uuid primary key,
        rows text[] not null,
        on_day date not null,
        state text not null constraint retention_run_state_check check (state in ('waiting', 'running', 'done', 'refused')),
        -- What the preview said, row by row, and what has gone.
        preview jsonb not null,
        gone jsonb not null default '{}',
        asked_at timestamptz not null,
        -- A user, or null where the night did.
        asked_by uuid,
        reason text not null,
        decided_at timestamptz,
        decided_by uuid,
        decision text,
        beat_at timestamptz,
        ended_at timestamptz
      );
      create index retention_run_asked on retention_run (asked_at desc, id);
      create unique index retention_run_running on retention_run ((true)) where state = 'running';

      -- What has gone, for a backup that is restored: ids and pseudonyms, never names. Chained, and kept outside as well.
      create table deletion_journal (
        seq bigint primary key constraint deletion_journal_seq_check check (seq > 0),
        row text not null,
        at text not null,
        subjects text[] not null,
        pseudonyms text[] not null default '{}',
        hash text not null,
        run_id uuid
      );
      create function deletion_journal_refuse() returns trigger language plpgsql as $$
      begin
        raise exception 'the deletion journal is only written on' using errcode = 'insufficient_privilege';
      end $$;
      create trigger deletion_journal_append_only before update or delete on deletion_journal
        for each row execute function deletion_journal_refuse();

      create table person_pseudonym (
        person_id uuid primary key references person (id),
        pseudonym text not null constraint person_pseudonym_pseudonym_key unique,
        at timestamptz not null
      );

      create table legal_hold (
        id uuid primary key,
        -- A report (lifecycle case) or a person with everything about them.
        kind text not null constraint legal_hold_kind_check check (kind in ('person', 'case')),
        subject_id uuid not null,
        reason text not null,
        -- Who answers for it: a person of the municipality.
        owner_id uuid not null references person (id),
        placed_at timestamptz not null,
        placed_by uuid not null,
        expires_on date not null,
        ended_at timestamptz,
        ended_by uuid,
        ended_reason text
      );
      create index legal_hold_subject on legal_hold (subject_id) where ended_at is null;

      create table compliance_text (
        id uuid primary key,
        kind text not null constraint compliance_text_kind_check check (kind in ('notice', 'dpia', 'log-policy')),
        version int not null,
        da text not null,
        en text not null,
        reason text not null,
        published_at timestamptz not null,
        published_by uuid,
        constraint compliance_text_kind_version_key unique (kind, version)
      );
      create table notice_shown (
        person_id uuid not null references person (id),
        version int not null,
        how text not null constraint notice_shown_how_check check (how in ('screen', 'paper')),
        at timestamptz not null,
        -- Who handed it over on paper.
        by uuid,
        primary key (person_id, version)
      );

      create table lookup_sample (
        entry_id bigint primary key references audit_entry (id),
        month date not null,
        drawn_at timestamptz not null,
        answer text constraint lookup_sample_answer_check check (answer in ('work', 'not-work', 'unclear')),
        note text,
        answered_at timestamptz,
        answered_by uuid,
        constraint lookup_sample_check check ((answer is null) = (answered_at is null))
      );
      create index lookup_sample_month on lookup_sample (month);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table lookup_sample, notice_shown, compliance_text, legal_hold, person_pseudonym, deletion_journal, retention_run,
        retention_begun, retention_setting;
      drop function deletion_journal_refuse();
    `)
  }
}
