create table if not exists account (
  number text primary key,
  kind text not null,
  given text not null,
  family text not null,
  birth_date text,
  phone text,
  standing text not null
) strict;
create index if not exists account_by_phone on account (phone);
create table if not exists quote (
  id text primary key,
  hash text not null,
  account text not null references account (number),
  payer text not null,
  currency text not null,
  minor integer not null,
  ilp_packet text not null,
  condition text not null unique,
  fulfilment text not null,
  expiration text not null
) strict;
create table if not exists incoming (
  transfer text primary key,
  hash text not null,
  account text not null references account (number),
  payer text not null,
  currency text not null,
  minor integer not null,
  fulfilment text not null,
  state text not null,
  reserved text not null,
  expiration text not null,
  cause text not null,
  bulk text
) strict;
create index if not exists incoming_by_bulk on incoming (bulk) where bulk is not null;
create table if not exists bulk (
  uri text primary key,
  hash text not null,
  body text not null
) strict;
create index if not exists incoming_by_fulfilment on incoming (fulfilment);
create index if not exists incoming_open on incoming (state) where state = 'reserved';
create table if not exists outgoing (
  id text primary key,
  quote text not null unique,
  asked_by text,
  account text not null references account (number),
  kind text not null,
  identifier text not null,
  currency text not null,
  minor integer not null,
  note text,
  state text not null,
  bank text,
  ilp_packet text,
  condition text,
  expiration text,
  why text,
  cause text not null,
  reverses text,
  unique (account, asked_by)
) strict;
create unique index if not exists outgoing_reversing on outgoing (reverses) where reverses is not null and state <> 'failed';
create index if not exists outgoing_open on outgoing (kind, identifier) where state not in ('paid', 'failed');
create table if not exists narrative (
  payment text not null references outgoing (id),
  place integer not null,
  line text not null,
  primary key (payment, place)
) strict;
create table if not exists block (
  reference text primary key,
  asked_by text unique,
  account text not null references account (number),
  currency text not null,
  minor integer not null
) strict;
create view if not exists ledger_called_for as
  select transfer as reference, 'customer/' || account || '/' || currency as account,
    case state when 'credited' then minor else 0 end as minor from incoming
  union all select id || ' sent', 'customer/' || account || '/' || currency, -minor from outgoing
  union all select id || ' returned', 'customer/' || account || '/' || currency,
    case state when 'failed' then minor else 0 end from outgoing;
-- A payment's id has 36 characters in the name of an entry, and the step follows.
create view if not exists ledger_untold as
  select e.reference from ledger_leg l join ledger_entry e on e.number = l.entry
    where l.account like 'scheme/%' and l.minor < 0
    and not exists (select 1 from incoming i where i.transfer = e.reference)
  union all select e.reference from ledger_leg l join ledger_entry e on e.number = l.entry
    where l.account like 'outgoing/%'
    and not exists (select 1 from outgoing o where o.id = substr(e.reference, 1, 36));
create view if not exists ledger_under_way as
  select 'outgoing/' || currency as account,
    sum(case when state in ('paid', 'failed') then 0 else minor end) as minor from outgoing group by currency;
