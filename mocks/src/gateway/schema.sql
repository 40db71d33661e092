create table if not exists client (
  client_id text primary key,
  title text not null,
  secret_sha256 text not null,
  scopes text not null
) strict;
create table if not exists location (
  code text primary key,
  name text not null,
  kind text not null,
  within text references location (code)
) strict;
