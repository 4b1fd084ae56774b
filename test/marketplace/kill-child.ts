// A server in a process of its own, for tests that kill it: says a word once it listens.
import { startTestServer } from "../build.ts"

const [dataDir = "", port = "", networks = ""] = process.argv.slice(2)
await startTestServer({ dataDir, port: Number(port), env: { PURSER_PRODUCT_NETWORKS: networks } })
process.stdout.write("listens\n")
