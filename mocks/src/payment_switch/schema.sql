create table if not exists participant (
  name text primary key,
  id integer not null unique,
  is_active integer not null,
  created text not null
) strict;
create table if not exists account (
  id integer primary key,
  participant text not null references participant (name),
  currency text not null,
  kind text not null,
  unique (participant, currency, kind)
) strict;
create table if not exists account_off (
  account integer primary key references account (id)
) strict;
create table if not exists settlement_model (
  id integer primary key,
  name text not null unique,
  body text not null
) strict;
create table if not exists net_debit_cap (
  participant text not null references participant (name),
  currency text not null,
  minor integer not null,
  alarm_percentage integer not null,
  primary key (participant, currency)
) strict;
create table if not exists endpoint (
  participant text not null references participant (name),
  kind text not null,
  value text not null,
  primary key (participant, kind)
) strict;
create table if not exists signing_key (
  participant text primary key references participant (name),
  jwks text not null
) strict;
create table if not exists party (
  kind text not null,
  identifier text not null,
  part text not null,
  fsp text not null references participant (name),
  primary key (kind, identifier, part)
) strict;
create table if not exists quote (
  uri text primary key,
  hash text not null,
  payer text not null,
  payee text not null,
  answer_path text,
  answer_headers text,
  answer_body text
) strict;
create table if not exists transfer (
  id text primary key,
  hash text not null,
  payer text not null,
  payee text not null,
  currency text not null,
  minor integer not null,
  condition text not null,
  expiration text not null,
  state text not null,
  headers text not null,
  body text not null,
  cause text not null,
  answer_hash text,
  answer_headers text,
  answer_body text,
  fulfilment text,
  tell_payee integer not null,
  completed text,
  error_code integer,
  error_sentence text,
  is_told integer not null,
  bulk text,
  place integer,
  settlement_window integer
) strict;
create index if not exists transfer_by_window on transfer (settlement_window) where settlement_window is not null;
create index if not exists transfer_unfinished on transfer (id) where is_told = 0 and bulk is null;
create index if not exists transfer_by_bulk on transfer (bulk, place) where bulk is not null;
create table if not exists bulk (
  id text primary key,
  hash text not null,
  payer text not null,
  payee text not null,
  expiration text not null,
  state text not null,
  headers text not null,
  body text not null,
  cause text not null,
  is_forwarded integer not null,
  answer_hash text,
  answer_headers text,
  answer_body text,
  completed text,
  error_code integer,
  error_sentence text,
  is_told integer not null
) strict;
create index if not exists bulk_unfinished on bulk (id) where is_told = 0;
create table if not exists bulk_refusal (
  bulk text not null references bulk (id),
  place integer not null,
  transfer text not null,
  error_code integer not null,
  error_sentence text not null,
  primary key (bulk, place)
) strict;
create table if not exists real_expiry (
  uri text primary key
) strict;
create table if not exists funds (
  id text primary key,
  participant text not null references participant (name),
  currency text not null,
  minor integer not null,
  action text not null,
  state text not null
) strict;
create table if not exists settlement (
  id integer primary key,
  model text not null,
  reason text not null,
  state text not null,
  created text not null,
  changed text not null
) strict;
create table if not exists settlement_window (
  id integer primary key,
  state text not null,
  reason text not null,
  created text not null,
  changed text not null,
  settlement integer references settlement (id)
) strict;
create table if not exists settlement_account (
  settlement integer not null references settlement (id),
  account integer not null references account (id),
  net integer not null,
  state text not null,
  reason text not null,
  primary key (settlement, account)
) strict;
create view if not exists ledger_called_for as
  select id || ' reserve' as reference, payer || '/' || currency || '/POSITION' as account,
    case state when 'INVALID' then 0 else minor end as minor from transfer
  union all select id || ' commit', payee || '/' || currency || '/POSITION',
    case state when 'COMMITTED' then -minor else 0 end from transfer
  union all select id || ' give back', payer || '/' || currency || '/POSITION',
    case when state in ('ABORTED_REJECTED', 'ABORTED_ERROR', 'EXPIRED_RESERVED') then -minor else 0 end from transfer
  union all select id, participant || '/' || currency || '/SETTLEMENT', -minor from funds
    where action = 'recordFundsIn'
  union all select id || ' funds out', participant || '/' || currency || '/SETTLEMENT', minor from funds
    where action <> 'recordFundsIn'
  union all select id || ' funds out committed', 'hub/' || currency || '/FUNDS_OUT',
    case state when 'COMMITTED' then minor else 0 end from funds where action <> 'recordFundsIn'
  union all select id || ' funds out aborted', 'hub/' || currency || '/FUNDS_OUT',
    case state when 'ABORTED' then minor else 0 end from funds where action <> 'recordFundsIn';
create view if not exists ledger_untold as
  select reference from ledger_entry e where what in ('reserve', 'commit', 'give back') and not exists
    (select 1 from transfer t where t.id = substr(e.reference, 1, length(e.reference) - length(e.what) - 1))
  union all select reference from ledger_entry e where what in ('funds out', 'funds out committed', 'funds out aborted')
    and not exists
    (select 1 from funds f where f.id = substr(e.reference, 1, length(e.reference) - length(e.what) - 1));
create view if not exists ledger_under_way as
  select 'hub/' || currency || '/RESERVED' as account,
    -sum(case state when 'RESERVED' then minor else 0 end) as minor from transfer group by currency
  union all select 'hub/' || currency || '/FUNDS_OUT',
    -sum(case state when 'RESERVED' then minor else 0 end) from funds group by currency;
