import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What a report about an absence lets be otherwise than the policy says; who takes over what a leaver answers for; what a
 * substitute for a shift gets, and who has ticked that they are there.
 */
export class Doors1764000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table absence_exception (
        affiliation_id uuid not null constraint absence_exception_affiliation_id_fkey references affiliation,
        class text not null constraint absence_exception_class_check check (
          class in ('basic', 'ordinary', 'sensitive', 'privileged', 'kit')),
        effect text not null constraint absence_exception_effect_check check (effect in ('keep', 'suspend')),
        -- Civil dates, closed-open: those of the absence.
        valid_from date not null,
        valid_to date,
        case_id uuid not null constraint absence_exception_case_id_fkey references lifecycle_case,
        primary key (affiliation_id, class, case_id)
      );

      create table case_handover (
        case_id uuid not null constraint case_handover_case_id_fkey references lifecycle_case,
        kind text not null constraint case_handover_kind_check check (
          kind in ('system', 'responsible', 'unit', 'deputy', 'sponsor', 'approval', 'finding')),
        subject_id uuid not null,
        name text not null,
        person_id uuid not null constraint case_handover_person_id_fkey references person,
        to_person_id uuid constraint case_handover_to_person_id_fkey references person,
        due_on date not null,
        settled_at timestamptz,
        primary key (case_id, kind, subject_id)
      );
      create index case_handover_due on case_handover (due_on) where settled_at is null;

      create table shift_template (
        id uuid primary key,
        unit_id uuid not null constraint shift_template_unit_id_fkey references org_unit,
        title text not null,
        entitlement_ids uuid[] not null,
        changed_at timestamptz not null,
        changed_by uuid,
        constraint shift_template_once unique (unit_id, title)
      );
      create table shift_cover (
        case_id uuid primary key constraint shift_cover_case_id_fkey references lifecycle_case,
        affiliation_id uuid not null constraint shift_cover_affiliation_id_fkey references affiliation,
        unit_id uuid not null constraint shift_cover_unit_id_fkey references org_unit,
        template_id uuid not null constraint shift_cover_template_id_fkey references shift_template,
        ends_at timestamptz not null,
        asked_by uuid not null,
        asked_at timestamptz not null,
        confirmed_by uuid,
        confirmed_at timestamptz,
        constraint shift_cover_second_check check (confirmed_by <> asked_by)
      );
      create index shift_cover_waiting on shift_cover (unit_id) where confirmed_at is null;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table shift_cover, shift_template, case_handover, absence_exception')
  }
}
