create table if not exists ledger_account (
  code text primary key,
  currency text not null,
  balance integer not null
) strict, without rowid;
create table if not exists ledger_entry (
  number integer primary key,
  reference text not null unique,
  what text not null,
  at text not null
) strict;
create table if not exists ledger_leg (
  entry integer not null references ledger_entry (number),
  account text not null references ledger_account (code),
  minor integer not null,
  balance integer not null,
  primary key (account, entry)
) strict, without rowid;
