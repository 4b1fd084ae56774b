// Servers that answer a browser for the wrong page.
import { type Mutant, one } from "./weaken.ts"

export const WEAK_FEDCM: readonly Mutant[] = [
  one(
    "an assertion for a page of another site (FedCM)",
    "src/oauth/fedcm/request.ts",
    "const redirectUri = waiting.params.redirect_uri ?? uriAt(known, waiting.origin)",
    "const redirectUri = known.redirectUris[0]!\n  Object.assign(waiting, { origin: originOf(redirectUri) })",
  ),
  one(
    "an assertion asked by a page, not by the browser (FedCM)",
    "src/sites/auth/protocol-fedcm.ts",
    "    requireBrowser(request)\n",
    "",
  ),
  one(
    "an assertion for who never said yes (FedCM)",
    "src/oauth/fedcm/fedcm.ts",
    'if (step.kind !== "done") return null',
    "",
  ),
]
