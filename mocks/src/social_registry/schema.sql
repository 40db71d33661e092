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
