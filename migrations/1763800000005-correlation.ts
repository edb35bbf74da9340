import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Whose accounts are, as stored links with their evidence; what people have decided about them; rules that classify
 * accounts; and merges of persons that can be taken back.
 */
export class Correlation1763800000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Who a person counts as while merged; the identity itself, its keys and its facts stay.
      alter table person add column merged_into uuid references person (id);
      create index person_merged on person (merged_into) where merged_into is not null;
      create table person_merge (
        id uuid primary key,
        survivor_id uuid not null references person (id),
        absorbed_id uuid not null references person (id),
        at timestamptz not null,
        actor_id text not null,
        reason text not null,
        undone_at timestamptz,
        undone_by text,
        undone_reason text,
        check (survivor_id <> absorbed_id)
      );
      create unique index person_merge_open on person_merge (absorbed_id) where undone_at is null;
      create index person_merge_survivor on person_merge (survivor_id);

      create table person_match (
        id uuid primary key,
        person_a uuid not null references person (id) on delete cascade,
        person_b uuid not null references person (id) on delete cascade,
        evidence text not null check (evidence in ('same-cpr', 'name-birth-date')),
        confidence int not null,
        since timestamptz not null,
        run_id uuid,
        state text not null default 'open' check (state in ('open', 'different')),
        decided_by text,
        decided_at timestamptz,
        reason text,
        unique (person_a, person_b),
        check (person_a < person_b)
      );
      create index person_match_b on person_match (person_b);

      -- The identity whose affiliation it is; person_id is who that identity counts as today.
      alter table affiliation add column identity_id uuid references person (id);
      update affiliation set identity_id = person_id;
      create index affiliation_identity on affiliation (identity_id);

      alter table account drop constraint account_kind_check;
      alter table account add constraint account_kind_check
        check (kind in ('personal', 'shared', 'service', 'admin', 'test', 'ward-tablet'));
      alter table account
        add column feed_kind text not null default 'personal',
        add column kind_by text not null default 'feed' check (kind_by in ('feed', 'rule', 'person')),
        add column kind_rule_id uuid,
        add column owner_person_id uuid references person (id),
        add column owner_unit_id uuid references org_unit (id),
        add column reason text,
        add column confidence int,
        add column candidates jsonb not null default '[]',
        add column found_linked boolean not null default false,
        add column out_of_scope boolean not null default false,
        add column by_intent boolean not null default false,
        -- The source says more than numbers of it: a CPR number, a birth date.
        add column comparable boolean not null default false,
        add column situation_run uuid;
      update account set feed_kind = kind;
      create index account_open on account (situation_since) where situation in ('unlinked', 'unmatched', 'disputed');
      create index account_source_situation on account (source, situation);

      create table account_link (
        id uuid primary key,
        account_id uuid not null references account (id),
        verdict text not null check (verdict in ('is', 'not', 'nobody', 'out-of-scope')),
        person_id uuid references person (id),
        affiliation_id uuid references affiliation (id),
        decided_by text not null check (decided_by in ('rule', 'person')),
        evidence text not null,
        confidence int not null,
        run_id uuid,
        decision_id uuid,
        since timestamptz not null,
        until timestamptz,
        ended_decision_id uuid,
        check ((verdict in ('is', 'not')) = (person_id is not null))
      );
      create index account_link_open on account_link (account_id) where until is null;
      create index account_link_person on account_link (person_id) where until is null;
      create index account_link_decision on account_link (decision_id);
      insert into account_link (id, account_id, verdict, person_id, affiliation_id, decided_by, evidence, confidence, since, until)
      select gen_random_uuid(), id, 'is', person_id, case when evidence <> 'source' then affiliation_id end,
        case when evidence = 'manual' then 'person' else 'rule' end, coalesce(evidence, 'source'), 100,
        situation_since, gone_at
      from account where person_id is not null;
      update account set confidence = 100 where person_id is not null;
      update account set reason = case
          when situation = 'gone' then 'left-source'
          when situation = 'disputed' then 'several-people'
          when kind <> 'personal' then 'not-personal'
          when employee_no is null and person_key is null then 'no-number'
          else 'number-unknown' end
        where situation <> 'linked';

      create table account_decision (
        id uuid primary key,
        account_id uuid not null references account (id),
        kind text not null check (kind in ('link', 'not-this-person', 'nobody', 'out-of-scope', 'classify', 'confirm-gone')),
        actor_id text not null,
        at timestamptz not null,
        reason text,
        person_id uuid references person (id),
        account_kind text,
        -- What undoing brings back; links carry it themselves.
        before jsonb not null,
        undone_at timestamptz,
        undone_by text
      );
      create index account_decision_account on account_decision (account_id, at);

      create table account_rule (
        id uuid primary key,
        source text,
        pattern text,
        ou text,
        account_kind text not null
          check (account_kind in ('personal', 'shared', 'service', 'admin', 'test', 'ward-tablet')),
        owner_person_id uuid references person (id),
        owner_unit_id uuid references org_unit (id),
        position int not null,
        changed_at timestamptz not null,
        changed_by text not null,
        check ((pattern is null) <> (ou is null))
      );

      -- Accounts of the source per situation when the run had ended.
      alter table feed_run add column situations jsonb;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table feed_run drop column situations;
      drop table account_rule, account_decision, account_link;
      drop index account_open, account_source_situation;
      update account set kind = case when feed_kind in ('test', 'ward-tablet') then 'shared' else feed_kind end
        where kind in ('test', 'ward-tablet');
      alter table account
        drop column feed_kind, drop column kind_by, drop column kind_rule_id, drop column owner_person_id,
        drop column owner_unit_id, drop column reason, drop column confidence, drop column candidates,
        drop column found_linked, drop column out_of_scope, drop column by_intent, drop column comparable,
        drop column situation_run;
      alter table account drop constraint account_kind_check;
      alter table account add constraint account_kind_check check (kind in ('personal', 'shared', 'service', 'admin'));
      drop index affiliation_identity;
      update affiliation set person_id = identity_id where identity_id is not null;
      alter table affiliation drop column identity_id;
      drop table person_match, person_merge;
      drop index person_merged;
      alter table person drop column merged_into;
    `)
  }
}
