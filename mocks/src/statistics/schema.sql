create table if not exists event (
  number integer primary key,
  indicator text not null,
  programme text,
  period text not null,
  region text,
  district text,
  sex text,
  age_group text,
  value integer not null,
  amount_cents integer not null,
  source text unique
) strict;
create index if not exists event_by_indicator on event (indicator, period);
