// `bun test/tools/cli-reference.ts`: writes docs/reference/cli.md anew from the verbs.
import { join } from "node:path"
import { cliReference } from "../../src/cli/reference.ts"

await Bun.write(join(import.meta.dir, "../../docs/reference/cli.md"), cliReference())
