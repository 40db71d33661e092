create table if not exists farmer (
  number integer primary key,
  uin text not null,
  farmer_id text not null,
  given_name text,
  surname text,
  sex text,
  birth_date text,
  region text,
  district text,
  locality text,
  farm_type text,
  hectares real not null,
  irrigated integer not null,
  registered text not null,
  updated text not null,
  record text not null
) strict;
create unique index if not exists farmer_by_uin on farmer (uin);
create unique index if not exists farmer_by_farmer_id on farmer (farmer_id);
-- A line a plot, to be asked by; sizes in hectares, whatever unit the record has.
create table if not exists plot (
  plot text primary key,
  farmer integer not null,
  hectares real not null,
  tenure text,
  region text
) strict;
create index if not exists plot_by_farmer on plot (farmer);
-- What a crop or a kind of water can be called by: its code, its published name, its variety.
create table if not exists crop_word (farmer integer not null, word text not null) strict;
create index if not exists crop_word_by_farmer on crop_word (farmer);
create table if not exists water_word (farmer integer not null, word text not null) strict;
create index if not exists water_word_by_farmer on water_word (farmer);

-- Laid last, after the people are entered: a sorted build is several times faster than keeping each in order on the way.
create index if not exists farmer_by_name on farmer (surname, given_name);
create index if not exists farmer_by_given_name on farmer (given_name);
create index if not exists farmer_by_birth on farmer (birth_date);
create index if not exists farmer_by_region on farmer (region, hectares);
create index if not exists farmer_by_district on farmer (district);
create index if not exists farmer_by_locality on farmer (locality);
create index if not exists farmer_by_type on farmer (farm_type);
create index if not exists farmer_by_hectares on farmer (hectares);
create index if not exists farmer_by_irrigation on farmer (irrigated);
create index if not exists farmer_by_registered on farmer (registered);
create index if not exists farmer_by_updated on farmer (updated);
create index if not exists plot_by_hectares on plot (hectares, farmer);
create index if not exists plot_by_tenure on plot (tenure, farmer);
create index if not exists plot_by_region on plot (region, farmer);
create index if not exists crop_word_by_word on crop_word (word, farmer);
create index if not exists water_word_by_word on water_word (word, farmer);
