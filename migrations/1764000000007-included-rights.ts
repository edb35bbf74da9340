import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What a right includes, by however many steps. `union` takes each pair once, so that a circle (which the screen refuses)
 * ends; a right that comes back to itself includes nothing new.
 */
export class IncludedRights1764000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create view entitlement_part as
      with recursive part (entitlement_id, part_id) as (
        select entitlement_id, includes_id from entitlement_include
        union
        select p.entitlement_id, i.includes_id from part p join entitlement_include i on i.entitlement_id = p.part_id
      )
      select entitlement_id, part_id from part where entitlement_id <> part_id
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop view entitlement_part')
  }
}
