-- A queue for trying out; upstream's own: https://github.com/airbusgeo/geocube/blob/main/interface/messaging/pgqueue/create_table.sql
CREATE TABLE pgq_jobs (
  id SERIAL PRIMARY KEY,
  queue_name TEXT NOT NULL,
  data BYTEA NOT NULL,
  run_after TIMESTAMPTZ NOT NULL,
  retry_waits TEXT[] NOT NULL,
  ran_at TIMESTAMPTZ
);
GRANT SELECT, INSERT, UPDATE, DELETE ON pgq_jobs TO apiserver;
