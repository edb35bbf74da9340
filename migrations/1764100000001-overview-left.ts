import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * A right that rests (absence, lock) and is held all the same gets a name of its own: until now it was called one that
 * nothing explains, although the rule stood beside it. What was decided about it stays decided.
 *
 * When a source was too old to conclude from is kept, for pages of another day; before now as its runs tell, by the
 * rhythm that it has today.
 */
export class OverviewLeft1764100000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table person_rights add column resting int not null default 0;
      alter table right_deviation drop constraint right_deviation_state_check;
      alter table right_deviation add constraint right_deviation_state_check
        check (state in ('missing', 'unexplained', 'exception', 'stale', 'still-held'));

      create temporary table resting_held on commit drop as
        select d.person_id, d.entitlement_id from right_deviation d
        where d.state = 'unexplained' and exists (select from affiliation_current ac
          join assignment a on a.affiliation_id = ac.affiliation_id
          where ac.person_id = d.person_id and a.entitlement_id = d.entitlement_id and a.suspended is not null);
      update right_deviation d set state = 'still-held' from resting_held r
        where r.person_id = d.person_id and r.entitlement_id = d.entitlement_id;
      update person_rights p set unexplained = p.unexplained - r.n, resting = r.n
        from (select person_id, count(*)::int as n from resting_held group by person_id) r where r.person_id = p.person_id;
      drop table resting_held;
      update finding set code = 'still-held'
        where code = 'unexplained' and closed_at is null and split_part(cause, ':', 1) in ('absence', 'locked');
      insert into finding_switch (code, area, mode, changed_at, changed_by)
        select 'still-held', area, mode, changed_at, changed_by from finding_switch where code = 'unexplained';

      drop index person_rights_drift;
      create index person_rights_drift on person_rights ((missing + unexplained + resting));

      alter table stale_source add column read_at timestamptz;
      update stale_source t set read_at = greatest(s.complete_at, s.changes_at) from source s where s.key = t.source;
      create table stale_source_history (
        source text not null,
        since timestamptz not null,
        until timestamptz not null,
        read_at timestamptz,
        primary key (source, since)
      );
      insert into stale_source_history (source, since, until, read_at)
        select source, at + too_old, next, at from (
          select r.source, r.at, lead(r.at) over (partition by r.source order by r.at) as next,
            make_interval(secs => greatest(2 * s.schedule_seconds, 3600)) as too_old
          from (select source, coalesce(ended_at, started_at) as at from feed_run
            where not dry_run and state in ('done', 'held')) r
          join source s on s.key = r.source and s.schedule_seconds is not null) gap
        where next > at + too_old;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table stale_source_history;
      alter table stale_source drop column read_at;
      drop index person_rights_drift;
      create index person_rights_drift on person_rights ((missing + unexplained));
      delete from finding_switch where code = 'still-held';
      update finding f set code = 'unexplained' where code = 'still-held' and not exists (
        select from finding o where o.code = 'unexplained' and o.closed_at is null and f.closed_at is null
          and o.subject_id = f.subject_id and o.object_id is not distinct from f.object_id);
      delete from finding where code = 'still-held';
      delete from finding_day where code = 'still-held';
      update right_deviation set state = 'unexplained' where state = 'still-held';
      update person_rights set unexplained = unexplained + resting;
      alter table right_deviation drop constraint right_deviation_state_check;
      alter table right_deviation add constraint right_deviation_state_check
        check (state in ('missing', 'unexplained', 'exception', 'stale'));
      alter table person_rights drop column resting;
    `)
  }
}
