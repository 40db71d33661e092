create table if not exists enrolment (
  number integer primary key,
  uin text not null,
  programme text not null,
  unit text not null,
  status text not null,
  enrolled text not null,
  birth_date text,
  sex text,
  record text not null
) strict;
create unique index if not exists enrolment_by_person on enrolment (uin, programme);

-- Laid last, after the people are entered: a sorted build is several times faster than keeping each in order on the way.
create index if not exists enrolment_by_programme on enrolment (programme, status);
create index if not exists enrolment_by_status on enrolment (status);
create index if not exists enrolment_by_date on enrolment (enrolled);
create index if not exists enrolment_by_birth on enrolment (birth_date);
create index if not exists enrolment_by_sex on enrolment (sex);
create index if not exists enrolment_by_unit on enrolment (unit);
