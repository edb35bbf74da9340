import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The sheet of a system: what a feed says (`feed`), what somebody has set by hand and so wins (`hand`), and what counts
 * (`sheet`); the columns that lists filter by follow it. Every version stays, with who and why; and who has said when that
 * it is still true.
 */
export class Catalogue1763900000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table it_system drop constraint it_system_reading_check;
      alter table it_system
        add constraint it_system_reading_check check (reading in ('groups', 'list', 'scim', 'none')),
        add column responsible_affiliation_id uuid references affiliation (id),
        add column contact text,
        add column contact_affiliation_id uuid references affiliation (id),
        add column unit_words text,
        add column unit_id uuid references org_unit (id),
        add column feed jsonb not null default '{}',
        add column hand jsonb not null default '{}',
        add column sheet jsonb not null default '{}',
        add column version int not null default 0,
        add column attest_due date;

      -- Until now these were free words of a feed; what is no word of the closed lists is no longer known.
      update it_system set
        status = case lower(status) when 'active' then 'in-use' when 'aktiv' then 'in-use' when 'i drift' then 'in-use'
          when 'operational' then 'in-use' when 'phasing in' then 'planned' when 'under indfasning' then 'planned'
          when 'planlagt' then 'planned' when 'undecided' then 'planned' when 'archive' then 'phasing-out'
          when 'phasing out' then 'phasing-out' when 'under udfasning' then 'phasing-out' when 'not in use' then 'closed'
          when 'lukket' then 'closed' when 'ikke i drift' then 'closed'
          when 'planned' then 'planned' when 'in-use' then 'in-use' when 'phasing-out' then 'phasing-out' when 'closed' then 'closed' end,
        criticality = case lower(criticality) when 'normal' then 'medium' when 'lav' then 'low' when 'mellem' then 'medium'
          when 'høj' then 'high' when 'kritisk' then 'critical'
          when 'low' then 'low' when 'medium' then 'medium' when 'high' then 'high' when 'critical' then 'critical' end,
        hosting = case lower(hosting) when 'on premise' then 'on-premise' when 'onpremise' then 'on-premise'
          when 'egen' then 'on-premise' when 'external' then 'hosted' when 'ekstern' then 'hosted' when 'cloud' then 'saas'
          when 'ikke afklaret' then 'undecided'
          when 'saas' then 'saas' when 'on-premise' then 'on-premise' when 'hosted' then 'hosted'
          when 'hybrid' then 'hybrid' when 'undecided' then 'undecided' end;
      -- The records behind them in the same words, so that the next read finds no change where there is none.
      update source_record r set payload = r.payload
          || jsonb_build_object('status', s.status, 'criticality', s.criticality, 'hosting', s.hosting)
        from it_system s where r.kind = 'system' and r.key = s.key;
      alter table it_system add constraint it_system_status_check
        check (status in ('planned', 'in-use', 'phasing-out', 'closed'));
      update it_system set version = 1, attest_due = current_date + (hashtext(key) & 2147483647) % 365,
        feed = jsonb_strip_nulls(jsonb_build_object('name', name, 'area', area,
          'kle', case when kle <> '{}' then to_jsonb(kle) end,
          'owner', case when owner_key is not null then jsonb_build_object('words', owner_key) end,
          'responsible', case when responsible is not null then jsonb_build_object('words', responsible) end,
          'supplier', supplier, 'criticality', criticality, 'hosting', hosting, 'systemKind', kind, 'status', status,
          'reading', reading, 'description', description));
      update it_system set sheet = feed;

      create table system_version (
        system_id uuid not null references it_system (id) on delete cascade,
        version int not null,
        at timestamptz not null,
        origin text not null check (origin in ('start', 'feed', 'hand', 'bulk', 'undo', 'import')),
        source text,
        run_id uuid,
        user_id uuid,
        reason text,
        -- Changes that were made in one step and can be taken back in one.
        batch uuid,
        changes jsonb not null default '[]',
        sheet jsonb not null,
        hand jsonb not null,
        primary key (system_id, version)
      );
      create index system_version_batch on system_version (batch) where batch is not null;
      insert into system_version (system_id, version, at, origin, source, sheet, hand)
      select id, 1, now(), 'start', source, sheet, hand from it_system;

      create table system_attestation (
        id uuid primary key default gen_random_uuid(),
        system_id uuid not null references it_system (id) on delete cascade,
        at timestamptz not null,
        user_id uuid not null,
        version int not null,
        -- Something was corrected since it was asked for the last time.
        changed boolean not null,
        note text,
        due date
      );
      create index system_attestation_system on system_attestation (system_id, at);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table system_attestation, system_version;
      alter table it_system drop constraint it_system_status_check, drop constraint it_system_reading_check;
      update it_system set reading = 'none' where reading not in ('groups', 'none');
      alter table it_system
        add constraint it_system_reading_check check (reading in ('groups', 'none')),
        drop column responsible_affiliation_id, drop column contact, drop column contact_affiliation_id,
        drop column unit_words, drop column unit_id, drop column feed, drop column hand, drop column sheet,
        drop column version, drop column attest_due;
    `)
  }
}
