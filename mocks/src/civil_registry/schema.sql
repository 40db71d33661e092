create table if not exists person (
  number integer primary key,
  uin text not null,
  brn text not null,
  mrn text,
  drn text,
  given_name text not null,
  surname text not null,
  sex text not null,
  birth_date text not null,
  birth_place text not null,
  death_date text,
  marital_status text not null,
  region text not null,
  district text not null,
  locality text not null,
  registered text not null,
  record text not null
) strict;
