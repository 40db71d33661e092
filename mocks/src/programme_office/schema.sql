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
  at text not null
) strict;
create table if not exists duty (
  application text not null references application (id),
  name text not null,
  done_at text not null,
  primary key (application, name)
) strict;
