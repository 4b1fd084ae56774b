#!/usr/bin/env bun
// argv → verb. One verb, one file in src/cli/. Exit codes: 0 ok, 1 fault, 2 usage, 3 already running, 4 newer database.
import "./cli/many-calls.ts"
import { runCli } from "./cli/index.ts"

// What this process makes is nobody else's to read: database, log, copies, locks, exports.
process.umask(0o077)
process.exitCode = await runCli(process.argv.slice(2))
