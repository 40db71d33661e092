create table if not exists batch (
  id integer primary key,
  face text not null,
  sender text not null,
  transaction_id text not null,
  correlation text not null unique,
  callback text,
  asked text not null,
  payer_account text not null,
  currency text not null,
  block text,
  state text not null,
  attempt integer not null,
  cause text not null
) strict;
create index if not exists batch_by_transaction on batch (sender, transaction_id);
create index if not exists batch_open on batch (state) where state <> 'reported';
create table if not exists bundle (
  id integer primary key,
  batch integer not null references batch (id),
  payee_bank text not null,
  state text not null,
  bulk_quote_id text not null unique,
  bulk_transfer_id text not null unique,
  expiration text,
  paid_minor integer not null,
  failed_minor integer not null,
  is_settled integer not null,
  attempt integer not null,
  cause text not null
) strict;
create index if not exists bundle_by_batch on bundle (batch);
create index if not exists bundle_open on bundle (state) where state <> 'ended' or is_settled = 0;
create table if not exists instruction (
  id integer primary key,
  batch integer not null references batch (id),
  bundle integer references bundle (id),
  reference text not null,
  claim text unique,
  disbursement text not null,
  payee_kind text not null,
  payee_id text not null,
  payee_bank text not null,
  minor integer not null,
  state text not null,
  since text not null,
  reason_code text,
  reason text,
  scheme_code integer,
  quote_id text not null unique,
  transfer_id text not null unique,
  ilp_packet text,
  condition text,
  expiration text,
  attempt integer not null,
  is_settled integer not null,
  cause text not null
) strict;
create index if not exists instruction_by_batch on instruction (batch);
create index if not exists instruction_by_bundle on instruction (bundle);
create index if not exists instruction_by_reference on instruction (reference);
create index if not exists instruction_looking on instruction (payee_kind, payee_id) where state = 'looking_up';
create index if not exists instruction_open on instruction (batch)
  where state in ('received', 'looking_up', 'quoting', 'transferring', 'in_doubt');
create index if not exists instruction_unsettled on instruction (is_settled) where is_settled = 0;
create table if not exists search (
  number integer primary key,
  sender text not null,
  transaction_id text not null,
  correlation text not null,
  answer text not null
) strict;
create index if not exists search_by_sender on search (sender, transaction_id);
create table if not exists validation (
  source text not null,
  batch text not null,
  instruction text not null,
  payee text not null,
  minor integer not null,
  currency text not null,
  narration text,
  failure text,
  primary key (source, batch, instruction)
) strict;
create index if not exists validation_by_batch on validation (batch);
create index if not exists validation_by_instruction on validation (source, instruction);
create table if not exists envelope (
  number integer primary key,
  programme text not null,
  frequency text not null,
  cycle text not null,
  beneficiaries integer not null,
  disbursements integer not null,
  minor integer not null,
  currency text not null,
  day text not null,
  state text not null,
  cause text not null
) strict;
create index if not exists envelope_open on envelope (state) where state in ('open', 'shipping');
create table if not exists filed (
  number integer primary key,
  envelope integer not null references envelope (number),
  mis text not null,
  beneficiary text not null,
  name text not null,
  payee text not null,
  minor integer not null,
  narrative text not null,
  at text not null,
  is_cancelled integer not null
) strict;
create index if not exists filed_by_envelope on filed (envelope);
create index if not exists filed_by_mis on filed (mis);
create table if not exists statement (
  number integer primary key,
  account text not null,
  -- As the bank numbers it, and its part.
  bank_number integer not null,
  sequence integer not null,
  at text not null
) strict;
create table if not exists statement_entry (
  statement integer not null references statement (number),
  place integer not null,
  -- 'remitted', 'reversed', or the code of what is wrong with it.
  finding text not null,
  disbursement text not null,
  bank_reference text not null,
  entry_date text not null,
  value_date text not null,
  reason text not null,
  primary key (statement, place)
) strict;
create index if not exists statement_entry_by_disbursement on statement_entry (disbursement);
