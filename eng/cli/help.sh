# ./aigc2d help
# shellcheck shell=bash

main() {
    cat <<'TEXT'
./aigc2d up [--detach] [--port N]   installs what is missing, builds, starts the suite, waits until it is ready
                                    ports: N public (default 8080 or AIGC2D_PORT), N+1 admin, N+2 Sandbox, N+3 operator,
                                    N+4 PostgreSQL, N+10 to N+19 RabbitMQ; foreground: Ctrl-C stops everything
./aigc2d down                       stops everything; 0 also when nothing runs
./aigc2d status [--json]            what runs; 0 when everything is healthy, 3 when not
./aigc2d logs [NAME] [--follow]     the last lines of one resource, or of everything
./aigc2d start|stop|restart NAME    one resource: gateway accounts billing moderation adapters sandbox postgres messaging
./aigc2d test [FILTER…]             builds and runs the tests, of projects whose names contain a FILTER; last line: N passed, N failed, N skipped
./aigc2d bench [NAME]               builds and runs a benchmark on servers of its own: holds, screening, statements; without a name, lists them
./aigc2d audit                      checks the ledger of the running suite; 0 clean, 1 violated, 2 cannot connect
./aigc2d moderation train --data DIR [--out FILE] [--seed N]   makes the screening model from labelled files and our corpus
./aigc2d moderation eval FILE…      how well the screening engine does on labelled .jsonl files; --streams, --corpus DIR (docs/moderation.md)
./aigc2d moderation score FILE…     what the screening engine says of each row of .jsonl files; - is standard input
./aigc2d doctor                     checks this machine and says what to do

Addresses and keys of the running suite: . artifacts/local.env
Data live in artifacts/data and survive a restart; remove the folder after ./aigc2d down to start afresh.
AIGC2D_ARTIFACTS_DIR moves both. Infrastructure__Mode=containers|local|external chooses where the servers come from.
TEXT
}
