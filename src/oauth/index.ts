// The door of `oauth`: the OAuth 2.1 / OpenID Connect authorization server. It knows no HTTP and no pages.

export { type Challenged, challengeOf } from "./access/challenge.ts"
export type { FindResource, ProtectedResource } from "./access/resources.ts"
export type { Oauth } from "./api.ts"
export { redirectUriAllowed, redirectUriProblem } from "./client/redirect-uri.ts"
export { CONSOLE_KEY, isClosed } from "./client/rules.ts"
export { isWider, opensTools } from "./consent/tools.ts"
export { createOauth } from "./create.ts"

export { SIGNING_ALGS, type SigningAlg } from "./keys/algs.ts"
export type { SigningKeyView } from "./keys/keys.ts"
export { OAUTH_LIMITS } from "./limits.ts"
export { oauthPart } from "./part.ts"
export { ACCOUNT_SCOPES, AI_SCOPES, DEFAULT_DAILY_LIMIT, isAccountScope, isAiScope, isScope, SCOPES } from "./scopes.ts"
export { APP_REVIEWS, CONSENT_DAYS, DOCUMENTS, REGISTRATION, ROTATE_DAYS, SHARE_MAX } from "./settings.ts"
export { TRIAL_DAILY } from "./token/trial.ts"
export type * from "./types.ts"
