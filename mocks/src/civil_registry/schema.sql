create table if not exists person (
  number integer primary key,
  -- A newborn has none until Arenoa ID has issued it.
  uin text,
  brn text not null,
  mrn text,
  drn text,
  given_name text not null,
  surname text not null,
  sex text not null,
  birth_date text not null,
  birth_place text not null,
  death_date text,
  -- The first divorce, where there was one.
  divorce_date text,
  marital_status text not null,
  region text not null,
  district text not null,
  locality text not null,
  registered text not null,
  updated text not null,
  -- The UINs of mother and father.
  parent1 text,
  parent2 text,
  record text not null
) strict;

-- An event from the first word about it to its entry: the document with its log of actions, as OpenCRVS has it.
create table if not exists event (
  number integer primary key,
  id text not null unique,
  kind text not null,
  status text not null,
  flags text not null,
  tracking_id text not null unique,
  registration_number text unique,
  date_of_event text,
  created_by text not null,
  transaction_id text,
  created_at text not null,
  updated_at text not null,
  document text not null,
  undo text not null,
  unique (created_by, transaction_id)
) strict;
create index if not exists event_by_status on event (status, kind);
create index if not exists event_by_date on event (date_of_event);
create index if not exists event_by_change on event (updated_at, number);

-- What is declared, field by field, for searches.
create table if not exists event_field (
  event integer not null,
  name text not null,
  value text not null,
  primary key (event, name)
) strict;
create index if not exists event_field_by_value on event_field (name, value);

-- Packets for Arenoa ID: about which event, and whether they were taken.
create table if not exists packet (
  registration_id text primary key,
  event integer not null,
  process text not null,
  state text not null,
  attempt integer not null,
  problem text not null,
  traceparent text not null,
  tracestate text not null
) strict;
create index if not exists packet_by_state on packet (state) where state = 'waiting';

-- Laid last, after the people are entered: a sorted build is several times faster than keeping each in order on the way.
-- What halves the people or quarters them (sex, marital status, province) has none: it would find nobody faster.
create unique index if not exists person_by_uin on person (uin);
create unique index if not exists person_by_brn on person (brn);
create index if not exists person_by_mrn on person (mrn) where mrn is not null;
create unique index if not exists person_by_drn on person (drn) where drn is not null;
create index if not exists person_by_name on person (surname, given_name, birth_date);
create index if not exists person_by_birth on person (birth_date);
create index if not exists person_by_birth_place on person (birth_place);
create index if not exists person_by_death on person (death_date) where death_date is not null;
create index if not exists person_by_divorce on person (divorce_date) where divorce_date is not null;
create index if not exists person_by_district on person (district);
create index if not exists person_by_locality on person (locality);
create index if not exists person_by_registered on person (registered);
create index if not exists person_by_updated on person (updated);
create index if not exists person_by_parent1 on person (parent1) where parent1 is not null;
create index if not exists person_by_parent2 on person (parent2) where parent2 is not null;
