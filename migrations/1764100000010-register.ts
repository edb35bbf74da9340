import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The register (Art. 30): vocabularies that a municipality may extend, processing activities in versions on two time axes,
 * what is said about them, and the bindings of rights to purposes.
 */
export class Register1764100000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table vocabulary_term (
        id uuid primary key,
        kind text not null constraint vocabulary_term_kind_check check (kind in
          ('basis6', 'basis9', 'national', 'law', 'data', 'subject', 'recipient', 'transfer-ground', 'measure', 'operation', 'adequacy')),
        code text not null,
        da text not null,
        en text not null,
        -- Data: ordinary, confidential, special (Art. 9), criminal (Art. 10) or cpr; of others what they are sorted by.
        class text,
        -- Terms of the Data Privacy Vocabulary, as IRIs.
        dpv text[] not null default '{}',
        note_da text,
        note_en text,
        link text,
        checked_on date,
        expires_on date,
        origin text not null constraint vocabulary_term_origin_check check (origin in ('shipped', 'own')),
        sort int not null default 0,
        retired_at timestamptz,
        constraint vocabulary_term_kind_code_key unique (kind, code)
      );

      create table activity (
        id uuid primary key,
        -- What people call it in a letter: BA-025.
        ref text not null constraint activity_ref_key unique,
        kind text not null constraint activity_kind_check check (kind in ('controller', 'processor')),
        -- The row of the catalogue that it was made from.
        catalogue_key text,
        -- Somebody who knows the law has looked at it; until then every screen says that nobody has.
        confirmed_at timestamptz,
        confirmed_by uuid,
        attest_due date,
        created_at timestamptz not null,
        created_by text not null
      );

      create table activity_version (
        id uuid primary key,
        activity_id uuid not null references activity (id),
        number int not null,
        state text not null constraint activity_version_state_check check (state in
          ('draft', 'proposed', 'in-force', 'superseded', 'rejected', 'withdrawn')),
        -- Contract shape of an activity's content.
        content jsonb not null,
        -- Who answers for it, as the content says: whoever does reads the register.
        owner_id uuid references affiliation (id),
        -- The version that it changes; null for the first.
        base_id uuid references activity_version (id),
        summary text,
        author text not null,
        made_at timestamptz not null,
        changed_at timestamptz not null,
        proposed_at timestamptz,
        proposed_by text,
        -- From which day it is meant to count.
        effective_on date,
        decided_at timestamptz,
        decided_by text,
        decision text,
        lock int not null default 1,
        constraint activity_version_number_key unique (activity_id, number)
      );
      -- One open change at a time: two people do not write past each other.
      create unique index activity_version_open on activity_version (activity_id) where state in ('draft', 'proposed');

      create index activity_version_owner on activity_version (owner_id)
        where state in ('draft', 'proposed', 'in-force');

      -- Which version counts when (valid), as was known when (recorded). A retired activity has no open row.
      create table activity_in_force (
        id uuid primary key,
        activity_id uuid not null references activity (id),
        version_id uuid not null references activity_version (id),
        valid daterange not null,
        recorded tstzrange not null,
        constraint activity_in_force_once exclude using gist (activity_id with =, valid with &&, recorded with &&)
      );
      create index activity_in_force_version on activity_in_force (version_id);

      -- The content of versions as rows, for whoever counts and joins. Written with the version, never by hand.
      create table activity_row (
        version_id uuid not null references activity_version (id),
        place int not null,
        subject text not null,
        data text not null,
        recipient text,
        erasure text,
        primary key (version_id, place)
      );
      create index activity_row_data on activity_row (data, subject);
      create table activity_purpose (
        version_id uuid not null references activity_version (id),
        key text not null,
        place int not null,
        name text not null,
        art6 text,
        art9 text[] not null default '{}',
        national text[] not null default '{}',
        provisions jsonb not null default '[]',
        primary key (version_id, key)
      );
      create table activity_system (
        version_id uuid not null references activity_version (id),
        system_id uuid not null references it_system (id),
        use text,
        primary key (version_id, system_id)
      );
      create index activity_system_system on activity_system (system_id);
      create table activity_unit (
        version_id uuid not null references activity_version (id),
        unit_id uuid not null references org_unit (id),
        primary key (version_id, unit_id)
      );
      create index activity_unit_unit on activity_unit (unit_id);
      create table activity_kle (
        version_id uuid not null references activity_version (id),
        kle text not null,
        primary key (version_id, kle)
      );

      -- What is said about a version. Advice of the DPO is dated and followed up.
      create table activity_comment (
        id uuid primary key,
        activity_id uuid not null references activity (id),
        version_id uuid not null references activity_version (id),
        kind text not null constraint activity_comment_kind_check check (kind in ('comment', 'advice')),
        text text not null,
        at timestamptz not null,
        by uuid not null,
        follow_up_on date,
        answered_at timestamptz,
        answered_by uuid,
        answer text constraint activity_comment_answer_check check (answer in ('followed', 'not-followed', 'partly')),
        answer_note text
      );
      create index activity_comment_activity on activity_comment (activity_id, at);

      create table activity_attestation (
        id uuid primary key,
        activity_id uuid not null references activity (id),
        version_id uuid not null references activity_version (id),
        -- The owner's yearly one, or a spot check by the DPO.
        kind text not null constraint activity_attestation_kind_check check (kind in ('owner', 'spot-check')),
        at timestamptz not null,
        by uuid not null,
        changed boolean not null,
        note text
      );
      create index activity_attestation_activity on activity_attestation (activity_id, at);

      -- Who is the controller, and whom records name that name nobody. One row at most.
      create table register_setting (
        singleton boolean primary key default true constraint register_setting_singleton_check check (singleton),
        defaults jsonb not null
      );

      -- KLE as the municipality's own copy says it: how long cases of a task are kept.
      create table kle_entry (
        number text primary key,
        title text not null,
        preservation text not null constraint kle_entry_preservation_check check (preservation in ('keep', 'discard', 'unknown')),
        -- ISO 8601, from the closing of the case.
        erase_after text,
        file text not null,
        read_at timestamptz not null
      );

      -- Why a right may be held: from the highest level at which it is true to the lowest that overrides.
      create table purpose_binding (
        id uuid primary key,
        level text not null constraint purpose_binding_level_check check (level in
          ('system', 'entitlement', 'group', 'role', 'rule', 'assignment')),
        system_id uuid references it_system (id),
        entitlement_id uuid references entitlement (id),
        group_id uuid references directory_group (id),
        role_key text,
        rule_key text,
        affiliation_id uuid references affiliation (id),
        activity_id uuid not null references activity (id),
        purpose_key text not null,
        -- Of what the activity says; null: all of it.
        subjects text[],
        data text[],
        operations text[] not null default '{}',
        -- Under which limits of the right it counts: kle, units, sensitivity.
        scope jsonb not null default '{}',
        necessity text not null,
        origin text not null constraint purpose_binding_origin_check check (origin in ('manual', 'proposed', 'imported')),
        proposal_source text,
        confidence text constraint purpose_binding_confidence_check check (confidence in ('strong', 'medium', 'weak')),
        proposed_by text not null,
        proposed_at timestamptz not null,
        approved_by text,
        approved_at timestamptz,
        valid daterange not null,
        recorded tstzrange not null,
        review_months int not null default 12,
        -- Decisions made together are undone together.
        batch_id uuid,
        ended_by text,
        ended_reason text,
        constraint purpose_binding_object_check check (
          (level = 'system') = (system_id is not null)
          and (level in ('entitlement', 'assignment')) = (entitlement_id is not null)
          and (level = 'group') = (group_id is not null)
          and (level = 'role') = (role_key is not null)
          and (level = 'rule') = (rule_key is not null)
          and (level = 'assignment') = (affiliation_id is not null))
      );
      create index purpose_binding_system on purpose_binding (system_id) where upper_inf(recorded);
      create index purpose_binding_entitlement on purpose_binding (entitlement_id) where upper_inf(recorded);
      create index purpose_binding_group on purpose_binding (group_id) where upper_inf(recorded);
      create index purpose_binding_role on purpose_binding (role_key) where upper_inf(recorded) and role_key is not null;
      create index purpose_binding_rule on purpose_binding (rule_key) where upper_inf(recorded) and rule_key is not null;
      create index purpose_binding_affiliation on purpose_binding (affiliation_id) where upper_inf(recorded);
      create index purpose_binding_activity on purpose_binding (activity_id);
      create index purpose_binding_batch on purpose_binding (batch_id) where batch_id is not null;

      -- Proposals are worked out when they are asked for; that somebody said no is remembered.
      create table purpose_rejection (
        key text primary key,
        reason text not null,
        at timestamptz not null,
        by text not null,
        batch_id uuid not null
      );
      create index purpose_rejection_batch on purpose_rejection (batch_id);

      -- How many rights had a purpose, day by day. An area that is not said is ''.
      create table purpose_coverage_day (
        on_date date not null,
        area text not null,
        rights int not null,
        with_purpose int not null,
        primary key (on_date, area)
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table kle_entry, purpose_coverage_day, purpose_rejection, purpose_binding, activity_attestation, activity_comment, activity_kle, activity_unit,
        activity_system, register_setting, activity_purpose, activity_row, activity_in_force, activity_version, activity, vocabulary_term
    `)
  }
}
