import { clientRole } from "./databaseConnection";
import { scriptFiles } from "./schemaSource";

/**
 * Brings a database to Geocube's schema, and can be run again at any time: upstream's scripts cannot, so each runs only where what it makes is
 * missing, in one transaction with the note of its version. Connects as libpq's variables say.
 *
 * Arguments: the scripts' folder; the version that `create.sql` makes; the version of tables
 * that are there already, or nothing; then the versions of the updates, ascending.
 */
export const schemaScript = `set -eu
folder=$1 version=$2 adopt=$3
shift 3
# what upstream's scripts make without a schema goes where clients look for it, whoever the administrator is
export PGOPTIONS='-c search_path=public'
run() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 "$@"; }
ask() { run --no-align --tuples-only --command="$1"; }

# a transaction that upstream's text ends itself is ended twice, of which psql only warns
apply() {
  echo "applying $1: version $2"
  run --single-transaction --set=version="$2" --set=script="$1" --file="$folder/$1" --file=- <<'SQL'
INSERT INTO trustplane.geocube_schema (version, script) VALUES (:'version', :'script');
SQL
}

run <<'SQL'
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS trustplane;
CREATE TABLE IF NOT EXISTS trustplane.geocube_schema (
  version text PRIMARY KEY,
  script text NOT NULL,
  applied timestamptz NOT NULL DEFAULT now()
);
SQL

if [ -z "$(ask "SELECT to_regclass('geocube.records')")" ]; then
  run --command='TRUNCATE trustplane.geocube_schema'
  apply ${scriptFiles.create} "$version"
elif [ "$(ask 'SELECT count(*) FROM trustplane.geocube_schema')" = 0 ]; then
  if [ -z "$adopt" ]; then
    echo "the database has Geocube's tables, and nothing says of which version: name it in schema.adopt" >&2
    exit 1
  fi
  run --set=version="$adopt" <<'SQL'
INSERT INTO trustplane.geocube_schema (version, script) VALUES (:'version', 'adopted');
SQL
fi

for update in "$@"; do
  at_least="string_to_array(version, '.')::int[] >= string_to_array('$update', '.')::int[]"
  [ "$(ask "SELECT count(*) FROM trustplane.geocube_schema WHERE $at_least")" = 0 ] || continue
  apply "${scriptFiles.update("$update")}" "$update"
done

run <<'SQL'
SELECT 'CREATE ROLE ${clientRole}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${clientRole}') \\gexec
\\getenv password CLIENT_PASSWORD
ALTER ROLE ${clientRole} LOGIN PASSWORD :'password';
SELECT format('GRANT CONNECT ON DATABASE %I TO ${clientRole}', current_database()) \\gexec
GRANT USAGE ON SCHEMA geocube TO ${clientRole};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA geocube TO ${clientRole};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA geocube TO ${clientRole};
SQL

if [ -f "$folder/${scriptFiles.queue}" ]; then
  if [ -z "$(ask "SELECT to_regclass('pgq_jobs')")" ]; then
    echo "applying ${scriptFiles.queue}"
    run --single-transaction --file="$folder/${scriptFiles.queue}"
  fi
  run <<'SQL'
GRANT SELECT, INSERT, UPDATE, DELETE ON pgq_jobs TO ${clientRole};
GRANT USAGE, SELECT ON SEQUENCE pgq_jobs_id_seq TO ${clientRole};
SQL
fi
echo "the schema is at version $(ask "SELECT version FROM trustplane.geocube_schema ORDER BY string_to_array(version, '.')::int[] DESC LIMIT 1")"
`;
