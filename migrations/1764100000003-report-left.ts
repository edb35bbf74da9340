import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What a leaver leaves becomes orders; a shift is nothing before a second person has confirmed it, and ends by the hour;
 * a right may say itself who has to agree to it; a move belongs to the unit that somebody comes to as well.
 */
export class ReportLeft1764100000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table shift_cover alter column affiliation_id drop not null;
      alter table shift_cover add column ended_at timestamptz;
      create index shift_cover_due on shift_cover (ends_at) where ended_at is null;
      -- Shifts that are over have ended with their day already.
      update shift_cover set ended_at = ends_at where ends_at < now() - interval '2 days';

      alter table lifecycle_case add column to_unit_id uuid constraint lifecycle_case_to_unit_id_fkey references org_unit;

      alter table case_handover drop constraint case_handover_kind_check;
      alter table case_handover add constraint case_handover_kind_check check (kind in ('system', 'responsible',
        'contact', 'task-deputy', 'unit', 'deputy', 'sponsor', 'approval', 'finding', 'right', 'account', 'account-rule',
        'rule', 'exception'));

      -- Who has to agree before somebody gets it by a report; null: as its sensitivity says.
      alter table entitlement add column approval text
        constraint entitlement_approval_check check (approval in ('unit', 'system', 'right'));
      alter table lifecycle_approval drop constraint lifecycle_approval_because_check;
      alter table lifecycle_approval add constraint lifecycle_approval_because_check check (
        because in ('special', 'criminal', 'confidential', 'privileged', 'asked-for'));
      alter table lifecycle_approval drop constraint lifecycle_approval_via_check;
      alter table lifecycle_approval add constraint lifecycle_approval_via_check check (
        via in ('owner', 'manager', 'hr', 'right'));

      -- What of a leaver's a system keeps: mailboxes, personal drives, cases.
      alter table it_system add column carries text[] not null default '{}'
        constraint it_system_carries_check check (carries <@ array['mailbox', 'drive', 'cases']);

      create table left_behind (
        id uuid primary key,
        case_id uuid not null,
        person_id uuid not null constraint left_behind_person_id_fkey references person,
        affiliation_id uuid not null constraint left_behind_affiliation_id_fkey references affiliation,
        what text not null constraint left_behind_what_check check (what in ('mailbox', 'drive', 'cases', 'kit')),
        -- null: no system is said to keep it.
        system_id uuid constraint left_behind_system_id_fkey references it_system,
        entitlement_id uuid constraint left_behind_entitlement_id_fkey references entitlement,
        action text not null constraint left_behind_action_check check (action in ('hand-over', 'close')),
        due_on date not null,
        to_person_id uuid constraint left_behind_to_person_id_fkey references person,
        reader_ids uuid[] not null default '{}',
        reply text,
        until date,
        stated_at timestamptz not null,
        taken_back_at timestamptz,
        constraint left_behind_kit_check check ((what = 'kit') = (entitlement_id is not null))
      );
      create index left_behind_case on left_behind (case_id);
      create index left_behind_person on left_behind (person_id) where taken_back_at is null;

      alter table provisioning_order add column left_id uuid
        constraint provisioning_order_left_id_fkey references left_behind;
      create index provisioning_order_left on provisioning_order (left_id) where left_id is not null;
      alter table provisioning_order drop constraint provisioning_order_check;
      alter table provisioning_order add constraint provisioning_order_check check (
        num_nonnulls(account_type_id, entitlement_id, left_id) = 1);
      alter table provisioning_order drop constraint provisioning_order_action_check;
      alter table provisioning_order add constraint provisioning_order_action_check check (action in ('create',
        'enable', 'disable', 'rename', 'move', 'set', 'grant', 'revoke', 'delete', 'hand-out', 'take-back', 'hand-over',
        'close'));
      drop index provisioning_order_open;
      create unique index provisioning_order_open
        on provisioning_order (system_id, person_id, account_type_id, entitlement_id, left_id, action,
          (case when account_type_id is not null then affiliation_id end))
        nulls not distinct where state in ('planned', 'task', 'sending', 'retry', 'parked');
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from order_attempt a using provisioning_order o where o.id = a.order_id and o.left_id is not null;
      delete from provisioning_order where left_id is not null;
      alter table provisioning_order drop constraint provisioning_order_action_check;
      alter table provisioning_order add constraint provisioning_order_action_check check (action in ('create',
        'enable', 'disable', 'rename', 'move', 'set', 'grant', 'revoke', 'delete', 'hand-out', 'take-back'));
      alter table provisioning_order drop constraint provisioning_order_check;
      alter table provisioning_order add constraint provisioning_order_check check (
        (account_type_id is null) <> (entitlement_id is null));
      drop index provisioning_order_open;
      create unique index provisioning_order_open
        on provisioning_order (system_id, person_id, account_type_id, entitlement_id, action,
          (case when account_type_id is not null then affiliation_id end))
        nulls not distinct where state in ('planned', 'task', 'sending', 'retry', 'parked');
      alter table provisioning_order drop column left_id;
      drop table left_behind;
      alter table it_system drop column carries;
      update lifecycle_approval set via = 'owner' where via = 'right';
      update lifecycle_approval set because = 'confidential' where because = 'asked-for';
      alter table lifecycle_approval drop constraint lifecycle_approval_via_check;
      alter table lifecycle_approval add constraint lifecycle_approval_via_check check (via in ('owner', 'manager', 'hr'));
      alter table lifecycle_approval drop constraint lifecycle_approval_because_check;
      alter table lifecycle_approval add constraint lifecycle_approval_because_check check (
        because in ('special', 'criminal', 'confidential', 'privileged'));
      alter table entitlement drop column approval;
      delete from case_handover where kind not in ('system', 'responsible', 'unit', 'deputy', 'sponsor', 'approval', 'finding');
      alter table case_handover drop constraint case_handover_kind_check;
      alter table case_handover add constraint case_handover_kind_check check (
        kind in ('system', 'responsible', 'unit', 'deputy', 'sponsor', 'approval', 'finding'));
      alter table lifecycle_case drop column to_unit_id;
      drop index shift_cover_due;
      alter table shift_cover drop column ended_at;
      delete from shift_cover where affiliation_id is null;
      alter table shift_cover alter column affiliation_id set not null;
    `)
  }
}
