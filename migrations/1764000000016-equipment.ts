import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Who stands in for a system's owner, files as evidence, removals that wait for a second person, and things in stock. */
export class Equipment1764000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Who does the tasks of a system when neither its owner nor who is responsible for it does.
      alter table it_system add column task_deputy_affiliation_id uuid references affiliation (id);

      alter table task_evidence add column media text;
      alter table task_evidence add constraint task_evidence_file_check
        check ((kind = 'file') = (file is not null and file_name is not null and media is not null));

      -- Many removals that one planning would have sent at once: none of them goes out before a second person has said so.
      create table order_hold (
        id uuid primary key,
        system_id uuid not null references it_system (id),
        cause text not null,
        -- How many were taken, and of how many who had something there.
        removals int not null,
        holders int not null,
        made_at timestamptz not null,
        let_go_at timestamptz,
        let_go_by uuid,
        reason text
      );
      create index order_hold_waiting on order_hold (system_id) where let_go_at is null;
      alter table provisioning_order add column hold_id uuid references order_hold (id);
      create index provisioning_order_hold on provisioning_order (hold_id) where hold_id is not null;

      -- How many there are of a thing that is handed out; nothing said is nothing counted.
      create table equipment_stock (
        entitlement_id uuid primary key references entitlement (id),
        owned int not null check (owned >= 0),
        changed_at timestamptz not null,
        changed_by uuid not null
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table equipment_stock;
      alter table provisioning_order drop column hold_id;
      drop table order_hold;
      alter table task_evidence drop constraint task_evidence_file_check;
      alter table task_evidence drop column media;
      alter table it_system drop column task_deputy_affiliation_id
    `)
  }
}
