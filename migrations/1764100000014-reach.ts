import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Week by week how many people could reach which data about whom. */
export class Reach1764100000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table reach_snapshot (
        id uuid primary key,
        day date not null,
        -- Null: everybody.
        unit_id uuid references org_unit (id),
        -- Terms. '*': all of them together, each person once; '*special' all data of that class; '' what no record states.
        data_category text not null,
        subject_category text not null,
        people int not null,
        constrained int not null,
        unexplained int not null
      );
      create unique index reach_snapshot_whole on reach_snapshot (day, data_category, subject_category) where unit_id is null;
      create unique index reach_snapshot_unit on reach_snapshot (unit_id, day, data_category, subject_category) where unit_id is not null;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reach_snapshot')
  }
}
