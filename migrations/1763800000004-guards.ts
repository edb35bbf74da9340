import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What reads of a source usually look like, held changes that are decided on in parts and expire, announced mass changes. */
export class Guards1763800000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table plan
        -- Since when exactly this waits, over all runs that found it anew; and when nobody may let it through any more.
        add column held_since timestamptz,
        add column expires_at timestamptz,
        -- Who decided on which part, in order; decided_by is the last of them.
        add column decisions jsonb not null default '[]',
        -- How many changes of which sort were let through, for lists of changes: many small ones count as one.
        add column weights jsonb not null default '{}';
      update plan set held_since = created_at, expires_at = created_at + interval '7 days' where state = 'held';
      create index plan_expiring on plan (expires_at) where state = 'held';

      -- Why a guard holds the item back: names one entry of plan.held.
      alter table plan_item add column cause text;
      alter table plan_item drop constraint plan_item_state_check;
      alter table plan_item add constraint plan_item_state_check
        check (state in ('planned', 'held', 'applied', 'rejected', 'stale'));
      create index plan_item_held on plan_item (plan_id, cause) where state = 'held';
      update plan_item set cause = guard || ' ' || kind || ' ' || op || coalesce(' ' || part, '') where state = 'held';

      -- The last complete reads that were let in, for what is usual. The newest stands in source.shape as well.
      create table feed_shape (
        source text not null references source (key) on delete cascade,
        run_id uuid not null,
        at timestamptz not null,
        shape jsonb not null,
        primary key (source, run_id)
      );
      create index feed_shape_recent on feed_shape (source, at);
      insert into feed_shape (source, run_id, at, shape)
        select s.key, r.id, s.complete_at, s.shape from source s
        join lateral (
          select id from feed_run r where r.source = s.key and not r.dry_run order by started_at desc limit 1
        ) r on true
        where s.shape is not null and s.complete_at is not null;

      -- The order in which a source gave its records last, four bytes of hash each: a feed that was cut shows a gap in it.
      create table feed_order (
        source text not null references source (key) on delete cascade,
        kind text not null,
        keys bytea not null,
        primary key (source, kind)
      );

      -- A rejected read that somebody has said is right: what may pass, and until when.
      create table shape_exception (
        id uuid primary key,
        source text not null references source (key) on delete cascade,
        run_id uuid not null references feed_run (id),
        verdicts jsonb not null,
        reason text not null,
        created_by text not null,
        created_at timestamptz not null default clock_timestamp(),
        until timestamptz not null
      );
      create index shape_exception_source on shape_exception (source, until);

      create table announcement (
        id uuid primary key,
        source text not null references source (key) on delete cascade,
        state text not null check (state in ('draft', 'approved', 'cancelled')),
        reason text not null,
        starts_on date not null,
        ends_on date not null check (ends_on > starts_on),
        -- Lines of what is expected: kind, op, part, attribute, from, to, least, most.
        expected jsonb not null,
        simulation_run uuid references feed_run (id),
        -- Per line, how many changes the simulation met, and how many others would be held back.
        simulated jsonb,
        created_by text not null,
        created_at timestamptz not null default clock_timestamp(),
        decided_by text,
        decided_at timestamptz,
        decision_reason text
      );
      create index announcement_source on announcement (source, starts_on);

      -- What runs have used of an announcement, so that its number holds for the window and not for each run.
      create table announcement_use (
        announcement_id uuid not null references announcement (id) on delete cascade,
        run_id uuid not null,
        line int not null,
        count int not null,
        primary key (announcement_id, run_id, line)
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table announcement_use, announcement, shape_exception, feed_order, feed_shape;
      drop index plan_item_held;
      update plan_item set state = 'rejected' where state = 'stale';
      alter table plan_item drop constraint plan_item_state_check;
      alter table plan_item add constraint plan_item_state_check
        check (state in ('planned', 'held', 'applied', 'rejected'));
      alter table plan_item drop column cause;
      drop index plan_expiring;
      alter table plan drop column weights, drop column decisions, drop column expires_at, drop column held_since;
    `)
  }
}
