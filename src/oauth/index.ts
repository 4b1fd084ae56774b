// The door of `oauth`: the OAuth 2.1 / OpenID Connect authorization server. It knows no HTTP and no pages.
export type { Oauth } from "./api.ts"
export { createOauth } from "./create.ts"
export { OAUTH_LIMITS } from "./limits.ts"
export { oauthPart } from "./part.ts"
export { AI_SCOPES, DEFAULT_DAILY_LIMIT, IDENTITY_SCOPES, isAiScope, isScope, SCOPES } from "./scopes.ts"
export { DOCUMENT_HOSTS, DOCUMENTS, REGISTRATION } from "./settings.ts"
export { TRIAL_DAILY } from "./token/trial.ts"
export type * from "./types.ts"
