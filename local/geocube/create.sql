-- A few tables for trying out, with a few of upstream's columns. A Geocube in use needs upstream's own script:
-- https://github.com/airbusgeo/geocube/blob/main/interface/database/pg/create.sql
CREATE SCHEMA geocube;
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE geocube.records (id SERIAL PRIMARY KEY, name TEXT NOT NULL, tags HSTORE NOT NULL);
CREATE TABLE geocube.containers (id SERIAL, uri TEXT PRIMARY KEY, managed BOOLEAN NOT NULL);
CREATE TABLE geocube.datasets (id UUID PRIMARY KEY, instance_id UUID NOT NULL, container_uri TEXT NOT NULL REFERENCES geocube.containers);
CREATE TABLE geocube.jobs (id UUID PRIMARY KEY, name TEXT NOT NULL UNIQUE, payload JSONB NOT NULL, state TEXT NOT NULL);
