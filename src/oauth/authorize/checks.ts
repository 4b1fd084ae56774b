// The authorization request, step by step: one check per file, its rules on top of it. Order matters: the first two
// never redirect.
import { checkAcrValues } from "./check-acr-values.ts"
import { checkClaims } from "./check-claims.ts"
import { checkClient } from "./check-client.ts"
import { checkDetails } from "./check-details.ts"
import { checkDpop } from "./check-dpop.ts"
import { checkIdTokenHint } from "./check-id-token-hint.ts"
import { checkLoginHint } from "./check-login-hint.ts"
import { checkMaxAge } from "./check-max-age.ts"
import { checkNonce } from "./check-nonce.ts"
import { checkParameters } from "./check-parameters.ts"
import { checkPkce } from "./check-pkce.ts"
import { checkPrompt } from "./check-prompt.ts"
import { checkPushed } from "./check-pushed.ts"
import { checkRedirectUri } from "./check-redirect-uri.ts"
import { checkRequestObjects } from "./check-request-objects.ts"
import { checkResource } from "./check-resource.ts"
import { checkResponseMode } from "./check-response-mode.ts"
import { checkResponseType } from "./check-response-type.ts"
import { checkScope } from "./check-scope.ts"
import type { Check } from "./request.ts"

// biome-ignore format: an aligned table reads as the protocol
export const CHECKS: readonly Check[] = [
  checkClient,         // who asks                          → error page
  checkRedirectUri,    // where the answer goes             → error page
  checkParameters,     // each once, none absurd            → from here on the client is told
  checkPushed,         // by /par, where the client said so
  checkRequestObjects, // not offered
  checkResponseType,   // code
  checkResponseMode,   // query
  checkPkce,           // S256, always
  checkResource,       // APIs of this server
  checkScope,          // registered by the client, known to the resource
  checkDetails,        // daily limits that it proposes
  checkPrompt,         // none | login consent select_account create
  checkMaxAge,         // seconds
  checkNonce,          // echoed in the ID token
  checkAcrValues,      // how strong a sign-in it would like
  checkClaims,         // single ones, and what they say of acr and sub
  checkIdTokenHint,    // whom the client expects
  checkLoginHint,      // prefill only
  checkDpop,           // whose key redeems the code
]
