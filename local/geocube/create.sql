-- A few tables for trying out, where no server runs that would read them. A Geocube in use needs upstream's own script:
-- https://github.com/airbusgeo/geocube/blob/main/interface/database/pg/create.sql
CREATE SCHEMA geocube;
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE geocube.records (id SERIAL PRIMARY KEY, name TEXT NOT NULL, tags HSTORE NOT NULL);
