create table if not exists jobseeker (
  number integer primary key,
  uin text not null,
  given_name text,
  surname text,
  sex text,
  birth_date text,
  region text,
  district text,
  locality text,
  status text not null,
  reason text,
  registered text not null,
  updated text not null,
  enrolment text not null,
  record text not null
) strict;
create unique index if not exists jobseeker_by_uin on jobseeker (uin);
-- A line for each job that somebody had, to be asked by.
create table if not exists job (
  jobseeker integer not null,
  started text,
  ended text,
  title text,
  employer text,
  kind text
) strict;
create index if not exists job_by_jobseeker on job (jobseeker);

-- Laid last, after the people are entered: a sorted build is several times faster than keeping each in order on the way.
create index if not exists jobseeker_by_status on jobseeker (status);
create index if not exists jobseeker_by_reason on jobseeker (reason);
create index if not exists jobseeker_by_name on jobseeker (surname, given_name);
create index if not exists jobseeker_by_given_name on jobseeker (given_name);
create index if not exists jobseeker_by_birth on jobseeker (birth_date);
create index if not exists jobseeker_by_region on jobseeker (region);
create index if not exists jobseeker_by_district on jobseeker (district);
create index if not exists jobseeker_by_locality on jobseeker (locality);
create index if not exists jobseeker_by_registered on jobseeker (registered);
create index if not exists jobseeker_by_updated on jobseeker (updated);
create index if not exists job_by_start on job (started, jobseeker);
create index if not exists job_by_end on job (ended, jobseeker);
create index if not exists job_by_title on job (title, jobseeker);
create index if not exists job_by_employer on job (employer, jobseeker);
create index if not exists job_by_kind on job (kind, jobseeker);
