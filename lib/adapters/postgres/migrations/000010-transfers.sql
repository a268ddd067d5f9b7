-- What is too large for one request or one answer of the RDS Data API travels in parts (data-api-driver.ts). A worker's
-- role may use these functions too: whoever knows a transfer's random id may read it.
create unlogged table headrace.transfers (
  transfer_id uuid not null,
  part integer not null,
  body bytea not null,
  created_at bigint not null,
  primary key (transfer_id, part)
);
create index transfers_by_created_at on headrace.transfers (created_at);

-- Stores one part, also when it is sent twice. Parts of over an hour ago belong to nobody any more.
create function headrace.put_transfer(p_transfer_id uuid, p_part integer, p_body bytea) returns void
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
begin
  delete from transfers where (transfer_id, part) in (
    select transfer_id, part from transfers where created_at < now_ms() - 3600000 limit 100 for update skip locked);
  insert into transfers (transfer_id, part, body, created_at) values (p_transfer_id, p_part, p_body, now_ms())
    on conflict (transfer_id, part) do update set body = excluded.body, created_at = excluded.created_at;
end $$;

-- A text that was put in parts 1 to p_parts. One that is gone (an hour late, or the database failed over) is put anew by
-- the caller who tries again: hence the code of a failure that passes.
create function headrace.transferred_text(p_transfer_id uuid, p_parts integer) returns text
language plpgsql stable security definer
set search_path = headrace, pg_temp
as $$
declare
  v_count integer;
  v_body bytea;
begin
  select count(*), string_agg(body, ''::bytea order by part) into v_count, v_body
    from transfers where transfer_id = p_transfer_id and part between 1 and p_parts;
  if v_count <> p_parts then
    raise exception '% of the % parts of transfer % are gone', p_parts - v_count, p_parts, p_transfer_id using errcode = '40001';
  end if;
  return convert_from(v_body, 'UTF8');
end $$;

-- Pieces of 48,000 bytes: 64,000 characters of Base64 in a row that may have 65,536 bytes.
create function headrace.transfer_pieces(p_body bytea) returns setof bytea
language sql immutable
as $$
  select substring(p_body from i + 1 for 48000) from generate_series(0, greatest(length(p_body) - 1, 0), 48000) i
$$;

-- Answers the records as one JSON array: its size in bytes and the pieces of its first 720,000 bytes, which are 960,000
-- characters of Base64 in an answer that may have 1 MiB. What comes after them is kept in parts of that size.
create function headrace.answer(p_transfer_id uuid, p_records text[]) returns table (size integer, piece bytea)
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
declare
  v_body bytea := convert_to('[' || coalesce(array_to_string(p_records, ',', 'null'), '') || ']', 'UTF8');
begin
  for v_part in 1..(length(v_body) - 1) / 720000 loop
    perform put_transfer(p_transfer_id, v_part, substring(v_body from v_part * 720000 + 1 for 720000));
  end loop;
  return query select length(v_body), p from transfer_pieces(substring(v_body for 720000)) p;
end $$;

-- The pieces of one of the parts that an answer left.
create function headrace.get_transfer(p_transfer_id uuid, p_part integer) returns setof bytea
language sql stable security definer
set search_path = headrace, pg_temp
as $$
  select transfer_pieces(body) from transfers where transfer_id = p_transfer_id and part = p_part
$$;

revoke execute on function
  headrace.put_transfer(uuid, integer, bytea),
  headrace.transferred_text(uuid, integer),
  headrace.transfer_pieces(bytea),
  headrace.answer(uuid, text[]),
  headrace.get_transfer(uuid, integer)
from public;
revoke select, insert, update, delete on headrace.transfers from headrace_app;
grant execute on function
  headrace.put_transfer(uuid, integer, bytea),
  headrace.transferred_text(uuid, integer),
  headrace.answer(uuid, text[]),
  headrace.get_transfer(uuid, integer)
to headrace_app, headrace_worker;
