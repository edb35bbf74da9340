import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What accounts say that Hjemmel keeps, who caused removals that wait, and which rights may be given in an emergency. */
export class OrdersLeft1764100000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What of an account of this kind Hjemmel is the authority for; nothing until somebody has said so.
      alter table account_type add column keeps text[] not null default '{}';
      -- What the connector writes, in the words of an account that is read; null until it is saved or asked again.
      alter table system_connector add column writes jsonb;
      -- Up to when changes of people, jobs and units have been looked at for what accounts say.
      alter table order_planning add column kept_through timestamptz;
      -- Who did what the removals follow from; nobody did where it was a reading, or a date.
      alter table order_hold add column caused_by uuid[] not null default '{}';
      -- May it be given for some hours when it cannot wait?
      alter table entitlement add column emergency boolean not null default true
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table entitlement drop column emergency;
      alter table order_hold drop column caused_by;
      alter table order_planning drop column kept_through;
      alter table system_connector drop column writes;
      alter table account_type drop column keeps
    `)
  }
}
