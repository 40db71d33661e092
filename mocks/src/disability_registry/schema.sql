create table if not exists certificate (
  number integer primary key,
  uin text not null,
  given_name text,
  surname text,
  sex text,
  birth_date text,
  region text,
  district text,
  locality text,
  status text not null,
  level text,
  transport text,
  housing text,
  registered text not null,
  updated text not null,
  record text not null
) strict;
create unique index if not exists certificate_by_uin on certificate (uin);
-- What a certificate lists several of, a line each, to be asked by.
create table if not exists impairment (
  certificate integer not null,
  kind text,
  level text,
  cause text,
  onset text
) strict;
create index if not exists impairment_by_certificate on impairment (certificate);
create table if not exists support (
  certificate integer not null,
  kind text not null,
  status text
) strict;
create index if not exists support_by_certificate on support (certificate);

-- Laid last, after the people are entered: a sorted build is several times faster than keeping each in order on the way.
create index if not exists certificate_by_status on certificate (status, level);
create index if not exists certificate_by_level on certificate (level);
create index if not exists certificate_by_name on certificate (surname, given_name);
create index if not exists certificate_by_given_name on certificate (given_name);
create index if not exists certificate_by_birth on certificate (birth_date);
create index if not exists certificate_by_region on certificate (region);
create index if not exists certificate_by_district on certificate (district);
create index if not exists certificate_by_locality on certificate (locality);
create index if not exists certificate_by_transport on certificate (transport);
create index if not exists certificate_by_housing on certificate (housing);
create index if not exists certificate_by_registered on certificate (registered);
create index if not exists certificate_by_updated on certificate (updated);
create index if not exists impairment_by_kind on impairment (kind, certificate);
create index if not exists impairment_by_level on impairment (level, certificate);
create index if not exists impairment_by_cause on impairment (cause, certificate);
create index if not exists impairment_by_onset on impairment (onset, certificate);
create index if not exists support_by_kind on support (kind, certificate);
