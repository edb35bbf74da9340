import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Findings of the register: which record a finding is about, kinds that are switched unit by unit, and people whose rights
 * have changed since findings that count them were worked out.
 */
export class RegisterFindings1764100000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table finding add column activity_id uuid;
      create index finding_activity on finding (activity_id) where closed_at is null;

      create table finding_unit_switch (
        code text not null,
        unit_id uuid not null references org_unit (id),
        mode text not null constraint finding_unit_switch_mode_check check (mode in ('off', 'counted', 'listed')),
        changed_at timestamptz not null,
        changed_by text not null,
        primary key (code, unit_id)
      );

      -- One row a change, whatever the number of people; null: everybody. A job works them off.
      create table finding_due (
        id bigint generated always as identity primary key,
        people uuid[]
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table finding_due, finding_unit_switch;
      delete from finding where code in ('not-in-register', 'no-legal-basis', 'no-condition', 'outside-task', 'kle-wider',
        'sensitivity-above', 'unlimited', 'empty-words', 'data-not-stated', 'reach-differs');
      alter table finding drop column activity_id;
    `)
  }
}
