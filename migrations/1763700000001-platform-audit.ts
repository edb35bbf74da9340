import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Extensions that every room uses, and the audit log. */
export class PlatformAudit1763700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create extension if not exists btree_gist;
      create extension if not exists pg_trgm;

      -- Who did what to whom. Written in the transaction of the command, unchained: a chain inside the transaction would
      -- put every command in one queue. The transaction id lets the sealing job wait for commit order.
      create table audit_entry (
        id bigint generated always as identity primary key,
        xid bigint not null default pg_current_xact_id()::text::bigint,
        at timestamptz not null default clock_timestamp(),
        actor_kind text not null check (actor_kind in ('user', 'system', 'cli')),
        actor_user_id uuid,
        actor_person_id uuid,
        -- The function in which it was done (hr, it, manager, ...): what the person looked at gets to see instead of a name.
        actor_function text not null,
        action text not null,
        subject_kind text not null,
        subject_id text,
        -- The data subject, where the entry is about a person.
        person_id uuid,
        lookup boolean not null default false,
        -- A confidential case: a lookup under it is shown to the person only from its release.
        case_id uuid,
        request_id text,
        payload_hash bytea
      );
      create index audit_entry_at on audit_entry (at desc, id desc);
      create index audit_entry_person on audit_entry (person_id, at desc) where person_id is not null;
      create index audit_entry_subject on audit_entry (subject_kind, subject_id, at desc);
      create index audit_entry_actor on audit_entry (actor_user_id, at desc) where actor_user_id is not null;

      -- What it was about, apart, so that it can be erased on schedule without breaking the chain: the salt goes with it,
      -- so the hash that stays behind cannot be guessed backwards. Text, not jsonb: the very bytes are hashed.
      create table audit_payload (
        entry_id bigint primary key references audit_entry (id),
        salt bytea,
        body text,
        erased_at timestamptz,
        check ((erased_at is null) = (body is not null) and (erased_at is null) = (salt is not null))
      );

      create table audit_seal (
        seq bigint primary key check (seq > 0),
        entry_id bigint not null unique references audit_entry (id),
        hash bytea not null,
        sealed_at timestamptz not null default clock_timestamp()
      );

      -- The end of the chain, signed with the installation's key: cutting off the tail shows, and so does a chain that
      -- somebody without the key computed anew.
      create table audit_head (
        one boolean primary key default true check (one),
        seq bigint not null,
        hash bytea not null,
        key_id text not null,
        signature bytea not null
      );

      create table audit_case (
        case_id uuid primary key,
        released_at timestamptz
      );

      create function audit_refuse() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit log is append-only: % on % is refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
      end $$;
      create trigger audit_entry_append_only before update or delete on audit_entry for each row execute function audit_refuse();
      create trigger audit_entry_no_truncate before truncate on audit_entry for each statement execute function audit_refuse();
      create trigger audit_seal_append_only before update or delete on audit_seal for each row execute function audit_refuse();
      create trigger audit_seal_no_truncate before truncate on audit_seal for each statement execute function audit_refuse();
      create trigger audit_payload_no_delete before delete on audit_payload for each row execute function audit_refuse();
      create trigger audit_payload_no_truncate before truncate on audit_payload for each statement execute function audit_refuse();
      create function audit_payload_erase_only() returns trigger language plpgsql as $$
      begin
        if old.erased_at is not null or new.erased_at is null or new.entry_id <> old.entry_id then
          raise exception 'an audit payload can only be erased' using errcode = 'insufficient_privilege';
        end if;
        return new;
      end $$;
      create trigger audit_payload_erase_only before update on audit_payload for each row execute function audit_payload_erase_only();
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table audit_case, audit_head, audit_seal, audit_payload, audit_entry;
      drop function audit_payload_erase_only();
      drop function audit_refuse();
      drop extension pg_trgm;
      drop extension btree_gist
    `)
  }
}
