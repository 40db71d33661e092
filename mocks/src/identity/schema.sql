create table if not exists person (
  uin text primary key,
  given_name text not null,
  family_name text not null,
  birth_date text not null,
  sex text not null,
  phone text,
  email text,
  street text,
  locality text,
  region text,
  postal_code text,
  status text not null default 'ACTIVE',
  deceased_on text,
  deceased_by text,
  names text,
  language text,
  locked text not null default ''
) strict;

-- PINs and passwords, as digests.
create table if not exists secret (
  uin text not null,
  factor text not null,
  secret_digest text not null,
  primary key (uin, factor)
) strict;

-- Virtual numbers that stand for a UIN.
create table if not exists vid (
  vid text primary key,
  uin text not null,
  kind text not null,
  state text not null,
  until text,
  issued text not null
) strict;
create index if not exists vid_by_person on vid (uin, issued);

create table if not exists client (
  id text primary key,
  registration text not null
) strict;

-- A login under way. Tickets, codes and one-time codes are kept as digests: whoever reads this table cannot use them.
create table if not exists login (
  ticket text primary key,
  asked text not null,
  language text not null,
  uin text,
  vid text,
  otp text,
  otp_until text,
  auth_time integer,
  factor text,
  details text,
  until text not null,
  finished integer not null default 0
) strict;
create index if not exists login_by_end on login (until);

-- Wrong one-time codes count for the person, whatever login they were typed into.
create table if not exists otp_lock (
  uin text primary key,
  wrong integer not null,
  locked_until text
) strict;

create table if not exists code (
  code text primary key,
  client text not null,
  redirect_uri text not null,
  challenge text,
  granted text not null,
  until text not null,
  used integer not null default 0
) strict;
create index if not exists code_by_end on code (until);

create table if not exists token (
  id text primary key,
  code text not null,
  granted text not null,
  expires integer not null,
  revoked integer not null default 0
) strict;
create index if not exists token_by_code on token (code);
create index if not exists token_by_end on token (expires);

create table if not exists assertion (
  digest text primary key,
  expires integer not null
) strict;

create table if not exists consent (
  number integer primary key,
  uin text not null,
  client text not null,
  decision text not null,
  claims text not null,
  at text not null
) strict;
create index if not exists consent_by_person on consent (uin, number);

create table if not exists audit (
  number integer primary key,
  uin text not null,
  asker text not null,
  occasion text not null,
  released text not null,
  at text not null
) strict;
create index if not exists audit_by_person on audit (uin, number);

-- One-time codes that partners asked for (MOSIP IDA): bound to the transaction, used once.
create table if not exists ida_otp (
  uin text primary key,
  ident text not null,
  otp text not null,
  until text not null
) strict;

create table if not exists reserved (
  uin text primary key,
  name text not null,
  birth_date text not null
) strict;

-- mock-identity-system: a proof of who somebody is, exchanged once for what it allows to tell.
create table if not exists kyc_token (
  token text primary key,
  uin text not null,
  client text not null,
  ident text not null,
  until text not null
) strict;

-- What mock-identity-system was told about a person besides what the record has.
create table if not exists told_record (
  uin text primary key,
  record text not null
) strict;

-- Paper credentials: one of a kind for a person.
create table if not exists paper (
  id text primary key,
  uin text not null,
  kind text not null,
  issued text not null
) strict;
create unique index if not exists paper_by_person on paper (uin, kind);

-- Deaths as they were noted, with what an annulment puts back.
create table if not exists death (
  uin text primary key,
  date text not null,
  number text not null,
  until text,
  status_before text not null
) strict;

-- What a civil registry left here (MOSIP: partner certificates, packets; WebSub: subscriptions and deliveries).
create table if not exists crvs_partner (
  id text primary key,
  certificate text not null
) strict;
create table if not exists crvs_packet (
  id text primary key,
  process text not null,
  content text not null,
  state text not null,
  uin text,
  traceparent text not null,
  tracestate text not null,
  problem text not null
) strict;
create index if not exists crvs_packet_by_state on crvs_packet (state) where state = 'begun';
create table if not exists hub_subscription (
  client text not null,
  callback text not null,
  secret text not null,
  verified integer not null,
  primary key (client, callback)
) strict;
create table if not exists hub_delivery (
  number integer primary key,
  client text not null,
  callback text not null,
  registration_id text not null,
  subject text not null,
  attempt integer not null,
  open integer not null,
  problem text not null,
  traceparent text not null,
  tracestate text not null
) strict;
create index if not exists hub_delivery_by_open on hub_delivery (open) where open = 1;

-- Laid last, after the people are entered: a sorted build is several times faster than keeping each in order on the way.
create index if not exists person_by_name on person (family_name, given_name);
