// Servers that are weak towards apps that came by themselves, and devices.
import { type Mutant, one } from "./weaken.ts"

export const WEAK_AGENTS: readonly Mutant[] = [
  {
    lets: "a device's code approved with the page that another person opened (CVE-2026-45337)",
    edits: [
      {
        file: "src/oauth/authorize/interaction.ts",
        from: "opened !== null && input.browserIds.some((id) => sha256Hex(id) === opened.browserHash)",
        to: "opened !== null",
      },
      {
        file: "src/oauth/authorize/endpoint.ts",
        from: 'if (!user || step.kind === "login" || interaction.shownTo !== user.id) {',
        to: 'if (!user || step.kind === "login") {',
      },
    ],
  },
  one(
    "an empty secret of a client that registered itself (CVE-2026-44476)",
    "src/oauth/client/authenticate.ts",
    "  } else if (secret === null) {",
    "  } else if (!secret) {\n    return client\n  } else if (secret === null) {",
  ),
]
