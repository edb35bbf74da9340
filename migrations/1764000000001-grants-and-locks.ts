import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Rights that a person decided for one affiliation; rights that rest (absence, emergency lock); what happens with each
 * class of right in an absence and after a move; who may lift a lock at night.
 */
export class GrantsAndLocks1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table right_grant (
        id uuid primary key,
        affiliation_id uuid not null constraint right_grant_affiliation_id_fkey references affiliation (id),
        entitlement_id uuid not null constraint right_grant_entitlement_id_fkey references entitlement (id),
        constraints jsonb not null default '[]',
        kind text not null,
        reason text not null,
        case_id uuid,
        -- Of grace after a move: the unit in which the right was had.
        from_unit_id uuid,
        -- Civil dates, closed-open; an emergency grant ends by the hour besides.
        valid_from date,
        valid_to date,
        expires_at timestamptz,
        created_at timestamptz not null,
        created_by text not null,
        ended_at timestamptz,
        ended_by text,
        ended_reason text,
        -- Why it has no effect where it is in force: noted when it was decided last.
        no_effect text,
        checked_at timestamptz,
        checked_by text,
        check_note text,
        constraint right_grant_kind_check check (kind in ('report', 'grace', 'emergency', 'template')),
        constraint right_grant_dates_check check (valid_from < valid_to)
      );
      create index right_grant_affiliation on right_grant (affiliation_id);
      create index right_grant_open on right_grant (affiliation_id) where ended_at is null;
      create index right_grant_expires on right_grant (expires_at) where ended_at is null and expires_at is not null;
      create index right_grant_unchecked on right_grant (created_at) where kind = 'emergency' and checked_at is null;

      alter table derivation add column grant_id uuid;
      create index derivation_grant on derivation (grant_id) where grant_id is not null;

      alter table assignment add column suspended text
        constraint assignment_suspended_check check (suspended in ('absence', 'lock'));
      alter table assignment drop constraint assignment_valid_to_because_check;
      alter table assignment add constraint assignment_valid_to_because_check
        check (valid_to_because in ('rule', 'affiliation', 'grant'));
      create index assignment_suspended on assignment (affiliation_id) where suspended is not null;
      alter table assignment_history add column suspended text;

      -- Where the affiliation was when it was decided last, so that a move is known as one however late it is seen.
      alter table affiliation_decided add column placed boolean not null default false,
        add column unit_id uuid, add column pay_unit_id uuid, add column position_key text, add column title_norm text, add column leave_kind text,
        add column pinned boolean not null default false;
      update affiliation_decided d set placed = true, unit_id = c.unit_id, pay_unit_id = c.pay_unit_id,
        position_key = c.position_key, title_norm = c.title_norm, leave_kind = c.leave_kind, pinned = c.origin ?| array['unitOverride', 'unit']
      from affiliation_current c where c.affiliation_id = d.affiliation_id and c.facts_hash = d.facts_hash;

      create table absence_policy (
        absence text not null,
        class text not null,
        effect text not null,
        primary key (absence, class),
        constraint absence_policy_absence_check check (absence in ('parental', 'sick', 'other', 'suspension')),
        constraint absence_policy_class_check check (class in ('basic', 'ordinary', 'sensitive', 'privileged', 'kit')),
        constraint absence_policy_effect_check check (effect in ('keep', 'suspend'))
      );
      create table grace_policy (
        class text primary key,
        days int not null,
        constraint grace_policy_class_check check (class in ('basic', 'ordinary', 'sensitive', 'privileged', 'kit')),
        constraint grace_policy_days_check check (days between 0 and 90)
      );

      create table person_lock (
        id uuid primary key,
        person_id uuid not null constraint person_lock_person_id_fkey references person (id),
        reason text not null,
        locked_at timestamptz not null,
        locked_by text not null,
        locked_by_person_id uuid,
        released_at timestamptz,
        released_by text,
        release_reason text
      );
      create unique index person_lock_in_force on person_lock (person_id) where released_at is null;
      create table person_lock_attempt (
        id uuid primary key,
        person_id uuid not null constraint person_lock_attempt_person_id_fkey references person (id),
        user_id uuid not null,
        at timestamptz not null
      );
      create index person_lock_attempt_user on person_lock_attempt (user_id, person_id, at);
      create table lock_roster (
        id uuid primary key,
        person_id uuid not null constraint lock_roster_person_id_fkey references person (id),
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        created_at timestamptz not null,
        created_by text not null,
        ended_at timestamptz,
        constraint lock_roster_check check (starts_at < ends_at)
      );
      create index lock_roster_ends on lock_roster (ends_at);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table lock_roster;
      drop table person_lock_attempt;
      drop table person_lock;
      drop table grace_policy;
      drop table absence_policy;
      alter table affiliation_decided drop column placed, drop column unit_id, drop column pay_unit_id,
        drop column position_key, drop column title_norm, drop column pinned, drop column leave_kind;
      alter table assignment_history drop column suspended;
      drop index assignment_suspended;
      delete from assignment where valid_to_because = 'grant';
      alter table assignment drop constraint assignment_valid_to_because_check;
      alter table assignment add constraint assignment_valid_to_because_check check (valid_to_because in ('rule', 'affiliation'));
      alter table assignment drop column suspended;
      alter table derivation drop column grant_id;
      drop table right_grant;
    `)
  }
}
