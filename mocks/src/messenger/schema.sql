create table if not exists sms (
  number integer primary key,
  sender text not null,
  phone text not null,
  text text not null,
  at text not null
) strict;
create index if not exists sms_by_phone on sms (phone, number);
