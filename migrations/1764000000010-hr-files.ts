import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What payroll files change that no report has said, and what became of it; and the secret under which keys that would
 * name a person are hashed.
 */
export class HrFiles1764000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table payroll_change (
        id uuid primary key,
        source text not null constraint payroll_change_source_fkey references source,
        affiliation_id uuid not null constraint payroll_change_affiliation_id_fkey references affiliation,
        kind text not null constraint payroll_change_kind_check check (kind in ('hire', 'extend', 'end')),
        -- The first day, or the first day on which it is over; null: it does not end any more.
        effective_on date,
        run_id uuid not null,
        noticed_at timestamptz not null,
        state text not null default 'noticed' constraint payroll_change_state_check check (
          state in ('noticed', 'opened', 'reported', 'taken-back')),
        case_id uuid constraint payroll_change_case_id_fkey references lifecycle_case on delete set null,
        settled_at timestamptz,
        constraint payroll_change_once unique nulls not distinct (affiliation_id, kind, effective_on)
      );
      create index payroll_change_open on payroll_change (source) where state in ('noticed', 'opened');
      create index payroll_change_case on payroll_change (case_id) where case_id is not null;

      create table feed_pseudonym (
        id smallint primary key default 1 constraint feed_pseudonym_one check (id = 1),
        sealed text not null
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table feed_pseudonym, payroll_change')
  }
}
