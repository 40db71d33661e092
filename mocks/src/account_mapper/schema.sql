create table if not exists account (
  fa text primary key,
  active integer not null
) strict;
create table if not exists holder (
  id text primary key,
  fa text references account (fa),
  name text,
  phone text,
  additional text not null,
  institution text,
  linked_at text not null,
  updated_at text not null
) strict;
create table if not exists outbox (
  number integer primary key,
  address text not null,
  body text not null,
  attempt integer not null,
  cause text not null
) strict;
create table if not exists batch (
  number integer primary key,
  correlation_id text not null unique,
  verb text not null,
  transaction_id text not null,
  sender_id text not null,
  request text not null,
  answer text,
  delivered integer not null
) strict;
create index if not exists batch_by_transaction on batch (transaction_id);
create table if not exists batch_entry (
  correlation_id text not null references batch (correlation_id) on delete cascade,
  reference_id text not null
) strict;
create index if not exists batch_entry_by_reference on batch_entry (reference_id);
create index if not exists batch_entry_by_batch on batch_entry (correlation_id);

-- Laid last, after the people are entered: a sorted build is several times faster than keeping each in order on the way.
create index if not exists holder_by_fa on holder (fa, id);
create index if not exists holder_by_institution on holder (institution, id);
