create table if not exists application (
  id text primary key,
  number integer not null unique,
  programme text not null,
  state text not null,
  uin text,
  phone text not null,
  birth_date text,
  record text not null
) strict;
create index if not exists application_by_uin on application (uin);
create index if not exists application_by_phone on application (phone, birth_date);
create table if not exists login (
  state text primary key,
  application text not null references application (id),
  nonce text not null,
  verifier text not null,
  used integer not null default 0
) strict;
create table if not exists consent (
  id text primary key,
  application text not null references application (id),
  purpose text not null,
  sources text not null,
  given_at text not null,
  expires_at text not null
) strict;
create index if not exists consent_by_application on consent (application, id);
create table if not exists fetch (
  number integer primary key,
  application text not null references application (id),
  source text not null,
  question text not null,
  result text not null,
  remark text not null,
  at text not null
) strict;
create table if not exists entitlement (
  id text primary key,
  application text not null references application (id),
  uin text not null,
  programme text not null,
  cycle text not null,
  amount_cents integer not null,
  currency text not null,
  state text not null,
  unique (uin, programme, cycle)
) strict;
create table if not exists payment (
  reference_id text primary key,
  entitlement text not null references entitlement (id),
  application text not null references application (id),
  uin text not null,
  programme text not null,
  cycle text not null,
  amount_cents integer not null,
  currency text not null,
  payee_fa text,
  state text not null,
  remark text not null,
  at text not null
) strict;
create index if not exists payment_by_uin on payment (uin, reference_id);
create index if not exists payment_by_application on payment (application, reference_id);
create table if not exists subscription (
  transaction_id text primary key,
  application text not null references application (id),
  event text not null,
  code text,
  state text not null,
  at text not null
) strict;
create table if not exists notice (
  reference_id text primary key,
  event text not null,
  body text not null,
  at text not null,
  is_followed integer not null default 0
) strict;
create table if not exists duty (
  application text not null references application (id),
  name text not null,
  done_at text not null,
  primary key (application, name)
) strict;
create table if not exists member (
  uin text not null,
  programme text not null,
  name text not null,
  district text not null,
  new_account text,
  primary key (programme, uin)
) strict;
create table if not exists departure (
  number text primary key,
  uin text not null,
  programme text not null,
  reason text not null,
  at text not null,
  unique (programme, uin)
) strict;
create table if not exists pause (
  uin text not null,
  programme text not null,
  reason text not null,
  at text not null,
  primary key (programme, uin)
) strict;
create table if not exists ending (
  uin text not null,
  programme text not null,
  status text not null,
  at text not null,
  is_told integer not null default 0,
  primary key (programme, uin)
) strict;
create table if not exists cycle (
  id text primary key,
  programme text not null,
  month text not null,
  state text not null,
  amount_cents integer not null,
  currency text not null,
  first_officer text,
  second_officer text,
  funds text not null,
  opened_at text not null,
  reconciled text
) strict;
create index if not exists cycle_open on cycle (state) where state in ('verifying', 'approved');
create table if not exists cycle_member (
  cycle text not null references cycle (id),
  place integer not null,
  uin text not null,
  standing text not null,
  remark text not null,
  amount_cents integer not null,
  payee_fa text,
  reference_id text unique,
  attempt integer not null,
  list text,
  scheme_code integer,
  ticket text,
  owner text,
  primary key (cycle, place),
  unique (cycle, uin)
) strict;
create index if not exists cycle_member_by_standing on cycle_member (cycle, standing);
create index if not exists cycle_member_by_list on cycle_member (list);
create table if not exists cycle_failure (
  reference_id text primary key,
  cycle text not null references cycle (id),
  place integer not null
) strict;
create table if not exists cycle_ending (
  reference_id text primary key,
  at text not null
) strict;
create index if not exists cycle_failure_by_cycle on cycle_failure (cycle, place);
create table if not exists cycle_question (
  transaction_id text primary key,
  cycle text not null references cycle (id),
  first_place integer not null,
  last_place integer not null,
  is_answered integer not null
) strict;
create table if not exists cycle_list (
  transaction_id text primary key,
  cycle text not null references cycle (id),
  attempt integer not null,
  payments integer not null,
  total_cents integer not null,
  state text not null,
  hub_list text
) strict;
