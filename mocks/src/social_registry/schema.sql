create table if not exists household (
  number integer primary key,
  household_id text not null,
  head integer not null,
  poverty_score real not null,
  size integer not null,
  region text not null,
  district text not null,
  locality text not null,
  registered text not null,
  updated text not null,
  record text not null
) strict;
create table if not exists member (
  number integer primary key,
  household integer not null,
  uin text not null,
  given_name text not null,
  surname text not null,
  sex text not null,
  birth_date text not null,
  marital_status text not null,
  employment text not null,
  disabled integer not null,
  registered text not null,
  updated text not null,
  record text not null
) strict;

-- Laid last, after the people are entered: a sorted build is several times faster than keeping each in order on the way.
create unique index if not exists household_by_id on household (household_id);
create index if not exists household_by_score on household (poverty_score);
create index if not exists household_by_size on household (size);
create index if not exists household_by_region on household (region);
create index if not exists household_by_district on household (district);
create index if not exists household_by_locality on household (locality);
create index if not exists household_by_registered on household (registered);
create index if not exists household_by_updated on household (updated);
create index if not exists household_by_head on household (head);
create index if not exists member_by_household on member (household, number);
create unique index if not exists member_by_uin on member (uin, household);
create index if not exists member_by_name on member (surname, given_name);
create index if not exists member_by_birth on member (birth_date, household);
create index if not exists member_by_updated on member (updated, household);
create index if not exists member_by_disability on member (disabled, household);
