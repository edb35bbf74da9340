import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Rules and roles are written on the screen: why each version was made, who answers, exceptions, unfinished changes. */
export class RuleDesk1763900000004 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table rights_rule add column excepts text, add column owner_person uuid, add column change_reason text;
      alter table rights_role add column change_reason text;

      -- A change of one rule or role is kept as that, not as a file with all of them; as text, since what was approved
      -- is compared by a hash in which the order of keys counts.
      alter table rules_change add column change json, add column reason text;

      -- Never in force: what somebody has begun and others may see.
      create table rule_draft (
        kind text not null check (kind in ('rule', 'role')),
        key text not null,
        base_version int,
        change jsonb not null,
        note text not null default '',
        saved_at timestamptz not null default now(),
        saved_by text not null,
        primary key (kind, key)
      );
    `)
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table rule_draft;
      alter table rules_change drop column reason, drop column change;
      alter table rights_role drop column change_reason;
      alter table rights_rule drop column change_reason, drop column owner_person, drop column excepts;
    `)
  }
}
