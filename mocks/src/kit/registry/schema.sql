-- The engine's own tables, in every registry (kit/registry).
create table if not exists message_seen (
  sender text not null,
  message_id text not null,
  -- When it says that it was sent.
  at text not null,
  primary key (sender, message_id)
) strict;
create index if not exists message_seen_by_time on message_seen (at);
create table if not exists txn (
  correlation_id text primary key,
  -- The how-manieth of this registry.
  number integer not null,
  kind text not null,
  transaction_id text not null,
  sender text not null,
  address text not null,
  request text not null,
  strict integer not null,
  state text not null,
  answer text,
  page integer not null default 1,
  attempt integer not null default 0,
  open integer not null,
  problem text not null default '',
  traceparent text not null,
  tracestate text not null,
  places text not null default '{}',
  older integer not null default 0,
  encrypted integer not null default 0,
  -- The name of the message that is delivered now: the same however often it is tried.
  message_id text not null default '',
  at text not null
) strict;
create index if not exists txn_by_name on txn (sender, transaction_id);
create index if not exists txn_by_open on txn (open) where open = 1;
create index if not exists txn_by_number on txn (open, number);
create table if not exists txn_reference (
  reference_id text not null,
  correlation_id text not null,
  primary key (reference_id, correlation_id)
) strict;
create index if not exists txn_reference_by_txn on txn_reference (correlation_id);
-- The subscriptions that a transaction began, ended or told of.
create table if not exists txn_code (
  code text not null,
  correlation_id text not null,
  primary key (code, correlation_id)
) strict;
create index if not exists txn_code_by_txn on txn_code (correlation_id);
create table if not exists subscription (
  code text primary key,
  sender text not null,
  address text not null,
  event text not null,
  identifier text,
  filter text not null,
  item text not null,
  starts integer,
  ends integer,
  older integer not null default 0,
  encrypted integer not null default 0,
  status text not null,
  at text not null
) strict;
create index if not exists subscription_by_event on subscription (event, status, identifier);
create index if not exists subscription_by_sender on subscription (sender, event);
