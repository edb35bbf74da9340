import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The letters of server/platform/fold.ts; a test holds the two to one another. */
const FROM = 'àáâãèéêëìíîïòóôõùúûüýÿçñčćšśžźżřěůőűłńğışșțăąęďť'
const INTO = 'aaaaeeeeiiiioooouuuuyycnccsszzzreuoulngisstaaedt'

/**
 * Search in folded letters (æ and ae, ø and oe, å and aa are the same), also of rights; the view with which somebody's
 * list opens, and views that are mailed every week.
 */
export class Views1763900000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function search_fold(value text) returns text language sql immutable strict parallel safe return
        replace(replace(replace(replace(replace(replace(
          translate(lower(normalize(value, NFC) collate "und-x-icu"), '${FROM}', '${INTO}'),
          'æ', 'ae'), 'ä', 'ae'), 'ø', 'oe'), 'ö', 'oe'), 'å', 'aa'), 'ß', 'ss');

      drop index it_system_search;
      alter table it_system drop column search;
      alter table it_system add column search text generated always as (search_fold(name || ' ' || key)) stored;
      create index it_system_search on it_system using gin (search gin_trgm_ops);

      alter table entitlement add column search text generated always as (search_fold(name)) stored;
      create index entitlement_search on entitlement using gin (search gin_trgm_ops);
      alter table org_unit_current add column search text generated always as (search_fold(name)) stored;
      create index org_unit_current_search on org_unit_current using gin (search gin_trgm_ops);

      -- Folding a few hundred names anew for each letter that is typed takes longer than all the rest.
      alter table rights_rule add column search text generated always as (search_fold(name || ' ' || key)) stored;
      alter table rights_role add column search text generated always as (search_fold(name || ' ' || key)) stored;

      drop index account_username;
      create index account_username on account using gin (search_fold(username) gin_trgm_ops);

      -- What people's names are searched in, as people/search-text.ts makes it: a blank before and after each word.
      update person_current p set search = ' ' || array_to_string(array_remove(array[
        nullif(search_fold(btrim(p.name)), ''),
        (select string_agg(search_fold(part), ' ') from regexp_split_to_table(btrim(p.name), '[[:space:]-]+') part
          where p.name like '%-%'),
        nullif((select string_agg(search_fold(left(part, 1)), '' order by n)
          from regexp_split_to_table(btrim(p.name), '[[:space:]-]+') with ordinality w (part, n)), ''),
        (select string_agg(search_fold(left(part, 1)), '' order by n)
          from (select part, n, max(n) over () as last
            from regexp_split_to_table(btrim(p.name), '[[:space:]-]+') with ordinality w (part, n)) x
          where last > 2 and (n = 1 or n = last)),
        nullif(search_fold(p.usernames), '')], null), ' ') || ' ';

      create table view_default (
        user_id uuid not null references tool_user (id) on delete cascade,
        screen text not null,
        view_id uuid not null references saved_view (id) on delete cascade,
        primary key (user_id, screen)
      );
      create index view_default_view on view_default (view_id);

      create table view_subscription (
        id uuid primary key,
        view_id uuid not null references saved_view (id) on delete cascade,
        user_id uuid not null references tool_user (id) on delete cascade,
        language text not null check (language in ('da', 'en')),
        -- 1 is Monday; the hour is that of the clock on the wall.
        weekday int not null check (weekday between 1 and 7),
        hour int not null check (hour between 0 and 23),
        created_at timestamptz not null default clock_timestamp(),
        unique (user_id, view_id)
      );
      create index view_subscription_view on view_subscription (view_id);

      create table view_digest (
        id uuid primary key,
        subscription_id uuid not null references view_subscription (id) on delete cascade,
        due_on date not null,
        -- Numbers only: nobody's name stands in a digest.
        content jsonb not null,
        -- shown: there is no mail server, or no address. sending: given to the mail server; one that stays so was
        -- interrupted, and is not sent again, because it may have arrived.
        state text not null check (state in ('waiting', 'sending', 'sent', 'shown', 'failed')),
        attempts int not null default 0,
        next_try_at timestamptz,
        error text,
        made_at timestamptz not null default clock_timestamp(),
        sent_at timestamptz,
        unique (subscription_id, due_on)
      );
      create index view_digest_waiting on view_digest (next_try_at) where state = 'waiting';
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table view_digest, view_subscription, view_default;
      update person_current set search = lower(btrim(name || ' ' || usernames));
      drop index account_username;
      create index account_username on account using gin (lower(username) gin_trgm_ops);
      alter table rights_role drop column search;
      alter table rights_rule drop column search;
      drop index org_unit_current_search;
      alter table org_unit_current drop column search;
      drop index entitlement_search;
      alter table entitlement drop column search;
      drop index it_system_search;
      alter table it_system drop column search;
      alter table it_system add column search text generated always as (lower(name || ' ' || key)) stored;
      create index it_system_search on it_system using gin (search gin_trgm_ops);
      drop function search_fold(text);
    `)
  }
}
