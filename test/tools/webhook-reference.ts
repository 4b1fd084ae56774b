// `bun test/tools/webhook-reference.ts`: writes the events of docs/reference/webhooks.md anew from the registry.
import { join } from "node:path"
import { webhookReference } from "../../src/webhooks/reference.ts"

const path = join(import.meta.dir, "../../docs/reference/webhooks.md")
await Bun.write(path, webhookReference(await Bun.file(path).text()))
