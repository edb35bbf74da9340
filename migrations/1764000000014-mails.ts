import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What people are to be told, the mails in which they are told it, and the language that somebody wants them in. */
export class Mails1764000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What happened before there were mails is not told afterwards.
      create table mail_start (
        one boolean primary key default true constraint mail_start_one_check check (one),
        at timestamptz not null
      );
      insert into mail_start (at) values (clock_timestamp());

      create table mail_language (
        person_id uuid primary key constraint mail_language_person_id_fkey references person on delete cascade,
        language text not null constraint mail_language_language_check check (language in ('da', 'en'))
      );

      create table mail (
        id uuid primary key default gen_random_uuid(),
        person_id uuid not null constraint mail_person_id_fkey references person,
        rhythm text not null constraint mail_rhythm_check check (rhythm in ('now', 'hour', 'day')),
        -- The hour or the day that it is the one mail of; an urgent one has its own.
        slot text not null,
        -- shown: there is no mail server, or no address. sending: given to the mail server; one that stays so was
        -- interrupted, and is not sent again by itself, because it may have arrived.
        state text not null constraint mail_state_check check (state in ('waiting', 'sending', 'sent', 'shown', 'failed')),
        attempts int not null default 0,
        next_try_at timestamptz,
        tried_at timestamptz,
        error text,
        made_at timestamptz not null,
        sent_at timestamptz,
        constraint mail_slot unique (person_id, slot)
      );
      create index mail_waiting on mail (next_try_at) where state = 'waiting';
      create index mail_made on mail (made_at);

      create table mail_item (
        id uuid primary key default gen_random_uuid(),
        -- Kind, subject, round and recipient: told once.
        key text not null constraint mail_item_key unique,
        person_id uuid not null constraint mail_item_person_id_fkey references person,
        kind text not null,
        stage text not null,
        subject_id uuid not null,
        about_person_id uuid constraint mail_item_about_person_id_fkey references person,
        -- Names of systems and units, dates, counts. Nobody's name and no number: names are looked up when it is written.
        facts jsonb not null default '{}',
        rhythm text not null constraint mail_item_rhythm_check check (rhythm in ('now', 'hour', 'day')),
        due_on date not null,
        made_at timestamptz not null,
        told_at timestamptz,
        mail_id uuid constraint mail_item_mail_id_fkey references mail on delete set null
      );
      create index mail_item_open on mail_item (rhythm, person_id) where told_at is null;
      create index mail_item_mail on mail_item (mail_id);
      create index mail_item_person on mail_item (person_id);
      create index mail_item_about on mail_item (about_person_id);

      -- Asked every minute: who ends within a month.
      create index affiliation_current_ends on affiliation_current (ends_on) where status = 'active' and ends_on is not null;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index affiliation_current_ends;
      drop table mail_item, mail, mail_language, mail_start;
    `)
  }
}
