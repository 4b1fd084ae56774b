// Every node of the documentation that was promised has a page in the tree; two nodes may share one where they are one thing to readers.
import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"

const NODES: Readonly<Record<string, readonly string[]>> = {
  "Getting started": ["explanation/what-is-purser", "explanation/for-users", "explanation/for-developers"],
  "Building your first app": ["tutorials/first-app", "reference/sample-apps", "how-to/test-your-app"],
  "OAuth integration": [
    "explanation/sign-in",
    "reference/scopes",
    "how-to/authorization-code",
    "reference/tokens",
    "explanation/consent",
    "explanation/first-party",
  ],
  "API reference": [
    "reference/authentication",
    "reference/chat-completions",
    "how-to/mcp",
    "how-to/ask-about-your-app",
    "reference/capabilities",
    "reference/errors",
    "reference/limits",
  ],
  "For users": [
    "how-to/your-account",
    "explanation/credits",
    "how-to/authorized-apps",
    "how-to/model-preferences",
    "how-to/your-plan",
  ],
  "Developer portal": [
    "how-to/create-an-app",
    "reference/api-keys",
    "how-to/read-your-analytics",
    "how-to/get-paid",
    "explanation/earnings",
    "how-to/list-your-app",
  ],
  Resources: ["reference/sdks", "reference/changelog", "how-to/get-help"],
  "Admins and operators": [
    "how-to/give-credits",
    "how-to/coupons",
    "how-to/install",
    "reference/configuration",
    "how-to/reverse-proxies",
    "how-to/backups",
    "how-to/upgrade",
    "how-to/move",
    "explanation/limits-of-one-machine",
    "explanation/security",
    "how-to/troubleshooting",
  ],
  "Consumers and publishers": ["how-to/subscribe-to-an-api", "how-to/publish-an-api", "reference/webhooks"],
}

test("every promised node stands in the tree, under a heading", () => {
  const tree = readFileSync(join(import.meta.dir, "../../docs/README.md"), "utf8")
  const missing = Object.values(NODES)
    .flat()
    .filter((path) => !tree.includes(`](${path}.md): `))
  expect(missing).toEqual([])
})
