import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Deviations between what should be and what is, kept beside the counts of `person_rights` and written with them. */
export class RightDeviation1763800000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Current and narrow: only what deviates, one row a person and right. No foreign keys, as in assignment.
      create table right_deviation (
        person_id uuid not null,
        entitlement_id uuid not null,
        state text not null check (state in ('missing', 'unexplained')),
        primary key (person_id, entitlement_id)
      );
      create index right_deviation_right on right_deviation (entitlement_id);

      -- Whose the affiliation was when it was decided: when it moves to another person, both have other rights than before.
      alter table affiliation_decided add column person_id uuid;
      update affiliation_decided d set person_id = c.person_id from affiliation_current c
        where c.affiliation_id = d.affiliation_id;

      -- What is in use has deviations already; the next run would only write those of people it touches.
      insert into right_deviation (person_id, entitlement_id, state)
      with expected as (
        select distinct ac.person_id, a.entitlement_id
        from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
      ), observed as (
        select distinct acc.person_id, o.entitlement_id
        from observed_right o join account acc on acc.id = o.account_id
        where acc.gone_at is null and acc.person_id is not null
      ), seeable as (
        select distinct e.person_id, e.entitlement_id
        from expected e join group_entitlement ge on ge.entitlement_id = e.entitlement_id
        join directory_group g on g.id = ge.group_id
        join account acc on acc.person_id = e.person_id and acc.source = g.source and acc.gone_at is null
      )
      select coalesce(e.person_id, o.person_id), coalesce(e.entitlement_id, o.entitlement_id),
        case when o.person_id is null then 'missing' else 'unexplained' end
      from expected e
      full join observed o on o.person_id = e.person_id and o.entitlement_id = e.entitlement_id
      left join seeable s on s.person_id = e.person_id and s.entitlement_id = e.entitlement_id
      where e.person_id is null or (o.person_id is null and s.person_id is not null);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table affiliation_decided drop column person_id;
      drop table right_deviation
    `)
  }
}
