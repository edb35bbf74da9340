import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What employees say is wrong about themselves (Art. 16), with what came of it; and which binding a waiting one takes the
 * place of when somebody says yes to it.
 */
export class Rectification1764100000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table purpose_binding add column replaces_id uuid;
      create index purpose_binding_replaces on purpose_binding (replaces_id) where replaces_id is not null;

      create table rectification (
        id uuid primary key,
        person_id uuid not null references person (id),
        about text not null constraint rectification_about_check check (about in ('right', 'affiliation', 'account', 'person')),
        entitlement_id uuid references entitlement (id),
        affiliation_id uuid references affiliation (id),
        account_id uuid references account (id),
        -- Whose owner answers, where the office is the system's owner.
        system_id uuid references it_system (id),
        office text not null constraint rectification_office_check check (office in ('systemowner', 'it', 'hr')),
        words text not null,
        asked_at timestamptz not null,
        answered_at timestamptz,
        answered_by uuid,
        -- Under which function it was answered: the person is told that, not a name.
        answered_as text,
        outcome text constraint rectification_outcome_check check (outcome in ('corrected', 'will-be', 'right-as-is')),
        answer text,
        -- When the person has seen the answer.
        seen_at timestamptz,
        constraint rectification_object_check check (
          (about = 'right') = (entitlement_id is not null)
          and (about = 'affiliation') = (affiliation_id is not null)
          and (about = 'account') = (account_id is not null)),
        constraint rectification_answer_check check ((answered_at is null) = (outcome is null) and (outcome is null) = (answer is null))
      );
      create index rectification_person on rectification (person_id);
      create index rectification_open on rectification (office, system_id) where answered_at is null;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table rectification;
      alter table purpose_binding drop column replaces_id;
    `)
  }
}
