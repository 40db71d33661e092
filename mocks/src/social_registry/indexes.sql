-- Laid after the people are entered: a sorted build is several times faster than keeping each in order on the way.
create unique index if not exists household_by_id on household (household_id);
create index if not exists household_by_score on household (poverty_score);
create index if not exists household_by_size on household (size);
create index if not exists household_by_region on household (region);
create index if not exists household_by_district on household (district);
create index if not exists household_by_locality on household (locality);
create index if not exists household_by_registered on household (registered);
create index if not exists household_by_updated on household (updated);
create index if not exists household_by_head on household (head);
create index if not exists member_by_household on member (household, number);
create unique index if not exists member_by_uin on member (uin, household);
create index if not exists member_by_name on member (surname, given_name);
create index if not exists member_by_birth on member (birth_date, household);
create index if not exists member_by_updated on member (updated, household);
create index if not exists member_by_disability on member (disabled, household);
